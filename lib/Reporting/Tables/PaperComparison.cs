using DeviceId.Evaluation;
using DeviceId.Experiments;

namespace DeviceId.Reporting;

/// <summary>The tables of an experiment: what the paper states, what was measured here, and what that says of the statement.</summary>
public sealed class PaperComparison
{
    private const string Rule =
        "Intervals: 95 %; ours of segments and of differences by drawing whole recordings anew (2000 times), of recordings by Wilson's formula, the paper's from its 5,760 test samples taken as independent. Difference: to the first row, on the same test items. "
        + "p: exact McNemar, Holm-corrected over the table. Verdicts follow a fixed rule (class Verdict).";

    private const int Decimals = 2;

    private static readonly Missing NotStated = new("not stated");

    private readonly ExperimentResult _result;
    private readonly TrialStore? _store;
    private readonly string? _profile;
    private readonly string _id;

    /// <param name="result">The experiment's results.</param>
    /// <param name="store">Where their scores are kept; null where none are at hand.</param>
    /// <param name="profile">
    /// Name of the profile that they were run at, for the command that runs them again; null where it is not known.
    /// </param>
    internal PaperComparison(ExperimentResult result, TrialStore? store = null, string? profile = null) =>
        (_result, _store, _profile, _id) = (result, store, profile, result.Experiment.Id);

    /// <summary>One row a variant.</summary>
    public ResultTable Table()
    {
        // What the paper did not vary has no column of the paper's.
        var ofThePaper = _result.Experiment.PaperTable is not null;
        var table = new ResultTable(
            ofThePaper ? $"{_result.Experiment.Title}: the paper's {_result.Experiment.PaperTable} and ours" : _result.Experiment.Title,
            ofThePaper ? ["variant", "paper (%)", "segments (%)", "recordings (%)", "difference (points), p", "verdict on the paper"]
                : ["variant", "segments (%)", "recordings (%)", "difference (points), p"]);
        void Row(VariantResult row, object difference, object? verdict) => table.Row([
            row == _result.Reference ? row.Variant.Name : Name(row), .. ofThePaper ? [Published(row)] : Array.Empty<object>(),
            Segments(row), Recordings(row), difference, .. ofThePaper ? [verdict] : Array.Empty<object?>(),
        ]);
        var others = _result.Variants.Skip(1).ToList();
        var comparisons = others.Select(row => row.Against(_result.Reference)).ToList();
        var adjusted = Holm.Adjust([.. comparisons.Select(c => c.Test.PValue)]);
        Row(_result.Reference, new Missing("reference"), null);
        for (var i = 0; i < others.Count; i++)
        {
            var claim = PublishedResults.Claims(_id)
                .FirstOrDefault(c => c.First == others[i].Variant.Name && c.Second == _result.Reference.Variant.Name);
            var remark = others[i].Variant.HasOtherSegments ? "by recording" : "";
            var difference = Difference(comparisons[i]) with { PValue = new(adjusted[i]), Remark = remark };
            Row(others[i], difference, claim is null ? NotStated : Verdict.On(claim, comparisons[i], adjusted[i]));
        }

        return table.WithNote($"{Rule} {Source}");
    }

    /// <summary>One row a statement of the paper that can be tested with the variants that were run; null when there is none.</summary>
    public ResultTable? Claims()
    {
        var claims = ClaimResult.All(_result);
        if (claims.Count == 0)
            return null;
        var table = new ResultTable("What the paper says, and what we can say to it", "the paper says", "compared", "ours (points)", "p",
            "verdict");
        foreach (var judged in claims)
            table.Row(
                judged.Claim.Statement, $"{judged.Claim.First} against {judged.Claim.Second}",
                Difference(judged.Ours), new PValue(judged.AdjustedP), judged.Verdict);
        return table.WithNote("Differences in accuracy by segment (by recording where segments differ in length), first minus second, with 95 % intervals; p: exact McNemar, Holm-corrected over this table.");
    }

    /// <summary>What an answer and a training cost.</summary>
    public ResultTable Costs()
    {
        var table = new ResultTable("What it costs", "variant", "parameters", "one segment (ms)", "one training (s)", "trials");
        foreach (var row in _result.Variants)
            table.Row(
                row.Variant.Name, row.Trials[0].Parameters is { } count ? new Number(count, "N0") : null,
                Times(row, t => t.SampleMilliseconds), Times(row, t => t.FitSeconds), row.Trials.Count);
        var environments = _result.Variants.SelectMany(v => v.Trials)
            .Select(t => $"{t.Environment.Machine}, {t.Environment.Device}, {t.Environment.Threads} threads").Distinct();
        return table.WithNote($"One segment: from its samples in memory to its scores, warm. Times: median of the trials (least to greatest); whatever else the machines did is in them. Measured on {string.Join("; ", environments)}.");
    }

    private static object Times(VariantResult row, Func<TrialTimes, double> time)
    {
        var (min, median, max) = row.TimesOf(time);
        return row.Trials.Count == 1 ? new Number(median, "F1") : new MedianWithRange(median, min, max);
    }

    /// <summary>What was found, in sentences that are computed from the results.</summary>
    public INotebookValue Findings() => new Findings(_result).Text();

    /// <summary>Accuracies with their intervals.</summary>
    public INotebookValue Accuracies()
    {
        IntervalSeries Series(string name, Func<VariantResult, double> mean, Func<VariantResult, Interval> interval) => new(
            name, [.. _result.Variants.Select(v => Points(mean(v)))],
            [.. _result.Variants.Select(v => Math.Max(0, Points(mean(v) - interval(v).Low)))],
                [.. _result.Variants.Select(v => Math.Max(0, Points(interval(v).High - mean(v))))]);
        return Charts.Ranking(_result.Experiment.Title, "accuracy (%), 95 % interval", [.. _result.Variants.Select(v => v.Variant.Name)],
            [Series("segments", v => v.MeanSegments, v => v.SegmentInterval),
                Series("recordings", v => v.MeanRecordings, v => v.RecordingInterval)]);
    }

