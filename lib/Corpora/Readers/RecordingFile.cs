namespace DeviceId.Corpora;

/// <summary>A file that a layout treats as a recording, before it is read.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Device">Name of the device.</param>
/// <param name="Sentence">What was recorded.</param>
/// <param name="Speaker">Name of the speaker, or null if unknown.</param>
internal sealed record RecordingFile(string Path, string Device, string Sentence, string? Speaker = null);
