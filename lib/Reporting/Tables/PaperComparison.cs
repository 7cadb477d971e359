using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Foundation;

namespace DeviceId.Reporting;

/// <summary>
/// Tables and charts of an experiment: the paper's results, our measurements, and verdicts on the paper's statements.
/// </summary>
public sealed class PaperComparison
{
    private const string Rule =
        "Intervals: 95 %; ours for segments and differences by bootstrap over whole recordings (2000 samples), for recordings by Wilson's "
        + "formula; the paper's from its 5,760 test samples, assumed independent. Difference: to the first row, on the same test items. "
        + "p: exact McNemar, Holm-corrected over the table. Verdicts follow a fixed rule (class Verdict).";

    private const int Decimals = 2;

    private static readonly Missing NotStated = new("not stated");

    private readonly ExperimentResult _result;
    private readonly TrialStore? _store;
    private readonly string? _profile;
    private readonly FileFactsResult? _fileFacts;
    private readonly CostResult? _costs;
    private readonly string _id;
    private readonly Lazy<IReadOnlyList<ClaimResult>> _claims;

    /// <param name="result">The experiment's results.</param>
    /// <param name="store">Store of the trials' scores; null for none.</param>
    /// <param name="profile">Name of the profile of the trials, for the command that repeats them; null if it is not known.</param>
    /// <param name="fileFacts">What file facts alone reach on the same recordings; null if that was not measured.</param>
    /// <param name="costs">Costs measured in turn; null if they were not.</param>
    internal PaperComparison(
        ExperimentResult result, TrialStore? store = null, string? profile = null, FileFactsResult? fileFacts = null,
        CostResult? costs = null) =>
        (_result, _store, _profile, _fileFacts, _costs, _id, _claims) =
            (result, store, profile, fileFacts, costs, result.Experiment.Id, new(() => ClaimResult.All(result)));

    /// <summary>Table with one row per variant.</summary>
    public ResultTable Table() => _result.Experiment.IsExploratory ? Systems() : Variants();

    private ResultTable Variants()
    {
        // Experiments that are not in the paper have no columns for it.
        var isInPaper = _result.Experiment.PaperTable is not null;
        var table = new ResultTable(
            isInPaper ? $"{_result.Experiment.Title}: the paper's {_result.Experiment.PaperTable} and ours" : _result.Experiment.Title,
            isInPaper ? ["variant", "paper (%)", "segments (%)", "recordings (%)", "difference (points), p", "verdict on the paper"]
                : ["variant", "segments (%)", "recordings (%)", "difference (points), p"])
        {
            Hidden = Digest,
        };
        void Row(VariantResult row, object difference, object? verdict) => table.Row([
            row == _result.Reference ? row.Variant.Name : Name(row), .. isInPaper ? [Published(row)] : Array.Empty<object>(),
            Segments(row), Recordings(row), difference, .. isInPaper ? [verdict] : Array.Empty<object?>(),
        ]);
        var others = _result.Variants.Skip(1).ToList();
        var comparisons = others.Select(row => row.Against(_result.Reference)).ToList();
        var adjusted = Holm.Adjust([.. comparisons.Select(c => c.Test.PValue)]);
        Row(_result.Reference, new Missing("reference"), null);
        for (var i = 0; i < others.Count; i++)
        {
            var claim = Claim(others[i]);
            var remark = others[i].Variant.HasOtherSegments ? "by recording" : "";
            var difference = Estimate.FromDifference(comparisons[i]) with { PValue = new(adjusted[i]), Remark = remark };
            Row(others[i], difference, claim is null ? NotStated : Verdict.Describe(claim, comparisons[i], adjusted[i]));
        }

        if (_fileFacts is null)
            return table.WithNote($"{Rule} {Source}");
        table.Row([
            FileFactsResult.RowName, .. isInPaper ? [NotStated] : Array.Empty<object>(), new Missing("by recording only"),
            FileFacts(_fileFacts), new Missing("no model"), .. isInPaper ? [null] : Array.Empty<object?>(),
        ]);
        return table.WithNote($"{Rule} {FileFactsResult.Note} {Source}");
    }

    /// <summary>
    /// Table with one row per statement of the paper that can be tested with the variants at hand; null if there is none.
    /// </summary>
    public ResultTable? Claims()
    {
        if (_claims.Value.Count == 0)
            return null;
        var table = new ResultTable("The paper's statements and our verdicts", "the paper says", "compared", "ours (points)", "p",
            "verdict");
        foreach (var result in _claims.Value)
            table.Row(
                result.Claim.Statement, $"{result.Claim.First} against {result.Claim.Second}",
                Estimate.FromDifference(result.Ours), new PValue(result.AdjustedP), result.Verdict.Words);
        return table.WithNote("Differences in accuracy by segment (by recording if the segments differ in length), first minus second, "
            + "with 95 % intervals; p: exact McNemar, Holm-corrected over this table.");
    }

