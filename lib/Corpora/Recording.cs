using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>One recording as the corpus knows it: where it lies, which device made it, what was said. Never its samples.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Device">Name of the device (the class), spelt as in the data.</param>
/// <param name="Sentence">What was recorded: recordings that share it hold the same words and never stand on both sides of a split.</param>
/// <param name="Hash">SHA-256 of the file (<see cref="ContentHash"/>).</param>
/// <param name="SampleRate">Samples per second (Hz).</param>
/// <param name="DurationSeconds">Length in seconds.</param>
/// <param name="Speaker">Who speaks, where the corpus says so; else null.</param>
public sealed record Recording(
    string Path, string Device, string Sentence, string Hash, int SampleRate, double DurationSeconds, string? Speaker = null);
