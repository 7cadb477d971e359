using DeviceId.Experiments;
using DeviceId.Training;

namespace DeviceId.Reporting;

/// <summary>
/// Learning curves, mean over the trials and band from minimum to maximum: training loss, and accuracy on held-out samples where it was
/// stored. Variants with the same training are drawn once.
/// </summary>
internal static class LearningCurvesChart
{
    private const int HeightPixels = 320;
    private const string Title = "Learning curves: mean of the splits, band from minimum to maximum";

    public static Figure Draw(ExperimentResult result)
    {
        var trained = result.Variants.Where(v => v.Trials[0].Epochs.Count > 0).DistinctBy(v => v.Trials[0].Key).ToList();
        var losses = trained.Select(row => Curve(row, epoch => epoch.Loss, decimals: 6)).OfType<Series>().ToList();
        var accuracies = trained.Select(row => Curve(row, epoch => 100 * epoch.HeldOutAccuracy, decimals: 2)).OfType<Series>().ToList();
        var (epoch, loss, accuracy) =
            (new Axis("epoch"), new Axis("training loss (nats)") { IsLogarithmic = true }, new Axis("held-out accuracy (%)"));
        if (losses.Count > Charts.MaxLinesTogether)
            return Join(SmallMultiples.Draw(Title, epoch, loss, losses),
                accuracies.Count > 1 ? SmallMultiples.Draw(Title, epoch, accuracy, accuracies) : null);
        Panel[] panels = accuracies.Count == 0 ? [Charts.LinesPanel(epoch, loss, losses)]
            : [Charts.LinesPanel(epoch, loss, losses), Charts.LinesPanel(epoch, accuracy, accuracies)];
        return new Figure(Title, panels, HeightPixels) { Columns = panels.Length };
    }

    /// <summary>A variant's values at the epochs for which all trials have them; null if there are none.</summary>
    private static Series? Curve(VariantResult row, Func<EpochResult, double?> value, int decimals)
    {
        var epochs = row.Trials[0].Epochs.Select((e, index) => (
            Number: (double)e.Epoch, Values: row.Trials.Select(t => index < t.Epochs.Count ? value(t.Epochs[index]) : null).ToList()));
        var complete = epochs.Where(e => e.Values.All(v => v is not null))
            .Select(e => (e.Number, Values: e.Values.Select(v => v!.Value).ToList())).ToList();
        double[] Summarise(Func<List<double>, double> summary) => [.. complete.Select(e => Math.Round(summary(e.Values), decimals))];
        return complete.Count == 0 ? null : new Series(row.Variant.Name, [.. complete.Select(e => e.Number)], Summarise(v => v.Average()))
        {
            Band = row.Trials.Count > 1 ? (Summarise(v => v.Min()), Summarise(v => v.Max())) : null,
        };
    }

    /// <summary>One figure below the other.</summary>
    private static Figure Join(Figure upper, Figure? lower)
    {
        if (lower is null)
            return upper;
        var blanks = Enumerable.Repeat(Panel.Blank, (upper.Columns - (upper.Panels.Count % upper.Columns)) % upper.Columns);
        return new Figure(Title, [.. upper.Panels, .. blanks, .. lower.Panels], upper.HeightPixels + lower.HeightPixels)
        {
            Columns = upper.Columns,
        };
    }
}