    /// <summary>
    /// Table of many systems, for exploration: intervals over devices and no p-values, because so many comparisons would find differences
    /// by chance; what an answer costs; where each system comes from.
    /// </summary>
    public ResultTable Systems() => SystemTable.Create(_result, _fileFacts, Digest);

    /// <summary>Tests of comparisons that were named before the measurement, the p-values corrected for their number.</summary>
    /// <param name="comparisons">Names of two variants each.</param>
    /// <exception cref="ArgumentException">A variant was not run.</exception>
    public ResultTable Tests(params (string First, string Second)[] comparisons) => SystemTable.Tests(_result, comparisons);

    /// <summary>Accuracy by segment of each system (rows) under each condition (columns), with intervals over devices.</summary>
    public ResultTable Conditions() => SystemTable.Conditions(_result);

    /// <summary>The same as a picture: one colour for each condition.</summary>
    public INotebookValue ConditionChart() => SystemTable.ConditionChart(_result);

    /// <summary>What was searched for each system, and what was chosen on each split; null if nothing was searched.</summary>
    public ResultTable? Searches() => SystemTable.Searches(_result);

    /// <summary>Table of the costs of inference and training; with ratios to the reference if they were measured in turn.</summary>
    public ResultTable Costs()
    {
        var reference = _costs?.Find(_result.Reference);
        string[] headings = ["variant", "parameters", "one segment (ms)", "one training (s)", "trials"];
        var table = new ResultTable("Costs", reference is null ? headings : [.. headings, "a segment, over the reference's",
            "a training, over the reference's"]);
        foreach (var row in _result.Variants)
        {
            object?[] cells =
            [
                row.Variant.Name, row.Trials[0].Parameters is { } count ? new Number(count, "N0") : null,
                Times(row, trial => trial.Times.SampleMilliseconds),
                Times(row, trial => TrainingTime.Seconds(trial, row.Variant.Output)), row.Trials.Count,
            ];
            table.Row(reference is null ? cells : [.. cells, .. InTurn(row, reference)]);
        }

        var environments = _result.Variants.SelectMany(v => v.Trials)
            .Select(t => $"{t.Environment.Machine}, {t.Environment.Device}, {t.Environment.Threads} threads").Distinct();
        var inTurn = _costs is not null && reference is not null ? " Ratios: all variants measured in turn, "
            + $"{SentenceList.Count(reference.SegmentMilliseconds.Count, "round")} in one process on {_costs.Environment.Machine}; median "
            + "(minimum to maximum), and noise where they lie on both sides of 1." : "";
        return table.WithNote("One segment: from its samples in memory to its scores, after warm-up. Times: median of the trials (minimum "
            + $"to maximum), including other load of the machines. Measured on {string.Join("; ", environments)}.{inTurn}");
    }

    /// <summary>Both ratios of a variant; "not measured" if a part of the settings changed since.</summary>
    private object[] InTurn(VariantResult row, CostRow reference)
    {
        if (row == _result.Reference)
            return [new Missing("reference"), new Missing("reference")];
        return MeasuredRatios.Create(_costs!.Find(row), reference) is { } ratios
            ? [CostTables.RatioCell(ratios.Segment), CostTables.RatioCell(ratios.Training)]
            : [new Missing("not measured"), new Missing("not measured")];
    }

    private string Digest() => ExperimentDigest.Create(_result, _claims.Value, _profile, _costs).ToHtml();

    private static object Times(VariantResult row, Func<TrialResult, double> time)
    {
        var (min, median, max) = row.TimeRange(time);
        return row.Trials.Count == 1 ? new Number(median, "F1") : new MedianWithRange(median, min, max);
    }

    /// <summary>Findings in sentences generated from the results.</summary>
    public INotebookValue Findings() => new Findings(_result, _claims.Value).Text();

    /// <summary>Accuracies with intervals; of networks that were also evaluated half way, both accuracies.</summary>
    public INotebookValue Accuracies() => AccuracyChart.Draw(_result);

    /// <summary>
    /// Learning curves, mean over the trials: training loss and, where it was stored, held-out accuracy, one line per variant. Variants
    /// with the same training are drawn once.
    /// </summary>
    public INotebookValue LearningCurves() => LearningCurvesChart.Draw(_result);

    /// <summary>Accuracy by segment against inference time of a segment.</summary>
    public INotebookValue Tradeoff() => Charts.Tradeoff("Accuracy and time", "time for one segment (ms)", [.. _result.Variants.Select(v => (
        v.Variant.Name, v.SampleMilliseconds, Points(v.MeanSegments),
        Math.Max(0, Points(v.MeanSegments - v.SegmentInterval.Low)), Math.Max(0, Points(v.SegmentInterval.High - v.MeanSegments))))]);

