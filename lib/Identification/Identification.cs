namespace DeviceId.Identification;

/// <summary>What a model says of a recording.</summary>
/// <param name="Candidates">All devices, the likeliest first; their probabilities hold where one of them made the recording.</param>
/// <param name="Strip">The same for each segment in its order; what is left behind the last whole segment, shorter than one, was not looked at.</param>
/// <param name="SegmentSeconds">Length of a segment (s).</param>
/// <param name="SplicedSegments">The devices along the segments; several where the recording may have been spliced.</param>
/// <param name="Comparisons">Each device beside the recording, in the order of the candidates; empty where the model knows too few devices to say.</param>
/// <param name="FalseAlarms">
/// The share of recordings of unknown devices that look at least as much like a known one as this recording looks like its first candidate; null where
/// the model knows too few devices to say.
/// </param>
public sealed record Identification(
    IReadOnlyList<Candidate> Candidates, IReadOnlyList<IReadOnlyList<Candidate>> Strip, double SegmentSeconds, IReadOnlyList<SplicedSegment> SplicedSegments, IReadOnlyList<DeviceComparison> Comparisons, double? FalseAlarms)
{
    /// <summary>The share of false alarms that is accepted where nothing else is said.</summary>
    public const double UsualFalseAlarms = 0.05;

    /// <summary>The device's name, or null for "none of these".</summary>
    /// <param name="falseAlarms">The share of recordings of unknown devices that may be named, in [0, 1].</param>
    public string? Answer(double falseAlarms = UsualFalseAlarms) => FalseAlarms > falseAlarms ? null : Candidates[0].Device;
}
