using DeviceId.Evaluation;
using DeviceId.Experiments;

namespace DeviceId.Reporting;

/// <summary>
/// Accuracies of an experiment's variants; those after half of the epochs are compared with those after all in a second panel.
/// </summary>
internal static class AccuracyChart
{
    private const int Decimals = 1;

    public static Figure Draw(ExperimentResult result)
    {
        var halves = Halves(result);
        var whole = result.Variants.Except(halves.Select(pair => pair.Half)).ToList();
        // In words: a line at 2 % would squeeze accuracies above 90 %.
        var chance = 100.0 / result.Reference.Trials[0].Devices.Count;
        var accuracy = new Axis(FormattableString.Invariant($"accuracy (%), 95 % interval; by guessing {chance:0.0}"));
        var ranking = RankingChart.Draw(accuracy, [.. whole.Select(v => v.Variant.Name)],
        [
            Series("segments", whole, v => v.MeanSegments, v => v.SegmentInterval),
            Series("recordings", whole, v => v.MeanRecordings, v => v.RecordingInterval),
        ], reference: null);
        if (halves.Count == 0)
            return RankingChart.Figure(result.Experiment.Title, ranking);
        double[] rows = [.. halves.Select((_, row) => (double)row)];
        var dumbbells = RankingChart.Dumbbells(new Axis("accuracy by segment (%)"), [.. halves.Select(pair => pair.Whole.Variant.Name)],
            new Series("segments, half the epochs", rows, [.. halves.Select(pair => Points(pair.Half.MeanSegments))]),
            new Series("segments", rows, [.. halves.Select(pair => Points(pair.Whole.MeanSegments))]));
        return RankingChart.Figure(result.Experiment.Title, ranking, dumbbells with { Title = "Half the epochs, and all of them" });
    }

    /// <summary>Variants with the same training, one of which is read half way.</summary>
    private static List<(VariantResult Half, VariantResult Whole)> Halves(ExperimentResult result) =>
    [
        .. from whole in result.Variants
           from half in result.Variants
           where half.Variant.Output == TrialOutput.HalfWay(whole.Variant.Output) && half.Trials[0].Key == whole.Trials[0].Key
           select (half, whole),
    ];

    private static IntervalSeries Series(string name, IReadOnlyList<VariantResult> variants, Func<VariantResult, double> mean,
        Func<VariantResult, Interval> interval) =>
        new(name, [.. variants.Select(v => Points(mean(v)))], [.. variants.Select(v => Math.Max(0, Points(mean(v) - interval(v).Low)))],
            [.. variants.Select(v => Math.Max(0, Points(interval(v).High - mean(v))))]);

    private static double Points(double proportion) => Math.Round(100 * proportion, Decimals);
}
