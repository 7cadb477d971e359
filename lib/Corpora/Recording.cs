using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>One recording of a corpus: its path, device and sentence, without its samples.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Device">Name of the device (the class), spelt as in the data.</param>
/// <param name="Sentence">
/// What was recorded. Recordings of the same sentence have the same words and are always on the same side of a split.
/// </param>
/// <param name="Hash">SHA-256 of the file (<see cref="ContentHash"/>).</param>
/// <param name="SampleRate">Sampling rate (Hz).</param>
/// <param name="DurationSeconds">Duration in seconds.</param>
/// <param name="Speaker">Name of the speaker, or null if unknown.</param>
public sealed record Recording(
    string Path, string Device, string Sentence, string Hash, int SampleRate, double DurationSeconds, string? Speaker = null);
