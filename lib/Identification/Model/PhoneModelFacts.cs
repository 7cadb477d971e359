using System.Text.Json.Serialization;
using DeviceId.Corpora;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

// JsonPropertyName: model files keep the property's older name.
/// <summary>Facts of a model's training: data, devices, environment.</summary>
/// <param name="Corpus">Name of the corpus.</param>
/// <param name="Fingerprint">Fingerprint of the recordings' contents.</param>
/// <param name="IsSimulated">Whether the recordings are simulated; such a model knows no real phone.</param>
/// <param name="Devices">Names of the devices; a device's position is its class index.</param>
/// <param name="Recordings">Number of recordings.</param>
/// <param name="Seconds">Total duration (s).</param>
/// <param name="Statistics">Ranges of the recording statistics.</param>
/// <param name="Environment">Machine and software of the training.</param>
internal sealed record PhoneModelFacts(
    string Corpus, string Fingerprint, bool IsSimulated, IReadOnlyList<string> Devices, int Recordings, double Seconds,
    [property: JsonPropertyName("traits")] TrainingStatistics Statistics, RunEnvironment Environment)
{
    /// <summary>Collects the facts of a training.</summary>
    /// <param name="corpus">The training recordings.</param>
    /// <param name="statistics">Ranges of their statistics.</param>
    /// <param name="device">Compute device of the training.</param>
    public static PhoneModelFacts Describe(Corpus corpus, TrainingStatistics statistics, Device device) => new(
        corpus.Name, corpus.Fingerprint, corpus.IsSimulated, corpus.Devices, corpus.Recordings.Count,
        Math.Round(corpus.Recordings.Sum(r => r.DurationSeconds), 3), statistics, RunEnvironment.Here(device));
}
