using System.Text.Json.Serialization;
using DeviceId.Corpora;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>What a model was trained on, and where.</summary>
/// <param name="Corpus">Name of the recordings.</param>
/// <param name="Fingerprint">Of their contents.</param>
/// <param name="IsSimulated">Whether they were made by the workbench: then the model knows no real phone.</param>
/// <param name="Devices">Names; a device's position is its class.</param>
/// <param name="Recordings">How many.</param>
/// <param name="Seconds">Their length together.</param>
/// <param name="Statistics">What the recordings were like.</param>
/// <param name="Environment">What it was trained on.</param>
internal sealed record PhoneModelFacts(
    string Corpus, string Fingerprint, bool IsSimulated, IReadOnlyList<string> Devices, int Recordings, double Seconds,
        [property: JsonPropertyName("traits")] TrainingStatistics Statistics, RunEnvironment Environment)
{
    /// <summary>The facts of a corpus.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="traits">What they are like.</param>
    /// <param name="device">Where the model was trained.</param>
    public static PhoneModelFacts Describe(Corpus corpus, TrainingStatistics traits, Device device) => new(
        corpus.Name, corpus.Fingerprint, corpus.IsSimulated, corpus.Devices, corpus.Recordings.Count,
            Math.Round(corpus.Recordings.Sum(r => r.DurationSeconds), 3), traits, RunEnvironment.Here(device));
}
