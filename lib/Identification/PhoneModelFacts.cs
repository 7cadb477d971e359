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
/// <param name="SampleRates">All rates (Hz), ascending.</param>
/// <param name="Environment">What it was trained on.</param>
public sealed record PhoneModelFacts(
    string Corpus, string Fingerprint, bool IsSimulated, IReadOnlyList<string> Devices, int Recordings, double Seconds, IReadOnlyList<int> SampleRates, RunEnvironment Environment)
{
    /// <summary>The facts of a corpus.</summary>
    public static PhoneModelFacts Of(Corpus corpus, Device device) => new(
        corpus.Name, corpus.Fingerprint, corpus.IsSimulated, corpus.Devices, corpus.Recordings.Count, Math.Round(corpus.Recordings.Sum(r => r.DurationSeconds), 3),
        [.. corpus.Recordings.Select(r => r.SampleRate).Distinct().Order()], RunEnvironment.Here(device));
}
