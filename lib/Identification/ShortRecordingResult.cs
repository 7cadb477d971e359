namespace DeviceId.Identification;

/// <summary>An answer about the beginning of a recording whose device is known.</summary>
/// <param name="Seconds">Its length (s).</param>
/// <param name="Answer">What was said of it.</param>
internal readonly record struct ShortRecordingResult(double Seconds, IdentificationResult Answer);
