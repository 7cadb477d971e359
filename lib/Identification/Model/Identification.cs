using System.Text.Json.Serialization;

namespace DeviceId.Identification;

/// <summary>What a model says of a recording.</summary>
/// <param name="Candidates">All devices, the likeliest first; their probabilities hold where one of them made the recording.</param>
/// <param name="Strip">
/// The same for each segment in its order; what is left behind the last whole segment, shorter than one, was not looked at.
/// </param>
/// <param name="SegmentSeconds">Length of a segment (s).</param>
/// <param name="SplicedSegments">The devices along the segments; several where the recording may have been spliced.</param>
/// <param name="Comparisons">
/// Each device beside the recording, in the order of the candidates; empty where the model knows too few devices to say.
/// </param>
/// <param name="FalseAlarms">
/// The share of recordings of unknown devices that look at least as much like a known one as this recording looks like its first candidate;
/// null where the model knows too few devices to say.
/// </param>
public sealed record Identification(
    IReadOnlyList<Candidate> Candidates, IReadOnlyList<IReadOnlyList<Candidate>> Strip, double SegmentSeconds,
        IReadOnlyList<SplicedSegment> SplicedSegments, IReadOnlyList<DeviceComparison> Comparisons, double? FalseAlarms)
{
    /// <summary>The share of false alarms that is accepted where nothing else is said.</summary>
    public const double UsualFalseAlarms = 0.05;

    /// <summary>The device's name, or null for "none of these".</summary>
    /// <param name="falseAlarms">The share of recordings of unknown devices that may be named, in [0, 1].</param>
    public string? Answer(double falseAlarms = UsualFalseAlarms) => FalseAlarms > falseAlarms ? null : Candidates[0].Device;
}

/// <summary>A device that may have made a recording.</summary>
/// <param name="Device">Its name.</param>
/// <param name="Probability">
/// Calibrated, in [0, 1]; all candidates' together are 1: it holds only where one of them made the recording.
/// </param>
public readonly record struct Candidate(string Device, double Probability);

/// <summary>A recording beside one device: was it this one?</summary>
/// <param name="Device">The device's name.</param>
/// <param name="Similarity">See <see cref="WccnCosineScorer.Similarities"/>; in [-1, 1].</param>
/// <param name="LogRatio">
/// Natural logarithm of the likelihood ratio: that it was this device against that it was one nobody has seen.
/// </param>
public readonly record struct DeviceComparison(string Device, [property: JsonPropertyName("likeness")] double Similarity, double LogRatio);

/// <summary>A part of a recording that one device made.</summary>
/// <param name="Device">Its name.</param>
/// <param name="From">Where it begins (s).</param>
/// <param name="To">Where it ends (s).</param>
public readonly record struct SplicedSegment(string Device, double From, double To);