    /// <summary>Loss by epoch, a line a variant: the mean over its trials. Variants that share a training are drawn once.</summary>
    public INotebookValue LearningCurves()
    {
        var trained = _result.Variants.Where(v => v.Trials[0].Epochs.Count > 0).DistinctBy(v => v.Trials[0].Key);
        return Charts.Lines("Learning: mean of the splits, band from lowest to highest", "epoch", "loss of the training (nats)",
            [.. trained.Select(Learning)], logY: true);
    }

    private static Series Learning(VariantResult row)
    {
        var epochs = row.Trials[0].Epochs;
        double[] Of(Func<IEnumerable<double>, double> summary) =>
            [.. epochs.Select((_, e) => Math.Round(summary(row.Trials.Select(t => t.Epochs[e].Loss)), 6))];
        return new Series(row.Variant.Name, [.. epochs.Select(e => (double)e.Epoch)], Of(losses => losses.Average()))
        {
            Band = row.Trials.Count > 1 ? (Of(losses => losses.Min()), Of(losses => losses.Max())) : null,
        };
    }

    /// <summary>Accuracy by segment against the time that one takes.</summary>
    public INotebookValue Tradeoff() => Charts.Tradeoff("Accuracy and time", "time for one segment (ms)", [.. _result.Variants.Select(v => (
        v.Variant.Name, v.SampleMilliseconds, Points(v.MeanSegments),
        Math.Max(0, Points(v.MeanSegments - v.SegmentInterval.Low)), Math.Max(0, Points(v.SegmentInterval.High - v.MeanSegments))))]);

    /// <summary>Who was taken for whom by a variant, all its trials together.</summary>
    public INotebookValue Confusion(string variant) =>
        Charts.Confusion(new ConfusionMatrix(_result[variant].Trials[0].Devices, _result[variant].Segments),
            $"Answers of {variant} by segment");

    /// <summary>
    /// What a network's probabilities are worth: probability of the answer against the share of right ones, by segment. Where scores were
    /// not kept, a sentence that says so, with the command that makes them.
    /// </summary>
    /// <param name="variant">Name of the variant.</param>
    public INotebookValue Reliability(string variant)
    {
        var trials = _result[variant].Trials;
        var scores = trials.Select(trial => _store?.Scores(trial.Key)).ToList();
        var without = scores.Count(kept => kept is null);
        if (without > 0)
            return HtmlFragment.Sentence(
                $"No chart: the scores of {without} of the {trials.Count} trials of '{variant}' are not stored. This runs them again and keeps "
                + $"their scores: dotnet run --project notebooks/runner -- run --experiment {_id} --profile {_profile ?? "NAME"} --with-scores");
        if (scores.Any(kept => !kept!.AreLogProbabilities))
            return HtmlFragment.Sentence($"No chart: the scores of '{variant}' are no probabilities.");
        var probabilities = scores.SelectMany(kept => kept!.Probabilities(TrialOutput.Deep)).ToList();
        var truth = trials.SelectMany(trial => trial.RecordingOf.Select(recording => trial.Truth[recording])).ToList();
        return ReliabilityChart.Draw($"What the probabilities of {variant} are worth, by segment", [("deep output", probabilities, truth)]);
    }

    /// <summary>The weights that attention gives the branches, by device; null where the variant has none.</summary>
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

        return Charts.Ranking("Attention by device", "mean weight (0 to 1); bars from the least split to the greatest", devices,
            [Branch("spatial branch", 0), Branch("temporal branch", 1)]);
    }

    private string Source
    {
        get
        {
            var trials = _result.Variants.SelectMany(v => v.Trials).DistinctBy(t => t.Key).ToList();
            var first = trials[0];
            var splits = trials.Select(t => t.Split).Distinct().Count();
            var seeds = trials.Select(t => t.Seed).Distinct().Count();
            return $"{(first.IsSimulated ? "Simulated recordings, which say nothing about real phones" : first.CorpusName)} (fingerprint {first.CorpusMark}); {splits} held-out {(splits == 1 ? "split" : "splits")}, {seeds} {(seeds == 1 ? "seed" : "seeds")}, {_result.Reference.Segments.Count} segments of {_result.Reference.Recordings.Count} recordings tested.";
        }
    }

    /// <summary>A row that lacks trials says so: its mean is over easier or harder sentences than the reference's.</summary>
    private string Name(VariantResult row) =>
        row.Trials.Count == _result.Reference.Trials.Count
            ? row.Variant.Name : $"{row.Variant.Name} ({row.Trials.Count} of {_result.Reference.Trials.Count} trials so far)";

    private object Published(VariantResult row) => PublishedResults.Percent(_id, row.Variant.Name) is { } percent
        ? Share(percent / 100, PublishedResults.IntervalOf(_id, row.Variant.Name)!.Value) with { Value = percent } : NotStated;

    private static Estimate Segments(VariantResult row) => Share(row.MeanSegments, row.SegmentInterval);

    private static Estimate Recordings(VariantResult row) => Share(row.MeanRecordings, row.RecordingInterval);

    private static Estimate Share(double share, Interval interval) =>
        Estimate.FromProportion(share, interval) with { RoundedBefore = Decimals };

    private static Estimate Difference(Comparison ours) => Estimate.FromDifference(ours) with { RoundedBefore = Decimals };

    private static double Points(double share) => Math.Round(100 * share, Decimals);
}