    /// <summary>Confusion matrix of a variant by segment, over all its trials.</summary>
    public INotebookValue Confusion(string variant) =>
        Charts.Confusion(new ConfusionMatrix(_result[variant].Trials[0].Devices, _result[variant].Segments),
            $"Answers of {variant} by segment");

    /// <summary>
    /// Reliability diagram of a network's probabilities, by segment. If scores were not stored, a sentence with the command that computes
    /// them.
    /// </summary>
    /// <param name="variant">Name of the variant.</param>
    public INotebookValue Reliability(string variant)
    {
        var trials = _result[variant].Trials;
        var scores = trials.Select(trial => _store?.Scores(trial.Key)).ToList();
        var missing = scores.Count(stored => stored is null);
        if (missing > 0)
            return HtmlFragment.Sentence(
                $"No chart: the scores of {missing} of the {trials.Count} trials of '{variant}' are not stored. To repeat the trials and "
                + $"store their scores: dotnet run --project notebooks/runner -- run --experiment {_id} --profile {_profile ?? "NAME"} "
                + "--with-scores");
        if (scores.Any(stored => !stored!.AreLogProbabilities))
            return HtmlFragment.Sentence($"No chart: the scores of '{variant}' are not probabilities.");
        var probabilities = scores.SelectMany(stored => stored!.Probabilities(TrialOutput.Deep)).ToList();
        var truth = trials.SelectMany(trial => trial.RecordingOf.Select(recording => trial.Truth[recording])).ToList();
        return ReliabilityChart.Draw($"Reliability of {variant}, by segment", [("deep output", probabilities, truth)]);
    }

    /// <summary>Attention weights of the branches, by device; null if the variant has no attention.</summary>
    public INotebookValue? Attention(string variant)
    {
        var trials = _result[variant].Trials.Where(t => t.Attention is not null).ToList();
        if (trials.Count == 0)
            return null;
        var devices = trials[0].Devices;
        IntervalSeries Branch(string name, int branch)
        {
            var weights = devices.Select((_, d) => trials.Select(t => (double)t.Attention![d][branch]).ToList()).ToList();
            return new(name, [.. weights.Select(w => Math.Round(w.Average(), 3))],
                [.. weights.Select(w => Math.Round(w.Average() - w.Min(), 3))],
                [.. weights.Select(w => Math.Round(w.Max() - w.Average(), 3))]);
        }

        return Charts.Ranking("Attention by device", "mean weight (0 to 1); bars from minimum to maximum of the splits", devices,
            [Branch("spatial branch", 0), Branch("temporal branch", 1)]);
    }

    private string Source
    {
        get
        {
            var trials = _result.Variants.SelectMany(v => v.Trials).DistinctBy(t => t.Key).ToList();
            var first = trials[0];
            var corpus = first.IsSimulated ? $"{ResultTables.SimulatedWords}, which say nothing about real phones" : first.CorpusName;
            var splits = trials.Select(t => t.Split).Distinct().Count();
            var seeds = trials.Select(t => t.Seed).Distinct().Count();
            return $"{corpus} (fingerprint {first.CorpusMark}); {splits} held-out {(splits == 1 ? "split" : "splits")}, "
                + $"{seeds} {(seeds == 1 ? "seed" : "seeds")}, {_result.Reference.Segments.Count} segments of "
                + $"{_result.Reference.Recordings.Count} recordings tested.";
        }
    }

    /// <summary>
    /// Name of a variant, with a remark if trials are missing: its mean is then over other sentences than the reference's.
    /// </summary>
    private string Name(VariantResult row) =>
        row.Trials.Count == _result.Reference.Trials.Count
            ? row.Variant.Name : $"{row.Variant.Name} ({row.Trials.Count} of {_result.Reference.Trials.Count} trials so far)";

    private object Published(VariantResult row) => PublishedResults.Percent(_id, row.Variant.Name) is { } percent
        ? Estimate.FromProportion(percent / 100, PublishedResults.WilsonInterval(_id, row.Variant.Name)!.Value) with { Value = percent }
        : Claim(row) is { } claim ? new Missing($"in words: {claim.Statement}") : NotStated;

    /// <summary>What the paper says of a variant and the reference; null if nothing.</summary>
    private PublishedClaim? Claim(VariantResult row) => PublishedResults.Claims(_id)
        .FirstOrDefault(claim => claim.First == row.Variant.Name && claim.Second == _result.Reference.Variant.Name);

    private static Estimate Segments(VariantResult row) => Estimate.FromProportion(row.MeanSegments, row.SegmentInterval);

    private static Estimate Recordings(VariantResult row) => Estimate.FromProportion(row.MeanRecordings, row.RecordingInterval);

    private static Estimate FileFacts(FileFactsResult result) =>
        Estimate.FromProportion(result.Accuracy().Value, result.Accuracy().Interval);


    private static double Points(double proportion) => Math.Round(100 * proportion, Decimals);
}
