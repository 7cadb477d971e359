using System.Text.Json.Serialization;

namespace DeviceId.Identification;

/// <summary>A model's answer about a recording.</summary>
/// <param name="Candidates">
/// All devices, the most probable first. The probabilities assume that one of these devices made the recording.
/// </param>
/// <param name="Strip">
/// Candidates of each segment, in temporal order. Samples after the last whole segment are not used.
/// </param>
/// <param name="SegmentSeconds">Length of a segment (s).</param>
/// <param name="SplicedSegments">The device of each stretch of the recording; more than one stretch if it may have been spliced.</param>
/// <param name="Comparisons">
/// The recording compared with each device, in the order of the candidates; empty if the model knows too few devices.
/// </param>
/// <param name="FalseAlarms">
/// The proportion of recordings of unknown devices that are at least as similar to a known device as this recording is to its first
/// candidate; null if the model knows too few devices.
/// </param>
public sealed record Identification(
    IReadOnlyList<Candidate> Candidates, IReadOnlyList<IReadOnlyList<Candidate>> Strip, double SegmentSeconds,
    IReadOnlyList<SplicedSegment> SplicedSegments, IReadOnlyList<DeviceComparison> Comparisons, double? FalseAlarms)
{
    /// <summary>The default of the accepted false-alarm rate.</summary>
    public const double DefaultFalseAlarms = 0.05;

    /// <summary>The device's name, or null for "none of these".</summary>
    /// <param name="falseAlarms">
    /// Accepted false-alarm rate: the proportion of recordings of unknown devices that may be named, in [0, 1].
    /// </param>
    public string? Answer(double falseAlarms = DefaultFalseAlarms) => FalseAlarms > falseAlarms ? null : Candidates[0].Device;
}

/// <summary>A device that may have made a recording.</summary>
/// <param name="Device">Its name.</param>
/// <param name="Probability">
/// Calibrated, in [0, 1]; the candidates' probabilities sum to 1. It assumes that one of the candidates made the recording.
/// </param>
public readonly record struct Candidate(string Device, double Probability);

// JsonPropertyName: written answers keep the property's older name.
/// <summary>Comparison of a recording with one device: did this device make it?</summary>
/// <param name="Device">The device's name.</param>
/// <param name="Similarity">See <see cref="WccnCosineScorer.Similarities"/>; in [-1, 1].</param>
/// <param name="LogRatio">
/// Natural logarithm of the likelihood ratio: this device made the recording, against an unknown device made it.
/// </param>
public readonly record struct DeviceComparison(string Device, [property: JsonPropertyName("likeness")] double Similarity, double LogRatio);

/// <summary>A stretch of a recording that one device made.</summary>
/// <param name="Device">Name of the device.</param>
/// <param name="From">Start (s).</param>
/// <param name="To">End (s).</param>
public readonly record struct SplicedSegment(string Device, double From, double To);
