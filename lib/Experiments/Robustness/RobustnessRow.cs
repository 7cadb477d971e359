using DeviceId.Evaluation;

namespace DeviceId.Experiments;

/// <summary>Answers of one system under one condition, over all held-out sentences.</summary>
/// <param name="Condition">The condition, as in the first held-out sentence: its segments are those of that sentence only.</param>
/// <param name="System">The system.</param>
/// <param name="Segments">Answers to all segments.</param>
/// <param name="Recordings">Answers to all recordings with at least one segment.</param>
internal sealed record RobustnessRow(
    RobustnessCondition Condition, RobustnessSystem System, IReadOnlyList<Answer> Segments, IReadOnlyList<Answer> Recordings)
{
    /// <summary>Accuracy by segment.</summary>
    public Accuracy BySegment => Accuracy.Compute(Segments);

    /// <summary>Accuracy by recording, with a Wilson interval.</summary>
    public Accuracy ByRecording => Accuracy.Compute(Recordings);

    /// <summary>95 % interval of the accuracy by segment, by cluster bootstrap over recordings.</summary>
    public Interval SegmentInterval => ClusterBootstrap.AccuracyInterval(Segments);
}
