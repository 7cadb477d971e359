using DeviceId.Evaluation;

namespace DeviceId.Experiments;

/// <summary>A variant's trials, taken together.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Trials">Its trials: every split, every seed.</param>
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
    /// 95 % interval of the accuracy by segment; whole recordings are drawn anew (<see cref="ClusterBootstrap"/>, also on where that is too
    /// narrow).
    /// </summary>
    public Interval SegmentInterval => ClusterBootstrap.AccuracyInterval(Segments);

    /// <summary>95 % interval of the accuracy by recording: Wilson's, of as many recordings.</summary>
    /// <remarks>
    /// Recordings drawn anew would give too narrow an interval where nearly all are right. With several seeds a recording's answers, which
    /// resemble one another, count as one: wide rather than narrow.
    /// </remarks>
    public Interval RecordingInterval =>
        Interval.WilsonOfProportion(Accuracy.Compute(Recordings).Value, Recordings.DistinctBy(answer => answer.Recording).Count());

    /// <summary>Milliseconds for one segment: the median of the trials.</summary>
    public double SampleMilliseconds => TimesOf(times => times.SampleMilliseconds).Median;

    /// <summary>The least, the median and the greatest of the trials' times.</summary>
    /// <param name="time">Which.</param>
    public (double Least, double Median, double Greatest) TimesOf(Func<TrialTimes, double> time)
    {
        var all = Trials.Select(trial => time(trial.Times)).Order().ToList();
        return (all[0], all[(all.Count - 1) / 2], all[^1]);
    }

    /// <summary>Compares with another variant: by segment, or by recording where the segments are others.</summary>
    public Comparison Against(VariantResult other) =>
        Variant.HasOtherSegments != other.Variant.HasOtherSegments || Variant.HasOtherSegments
            ? Comparison.Compute(Recordings, other.Recordings) : Comparison.Compute(Segments, other.Segments);
}
