namespace DeviceId.Corpora;

/// <summary>A recording that was left out of a corpus.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Reason">Why it was left out.</param>
public sealed record SkippedRecording(string Path, string Reason);
