using System.Globalization;
using DeviceId.Evaluation;
using DeviceId.Experiments;

namespace DeviceId.Reporting;

/// <summary>Tables of many systems on equal terms (<see cref="PaperComparison.Systems"/>).</summary>
internal static class SystemTable
{
    /// <summary>An answer that takes longer (ms) is marked, because a user will ask why.</summary>
    private const double SlowMilliseconds = 50;

    /// <param name="result">The experiment's results.</param>
    /// <param name="fileFacts">What file facts alone reach; null if that was not measured.</param>
    /// <param name="hidden">HTML for programs that read the table.</param>
    public static ResultTable Create(ExperimentResult result, FileFactsResult? fileFacts, Func<string> hidden)
    {
        string[] headings =
            ["system", "segments (%)", "recordings (%)", "difference (points)", "an answer (ms)", "size", "splits", "source"];
        var table = new ResultTable(result.Experiment.Title, headings) { Hidden = hidden };
        foreach (var row in result.Variants)
            table.Row(row.Variant.Name, Estimate.FromProportion(row.MeanSegments, OverDevices(row.Segments)),
                Estimate.FromProportion(row.MeanRecordings, OverDevices(row.Recordings)), Difference(row, result.Reference),
                new Number(row.SampleMilliseconds, "F1"), Size(row.Trials[0]),
                row.Trials.Select(trial => trial.Split).Distinct().Count(), row.Variant.Source);
        if (fileFacts?.Accuracy() is { } facts)
            table.Row(FileFactsResult.RowName, new Missing("by recording only"), Estimate.FromProportion(facts.Value, facts.Interval),
                new Missing("no model"), null, "", null, "");
        var slow = result.Variants.Where(row => row.SampleMilliseconds > SlowMilliseconds).Select(row => row.Variant.Name).ToList();
        var slowNote = slow.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
            $" Slower than {SlowMilliseconds} ms: {string.Join(", ", slow)}.");
        var factsNote = fileFacts is null ? "" : $" {FileFactsResult.Note}";
        return table.WithNote("An exploration: 95 % intervals by bootstrap over devices, no p-values. Difference: to the first row, by "
            + "segment (by recording if the segments differ in length), on the items that both answered. An answer: one segment from its "
            + $"samples in memory to its scores. Splits: how many were run.{slowNote}{factsNote}");
    }

    public static ResultTable Conditions(ExperimentResult result)
    {
        var (systems, conditions) = (Systems(result), Names(result));
        var table = new ResultTable($"{result.Experiment.Title}: segments named rightly (%)", ["system", .. conditions]);
        foreach (var (name, rows) in systems)
            table.Row([name, .. conditions.Select(condition => rows.GetValueOrDefault(condition) is { } row
                ? (object)Estimate.FromProportion(row.MeanSegments, OverDevices(row.Segments)) : new Missing("not run"))]);
        return table.WithNote("95 % intervals by bootstrap over devices. Segments of another length are other test items.");
    }

    public static Figure ConditionChart(ExperimentResult result)
    {
        var (systems, conditions) = (Systems(result), Names(result));
        var complete = systems.Where(system => conditions.All(system.Rows.ContainsKey)).ToList();
        var series = conditions.Select(condition =>
        {
            var rows = complete.Select(system => system.Rows[condition]).ToList();
            var intervals = rows.Select(row => (Value: row.MeanSegments, Interval: OverDevices(row.Segments))).ToList();
            return new IntervalSeries(condition, [.. intervals.Select(i => Points(i.Value))],
                [.. intervals.Select(i => Math.Max(0, Points(i.Value - i.Interval.Low)))],
                [.. intervals.Select(i => Math.Max(0, Points(i.Interval.High - i.Value)))]);
        });
        var chance = 100.0 / result.Reference.Trials[0].Devices.Count;
        return Charts.Ranking(result.Experiment.Title, "segments named rightly (%), 95 % interval over devices",
            [.. complete.Select(system => system.Name)], [.. series], ("chance", Math.Round(chance, 1)));
    }

    private static double Points(double proportion) => Math.Round(100 * proportion, 2);

    private static List<(string Name, Dictionary<string, VariantResult> Rows)> Systems(ExperimentResult result) =>
    [
        .. result.Variants.GroupBy(row => row.Variant.System ?? row.Variant.Name)
            .Select(group => (group.Key, group.ToDictionary(row => row.Variant.Condition))),
    ];

    private static List<string> Names(ExperimentResult result) => [.. result.Variants.Select(row => row.Variant.Condition).Distinct()];

    /// <summary>McNemar's test of each pair, Holm-corrected over the table.</summary>
    public static ResultTable Tests(ExperimentResult result, IReadOnlyList<(string First, string Second)> pairs)
    {
        var comparisons = pairs.Select(pair => result[pair.First].Against(result[pair.Second])).ToList();
        var adjusted = Holm.Adjust([.. comparisons.Select(comparison => comparison.Test.PValue)]);
        var table = new ResultTable("Comparisons named beforehand", "first", "second", "difference (points)", "p");
        foreach (var (i, pair) in pairs.Index())
            table.Row(pair.First, pair.Second, Estimate.FromDifference(comparisons[i]), new PValue(adjusted[i]));
        return table.WithNote("First minus second, by segment (by recording if the segments differ in length), on the items that both "
            + "answered; 95 % intervals by bootstrap over recordings; p: exact McNemar, Holm-corrected over this table.");
    }

    public static ResultTable? Searches(ExperimentResult result)
    {
        var searched = result.Variants.Where(row => row.Trials.Any(trial => trial.Search is not null)).ToList();
        if (searched.Count == 0)
            return null;
        var table = new ResultTable("What was searched", "system", "settings tried", "chosen (splits)", "inner accuracy, chosen (%)",
            "worst (%)", "one search (s)");
        foreach (var row in searched)
        {
            var searches = row.Trials.Select(trial => trial.Search).OfType<SearchOutcome>().ToList();
            var chosen = searches.CountBy(search => search.Chosen).OrderByDescending(pair => pair.Value)
                .Select(pair => $"{pair.Key} ({pair.Value})");
            table.Row(row.Variant.Name, string.Join(", ", searches[0].Rows.Select(candidate => candidate.Name)), string.Join(", ", chosen),
                new Number(100 * searches.Average(search => Mean(search.Rows.Single(r => r.Name == search.Chosen))), "F1"),
                new Number(100 * searches.Average(search => search.Rows.Min(Mean)), "F1"),
                new Number(searches.Average(search => search.Seconds), "F0"));
        }

        return table.WithNote("Each training sentence was held out in turn; the settings with the highest mean accuracy by segment were "
            + "chosen (of equal ones the first). No test recording was used.");
    }

    private static double Mean(SearchRow row) => row.Accuracies.DefaultIfEmpty(0).Average();

    private static Interval OverDevices(IReadOnlyList<Answer> answers) => ClusterBootstrap.AccuracyInterval(answers, overDevices: true);

    private static object Difference(VariantResult row, VariantResult reference)
    {
        if (row == reference)
            return new Missing("reference");
        var byRecording = row.Variant.HasOtherSegments || reference.Variant.HasOtherSegments;
        var (own, other) = byRecording ? (row.Recordings, reference.Recordings) : (row.Segments, reference.Segments);
        var interval = ClusterBootstrap.DifferenceInterval(own, other, overDevices: true);
        var test = McNemar.Test(own, other);
        var difference = (test.OnlyFirst - test.OnlySecond) / (double)Math.Max(1, test.Items);
        var remark = byRecording ? "by recording" : "";
        return Estimate.FromProportion(difference, interval) with { Format = Estimate.SignedFormat, Remark = remark };
    }

    /// <summary>"15,583,089 parameters" of a network, "1.2 MB" of another system; empty if it is not known.</summary>
    private static string Size(TrialResult trial) => trial switch
    {
        { Parameters: { } count } => string.Create(CultureInfo.InvariantCulture, $"{count:N0} parameters"),
        { ModelBytes: { } bytes } => string.Create(CultureInfo.InvariantCulture,
            $"{(bytes < 1_000_000 ? bytes / 1e3 : bytes / 1e6):0.0} {(bytes < 1_000_000 ? "kB" : "MB")}"),
        _ => "",
    };
}
