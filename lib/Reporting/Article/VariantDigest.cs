using DeviceId.Experiments;

namespace DeviceId.Reporting;

/// <summary>A variant's results, as far as the article of a report needs them.</summary>
/// <param name="Name">Name of the variant.</param>
/// <param name="Output">The output that answers.</param>
/// <param name="Segments">Accuracy by segment (%), mean of the trials.</param>
/// <param name="Recordings">Accuracy by recording (%), mean of the trials.</param>
/// <param name="Difference">Variant minus reference, with the unadjusted p-value; null for the reference itself.</param>
/// <param name="IsByRecording">Whether the difference is of recordings, because the segments differ.</param>
/// <param name="Parameters">Number of trainable parameters; null for systems without a network.</param>
/// <param name="Trials">What each trial cost.</param>
internal sealed record VariantDigest(
    string Name, string Output, double Segments, double Recordings, DifferenceDigest? Difference, bool IsByRecording, long? Parameters,
    IReadOnlyList<TrialDigest> Trials)
{
    /// <summary>Costs relative to the reference's, measured in turn; null if they were not.</summary>
    public MeasuredRatios? Measured { get; init; }

    /// <summary>Two variants of the same identity, perhaps of different experiments, are the same trials and answers.</summary>
    public string Identity => $"{string.Join(' ', Trials.Select(trial => trial.Key))} {Output}";

    public static VariantDigest Create(VariantResult row, VariantResult? reference, CostResult? costs)
    {
        var comparison = reference is null ? null : row.Against(reference);
        return new(row.Variant.Name, row.Variant.Output, 100 * row.MeanSegments, 100 * row.MeanRecordings,
            comparison is null ? null : DifferenceDigest.Create(comparison, comparison.Test.PValue), row.Variant.HasOtherSegments,
            row.Trials[0].Parameters, [.. row.Trials.Select(trial => TrialDigest.Create(trial, row.Variant.Output))])
        {
            Measured = reference is null ? null : MeasuredRatios.Create(costs?.Find(row), costs?.Find(reference)),
        };
    }
}

/// <summary>Costs of a variant over those of the reference, one ratio for each round of a measurement in turn.</summary>
/// <param name="Segment">One segment.</param>
/// <param name="Training">One training.</param>
internal sealed record MeasuredRatios(IReadOnlyList<double> Segment, IReadOnlyList<double> Training)
{
    /// <summary>The ratios of two variants; null if one was not measured.</summary>
    public static MeasuredRatios? Create(CostRow? row, CostRow? reference) => row is null || reference is null ? null
        : new(row.Over(reference, costs => costs.SegmentMilliseconds), row.Over(reference, costs => costs.TrainingSeconds));
}

/// <summary>What a trial cost.</summary>
/// <param name="Key">The trial's key.</param>
/// <param name="Pair">Split, seed and machine: the costs of two variants are compared between trials that share all of these.</param>
/// <param name="TrainingSeconds">Training of the system, up to the epoch that its answers are of.</param>
/// <param name="SegmentMilliseconds">One segment, from its samples in memory to its scores.</param>
internal sealed record TrialDigest(string Key, string Pair, double TrainingSeconds, double SegmentMilliseconds)
{
    public static TrialDigest Create(TrialResult trial, string output) => new(
        trial.Key, $"{trial.Split}, seed {trial.Seed}, {trial.Environment.Machine}, {trial.Environment.Device}, "
            + $"{trial.Environment.Threads} threads", TrainingTime.Seconds(trial, output), trial.Times.SampleMilliseconds);
}
