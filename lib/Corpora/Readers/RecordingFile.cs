namespace DeviceId.Corpora;

/// <summary>A file that a layout takes for a recording, before it has been read.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Device">Name of the device.</param>
/// <param name="Sentence">What was recorded.</param>
/// <param name="Speaker">Who speaks, or null.</param>
internal sealed record RecordingFile(string Path, string Device, string Sentence, string? Speaker = null);
