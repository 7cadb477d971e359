using DeviceId.Evaluation;

namespace DeviceId.Experiments;

/// <summary>Results of all trials of a variant.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Trials">Results of its trials: every split with every seed.</param>
internal sealed record VariantResult(Variant Variant, IReadOnlyList<TrialResult> Trials)
{
    /// <summary>Answers to all test segments.</summary>
    public IReadOnlyList<Answer> Segments { get; } = [.. Trials.SelectMany(trial => trial.Segments(Variant.Output))];

    /// <summary>Answers to all test recordings.</summary>
    public IReadOnlyList<Answer> Recordings { get; } = [.. Trials.SelectMany(trial => trial.WholeRecordings(Variant.Output))];

    /// <summary>Mean accuracy over splits and seeds, by segment, in [0, 1].</summary>
    public double MeanSegments => Trials.Average(trial => Accuracy.Compute(trial.Segments(Variant.Output)).Value);

    /// <summary>Mean accuracy over splits and seeds, by recording, in [0, 1].</summary>
    public double MeanRecordings => Trials.Average(trial => Accuracy.Compute(trial.WholeRecordings(Variant.Output)).Value);

    /// <summary>
    /// 95 % interval of the accuracy by segment, by cluster bootstrap over recordings (see <see cref="ClusterBootstrap"/> for its limits).
    /// </summary>
    public Interval SegmentInterval => ClusterBootstrap.AccuracyInterval(Segments);

    /// <summary>95 % Wilson interval of the accuracy by recording, over the number of recordings.</summary>
    /// <remarks>
    /// A bootstrap over recordings would be too narrow where nearly all answers are correct. With several seeds, the correlated answers to
    /// a recording count as one, which errs on the wide side.
    /// </remarks>
    public Interval RecordingInterval =>
        Interval.WilsonOfProportion(Accuracy.Compute(Recordings).Value, Recordings.DistinctBy(answer => answer.Recording).Count());

    /// <summary>Milliseconds per segment: the median of the trials.</summary>
    public double SampleMilliseconds => TimeRange(trial => trial.Times.SampleMilliseconds).Median;

    /// <summary>Minimum, median and maximum of a time over the trials.</summary>
    /// <param name="time">Selects the time.</param>
    public (double Min, double Median, double Max) TimeRange(Func<TrialResult, double> time)
    {
        var all = Trials.Select(time).Order().ToList();
        return (all[0], all[(all.Count - 1) / 2], all[^1]);
    }

    /// <summary>Compares with another variant: by segment, or by recording if the segments of one differ from the reference's.</summary>
    public Comparison Against(VariantResult other) =>
        Variant.HasOtherSegments != other.Variant.HasOtherSegments || Variant.HasOtherSegments
            ? Comparison.Compute(Recordings, other.Recordings) : Comparison.Compute(Segments, other.Segments);
}
