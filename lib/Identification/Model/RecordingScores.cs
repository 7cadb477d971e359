namespace DeviceId.Identification;

/// <summary>What a model computes from a recording before calibration.</summary>
/// <param name="Rows">Uncalibrated probabilities (segment, device); at least one segment.</param>
/// <param name="Spectrum">See <see cref="PhoneModel.Spectrum"/>; zeros if it was not asked for.</param>
/// <param name="SegmentSeconds">Length of a segment (s).</param>
/// <param name="Seconds">Length of the recording (s).</param>
internal sealed record RecordingScores(IReadOnlyList<float[]> Rows, double[] Spectrum, double SegmentSeconds, double Seconds);
