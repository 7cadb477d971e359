using DeviceId.Evaluation;

namespace DeviceId.Experiments;

/// <summary>One system under one condition, all held-out sentences together.</summary>
/// <param name="Condition">What was done, from one of the sentences: its numbers of segments are that sentence's.</param>
/// <param name="System">The system.</param>
/// <param name="Segments">Answers to all segments.</param>
/// <param name="Recordings">Answers to all recordings that have a segment.</param>
internal sealed record RobustnessRow(
    RobustnessCondition Condition, RobustnessSystem System, IReadOnlyList<Answer> Segments, IReadOnlyList<Answer> Recordings)
{
    /// <summary>By segment.</summary>
    public Accuracy BySegment => Accuracy.Compute(Segments);

    /// <summary>By recording; its interval is Wilson's.</summary>
    public Accuracy ByRecording => Accuracy.Compute(Recordings);

    /// <summary>95 % interval by segment; whole recordings are drawn anew.</summary>
    public Interval SegmentInterval => ClusterBootstrap.AccuracyInterval(Segments);
}
