using System.Globalization;

namespace DeviceId.Reporting;

/// <summary>The costs of all variants, compared trial by trial.</summary>
/// <param name="experiments">The experiments of the report.</param>
internal sealed class CostTables(IReadOnlyList<ExperimentDigest> experiments)
{
    /// <summary>How the costs are compared, and how much equal trainings differ on these machines.</summary>
    public string Method()
    {
        var distinct = experiments.SelectMany(experiment => experiment.Variants).DistinctBy(variant => variant.Identity)
            .Where(variant => variant.Trials.Count > 1).ToList();
        var noise = distinct.Count == 0 ? "Each variant was trained once, so nothing is known about the noise of the machine."
            : string.Create(CultureInfo.InvariantCulture,
                $"Noise of the machine: of trials with equal settings, the slowest takes {Noise(distinct, t => t.TrainingSeconds):0.0} "
                + $"times as long to train as the fastest and {Noise(distinct, t => t.SegmentMilliseconds):0.0} times as long to answer "
                + $"(median of {distinct.Count} variants).");
        return "Times are medians of the trials (minimum to maximum), and include whatever else the machine did. A ratio compares trials "
            + "of the same held-out split, seed and machine, variant over reference: median (minimum to maximum); where the costs of an "
            + "experiment were measured in turn (run --experiment ID --costs), it compares rounds of that measurement. Where the "
            + "ratios lie on both sides of 1, the difference is said to be noise. One segment: from its samples in memory to its scores, "
            + "after warm-up. Half the epochs: the time of the first half of the same trainings. " + noise;
    }

    /// <summary>A table for each experiment.</summary>
    public IReadOnlyList<ResultTable> Tables() => [.. experiments.Select(Table)];

    private static ResultTable Table(ExperimentDigest experiment)
    {
        var table = new ResultTable($"Costs: {experiment.Title}", "variant", "parameters", "one segment (ms)", "over the reference's",
            "one training (s)", "over the reference's", "trials");
        var reference = experiment.Variants[0];
        foreach (var variant in experiment.Variants)
            table.Row(
                variant.Name, variant.Parameters is { } count ? new Number(count, "N0") : null,
                Times(variant, trial => trial.SegmentMilliseconds),
                Ratio(variant, reference, trial => trial.SegmentMilliseconds, measured => measured.Segment),
                Times(variant, trial => trial.TrainingSeconds),
                Ratio(variant, reference, trial => trial.TrainingSeconds, measured => measured.Training),
                variant.Trials.Count);
        return table;
    }

    private static object Times(VariantDigest variant, Func<TrialDigest, double> time) => Summary([.. variant.Trials.Select(time)], "F1");

    private static object Summary(IReadOnlyList<double> values, string format)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 1 ? new Number(sorted[0], format)
            : new MedianWithRange(sorted[(sorted.Count - 1) / 2], sorted[0], sorted[^1]) { Format = format };
    }

    /// <summary>The ratios measured in turn if there are any, else those of stored trials.</summary>
    private static object Ratio(VariantDigest variant, VariantDigest reference, Func<TrialDigest, double> time,
        Func<MeasuredRatios, IReadOnlyList<double>> measured) => variant == reference ? new Missing("reference")
        : RatioCell(variant.Measured is { } inTurn ? measured(inTurn) : Ratios(variant, reference, time));

    private static List<double> Ratios(VariantDigest variant, VariantDigest reference, Func<TrialDigest, double> time) =>
    [
        .. variant.Trials
            .Join(reference.Trials, own => own.Pair, other => other.Pair, (own, other) => (Own: time(own), Other: time(other)))
            .Where(pair => pair is { Own: > 0, Other: > 0 }).Select(pair => pair.Own / pair.Other),
    ];

    /// <summary>A ratio with its range; if it is above 1 in one round and below in another, it is called noise.</summary>
    internal static object RatioCell(IReadOnlyList<double> ratios)
    {
        if (ratios.Count == 0)
            return new Missing("no pair");
        return ratios.Min() < 1 && ratios.Max() > 1
            ? new Missing(FormattableString.Invariant($"noise ({ratios.Min():0.00} to {ratios.Max():0.00})")) : Summary(ratios, "F2");
    }

    /// <summary>Slowest over fastest trial of equal settings, median of the variants.</summary>
    private static double Noise(List<VariantDigest> variants, Func<TrialDigest, double> time)
    {
        var ratios = variants.Select(variant => variant.Trials.Select(time).ToList()).Where(times => times.Min() > 0)
            .Select(times => times.Max() / times.Min()).Order().ToList();
        return ratios.Count == 0 ? 1 : ratios[(ratios.Count - 1) / 2];
    }
}
