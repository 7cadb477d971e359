using DeviceId.Experiments;
using DeviceId.Identification;
using DeviceId.Reporting;
using DeviceId.Tests.Notebooks;
using DeviceId.Training;

namespace DeviceId.Tests.Reporting;

/// <summary>Tables, findings and the README's section from constructed results.</summary>
public sealed class PaperComparisonTests
{
    private const int Recordings = 60;

    [Fact]
    public void TheTableShowsClaimMeasurementDifferenceAndVerdict()
    {
        var table = new PaperComparison(Attention(reference: 0.95, other: 0.95)).Table();
        Assert.Equal(["attention", "concatenation"], table.Rows.Select(row => row[0]));
        Assert.Equal("97.5 [97.1, 97.9]", table.Rows[0][1]);
        Assert.Equal("97.3 [96.8, 97.7]", table.Rows[1][1]);
        Assert.Equal("reference", table.Rows[0][4]);
        // No disagreement in 60 recordings: the interval is z^2 / (60 + z^2) = 6.0 points on both sides; the paper claims 0.2.
        Assert.Equal("0.0 [-6.0, +6.0], p = 1.000", table.Rows[1][4]);
        Assert.StartsWith("cannot tell: needs about", table.Rows[1][5], StringComparison.Ordinal);
        Assert.Contains("60 recordings tested", table.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatThePaperSaysInWordsStandsBesideTheVerdict()
    {
        var experiment = ExperimentCatalog.Named("06-systems");
        var variants = NotebookVariants.Of(experiment.Id, Profile.Standard);
        VariantResult Row(string name, double accuracy) =>
            new(variants.Single(v => v.Name == name), [Result(variants.Single(v => v.Name == name), accuracy, attention: false)]);
        var table = new PaperComparison(new(experiment, [Row("PSTNN", 0.95), Row("GMM-UBM", 0.9), Row("PSTNN on a finer spectrum", 0.95)]))
            .Table();
        Assert.Equal("in words: PSTNN is 66 points above GMM-UBM", table.Rows[1][1]);
        Assert.StartsWith("contradicted", table.Rows[1][5], StringComparison.Ordinal);
        Assert.Equal("not stated", table.Rows[2][1]);
        // Words are no number: the column stays numeric.
        Assert.Null(table.ToDataFrame()["paper (%)"][1]);
    }

    [Fact]
    public void TheTableCarriesADigestWithTheSameNumbers()
    {
        var result = Attention(reference: 0.95, other: 0.6);
        var digest = Assert.Single(ExperimentDigest.In(new PaperComparison(result, profile: "standard").Table().ToHtml()));
        Assert.Equal(("05-attention", "Table 8", "standard"), (digest.Id, digest.PaperTable, digest.Profile));
        Assert.Equal(new CorpusDigest("by hand", "0123456789ab", false, 45, Recordings), digest.Corpus);
        Assert.Equal(["attention", "concatenation"], digest.Variants.Select(variant => variant.Name));
        Assert.Null(digest.Variants[0].Difference);
        Assert.Equal(-35, digest.Variants[1].Difference!.Value, 1e-9);
        Assert.Equal(VerdictKind.ConfirmedInDirection, Assert.Single(digest.Claims).Verdict.Kind);
        Assert.Equal(2, digest.Variants[0].Trials[0].TrainingSeconds);
    }

    [Fact]
    public void AnAnswerFromHalfWayCostsTheFirstHalfOfTheTraining()
    {
        var trial = Attention(reference: 0.95, other: 0.6).Reference.Trials[0] with { Epochs = [.. Enumerable.Range(1, 5).Select(Epoch)] };
        Assert.Equal(1 + 2 + 3, TrainingTime.Seconds(trial, TrialOutput.HalfWay(TrialOutput.Deep)));
        Assert.Equal(trial.Times.FitSeconds, TrainingTime.Seconds(trial, TrialOutput.Deep));

        static EpochResult Epoch(int number) => new(number, 1, 0.5, 0.001, Seconds: number);
    }

    [Fact]
    public void TheTableAsADataFrameHoldsTheNumbersNotTheText()
    {
        var result = Attention(reference: 0.95, other: 0.6);
        var frame = new PaperComparison(result).Table().ToDataFrame();
        string[] expected =
        [
            "variant", "paper (%)", "paper, low (%)", "paper, high (%)", "segments (%)", "segments, low (%)", "segments, high (%)",
            "recordings (%)", "recordings, low (%)", "recordings, high (%)",
            "difference (points)", "difference, low (points)", "difference, high (points)", "difference, p", "verdict on the paper",
        ];
        Assert.Equal(expected, frame.Columns.Select(column => column.Name));
        Assert.Equal(100 * result.Variants[1].MeanSegments, frame["segments (%)"][1]);
        Assert.Equal(100 * result.Variants[1].RecordingInterval.Low, frame["recordings, low (%)"][1]);
        Assert.Equal(97.5, frame["paper (%)"][0]);
        Assert.Null(frame["difference (points)"][0]);
        Assert.Equal(-35.0, (double)frame["difference (points)"][1], 1e-9);
        var costs = new PaperComparison(result).Costs().ToDataFrame();
        Assert.Equal([1000L, 3.0, 2.0, 1L], costs.Rows[0].Skip(1));
    }

    [Fact]
    public void CostsThatWereMeasuredInTurnAreRatiosOfRounds()
    {
        var result = Attention(reference: 0.95, other: 0.9);
        CostRow Row(VariantResult row, double[] segments, double[] trainings) =>
            new(row.Trials[0].Key, row.Variant.Name, row.Variant.Output, segments, trainings);
        var costs = new CostResult("05-attention", "standard", "0123456789abcdef", new("machine", "cpu", 1, "system", "runtime", "torch"),
            DateTime.UnixEpoch, [Row(result.Variants[0], [1, 2, 4], [10, 10, 10]), Row(result.Variants[1], [2, 4, 8], [11, 9, 10])]);
        var comparison = new PaperComparison(result, costs: costs);
        Assert.Equal(["2.00 (2.00 to 2.00)", "noise (0.90 to 1.10)"], comparison.Costs().Rows[1].Skip(5));
        Assert.Equal(["reference", "reference"], comparison.Costs().Rows[0].Skip(5));
        Assert.Contains("3 rounds in one process", comparison.Costs().Note, StringComparison.Ordinal);

        // The digest carries the ratios into the report.
        var digest = Assert.Single(ExperimentDigest.In(comparison.Table().ToHtml()));
        var inReport = Assert.Single(new CostTables([digest]).Tables()).Rows[1];
        Assert.Equal(("2.00 (2.00 to 2.00)", "noise (0.90 to 1.10)"), (inReport[3], inReport[5]));

        // The settings of the other variant have changed since: its trials have another key.
        var changed = costs with { Rows = [costs.Rows[0], costs.Rows[1] with { TrialKey = "other" }] };
        Assert.Equal(["not measured", "not measured"], new PaperComparison(result, costs: changed).Costs().Rows[1].Skip(5));
    }

    [Fact]
    public void SystemsAreComparedWithTheirSizesAndSourcesAndWithoutPValues()
    {
        var result = Attention(reference: 0.95, other: 0.9);
        var other = result.Variants[1] with
        {
            Variant = result.Variants[1].Variant with { Source = "by hand" },
            Trials = [result.Variants[1].Trials[0] with { Parameters = null, ModelBytes = 1_250_000, Times = new(1, 2, 60) }],
        };
        var facts = new FileFactsResult("corpus", "f", [new("all file facts together", 30, 60, 0.02, 0)]);
        var table = new PaperComparison(result with { Variants = [result.Variants[0], other] }, fileFacts: facts).Systems();
        Assert.Equal(["1,000 parameters", "1.3 MB", ""], table.Rows.Select(row => row[5]));
        Assert.Equal(["", "by hand", ""], table.Rows.Select(row => row[7]));
        Assert.Equal("reference", table.Rows[0][3]);
        Assert.StartsWith("-5.0 [", table.Rows[1][3], StringComparison.Ordinal);
        Assert.DoesNotContain("p =", table.ToString(), StringComparison.Ordinal);
        Assert.Contains($"Slower than 50 ms: {other.Variant.Name}.", table.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void ComparisonsNamedBeforehandAreTestedAndTheRestIsExploration()
    {
        var result = Attention(reference: 0.95, other: 0.6);
        var exploratory = result with { Experiment = result.Experiment with { IsExploratory = true } };
        var comparison = new PaperComparison(exploratory);
        Assert.Equal(comparison.Systems().ToString(), comparison.Table().ToString());
        Assert.True(Assert.Single(ExperimentDigest.In(comparison.Table().ToHtml())).IsExploratory);
        var row = Assert.Single(comparison.Tests(("attention", "concatenation")).Rows);
        Assert.Equal(["attention", "concatenation"], row.Take(2));
        Assert.StartsWith("+35.0 [", row[2], StringComparison.Ordinal);
        Assert.Equal("< 0.001", row[3]);
        Assert.Throws<ArgumentException>(() => comparison.Tests(("attention", "none")));
    }

    [Fact]
    public void ConditionsAreColumnsAndWhatWasNotRunSaysSo()
    {
        var result = Attention(reference: 0.95, other: 0.6);
        VariantResult Row(VariantResult row, string system, string condition) =>
            row with { Variant = row.Variant with { Name = $"{system} {condition}", System = system, Condition = condition } };
        var (good, bad) = (result.Variants[0], result.Variants[1]);
        var comparison = new PaperComparison(result with
        {
            Variants = [Row(good, "a", "clean"), Row(bad, "a", "noisy"), Row(bad, "b", "clean")],
        });
        var table = comparison.Conditions();
        Assert.Equal(["system", "clean", "noisy"], table.Columns);
        Assert.Equal(["a", "b"], table.Rows.Select(row => row[0]));
        Assert.StartsWith("95.0 [", table.Rows[0][1], StringComparison.Ordinal);
        Assert.StartsWith("60.0 [", table.Rows[0][2], StringComparison.Ordinal);
        Assert.Equal("not run", table.Rows[1][2]);

        // The picture has only systems with all conditions: one row, a colour for each condition.
        var chart = Assert.IsType<Figure>(comparison.ConditionChart());
        Assert.Equal(["a"], Assert.Single(chart.Panels).Y.Ticks!.Select(tick => tick.Label));
    }

    [Fact]
    public void ASearchIsShownWithWhatItTriedAndChose()
    {
        var result = Attention(reference: 0.95, other: 0.9);
        Assert.Null(new PaperComparison(result).Searches());
        SearchOutcome Search(string chosen) => new(chosen, ["one", "two"], [new("small", [0.5, 0.7]), new("large", [0.8, 0.9])], 3);
        var row = result.Variants[1];
        var trial = row.Trials[0] with { Search = Search("large") };
        var searched = row with { Trials = [trial, trial] };
        var table = new PaperComparison(result with { Variants = [result.Variants[0], searched] }).Searches()!;
        Assert.Equal([row.Variant.Name, "small, large", "large (2)", "85.0", "60.0", "3"], Assert.Single(table.Rows));
    }

    [Fact]
    public void FindingsFollowTheResults()
    {
        var worse = new PaperComparison(Attention(reference: 0.95, other: 0.6)).Findings().ToString()!;
        Assert.Contains("0 are confirmed, 1 in direction but not in size, 0 contradicted", worse, StringComparison.Ordinal);
        Assert.Contains("Shown to be worse than the reference: concatenation (-35", worse, StringComparison.Ordinal);
        var better = new PaperComparison(Attention(reference: 0.6, other: 0.95)).Findings().ToString()!;
        Assert.Contains("0 are confirmed, 0 in direction but not in size, 1 contradicted", better, StringComparison.Ordinal);
        Assert.Contains("Shown to be better than the reference: concatenation (+35", better, StringComparison.Ordinal);
    }

    [Fact]
    public void AVariantWithOtherSegmentsOrFewerTrialsIsNotCalledTheMostAccurate()
    {
        var result = Attention(reference: 0.6, other: 0.95);
        var (reference, other) = (result.Variants[0], result.Variants[1]);
        string Findings(VariantResult first, VariantResult second) =>
            new PaperComparison(result with { Variants = [first, second] }).Findings().ToString()!;
        Assert.Contains("the most correct segments is concatenation", Findings(reference, other), StringComparison.Ordinal);
        const string None = "No other variant tested on the same segments identifies more of them correctly";
        var longer = other with { Variant = other.Variant with { HasOtherSegments = true } };
        Assert.Contains(None, Findings(reference, longer), StringComparison.Ordinal);
        var twice = reference with { Trials = [reference.Trials[0], reference.Trials[0] with { Split = "other" }] };
        Assert.Contains(None, Findings(twice, other), StringComparison.Ordinal);
    }

    [Fact]
    public void ARowWithMissingTrialsShowsTheirNumber()
    {
        var result = Attention(reference: 0.9, other: 0.9);
        var trials = result.Reference.Trials;
        var reference = result.Reference with { Trials = [.. trials, trials[0] with { Split = "other" }] };
        Assert.Contains("concatenation (1 of 2 trials so far)",
            new PaperComparison(result with { Variants = [reference, result.Variants[1]] }).Table().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheLastRowShowsWhatFileFactsAloneReach()
    {
        var facts = new FileFactsResult("corpus", "f", [new("all file facts together", 30.5, 60, 0.02, 0), new("level", 9, 60, 0.02, 0)]);
        var table = new PaperComparison(Attention(reference: 0.9, other: 0.9), fileFacts: facts).Table();
        var row = table.ToMarkdown().Split('\n').Single(line => line.StartsWith("| file facts only", StringComparison.Ordinal));
        // 30 of 60, Wilson's interval by hand: (30 + 1.92) / 63.84 -+ 1.96 / 63.84 sqrt(15 + 0.96).
        Assert.Contains("50.0 [37.7, 62.3]", row, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryChartOfAnExperimentIsDrawnWithIntervals()
    {
        var comparison = new PaperComparison(Attention(reference: 0.95, other: 0.9));
        Assert.Contains("error_x", comparison.Accuracies().ToHtml(), StringComparison.Ordinal);
        Assert.Contains("error_y", comparison.Tradeoff().ToHtml(), StringComparison.Ordinal);
        Assert.Contains("training loss (nats)", comparison.LearningCurves().ToHtml(), StringComparison.Ordinal);
        Assert.Contains("temporal branch", comparison.Attention("attention")!.ToHtml(), StringComparison.Ordinal);
        Assert.Null(comparison.Attention("concatenation"));
        Assert.Contains("true device", comparison.Confusion("attention").ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void LearningCurvesShowHeldOutAccuracyAtTheEpochsThatHaveIt()
    {
        var plain = Attention(reference: 0.95, other: 0.9);
        Assert.Equal(["training loss (nats)"], Panels(plain).Select(panel => panel.Y.Title));
        var evaluated = WithHeldOutAccuracy(plain);
        Assert.Equal(["training loss (nats)", "held-out accuracy (%)"], Panels(evaluated).Select(panel => panel.Y.Title));
        var line = Assert.IsType<LineMark>(Panels(evaluated)[1].Marks[0]);
        Assert.Equal((2.0, 75.0), (Assert.Single(line.X), Assert.Single(line.Y)));

        // Seven variants beside the first have panels of their own, three in a row, for the loss and again for the accuracy.
        var many = evaluated with
        {
            Variants = [.. Enumerable.Range(0, 8).Select(i => evaluated.Variants[0] with
            {
                Trials = [evaluated.Variants[0].Trials[0] with { Key = $"{i}" }],
            })],
        };
        var panels = Panels(many);
        Assert.Equal(7 + 2 + 7, panels.Count);
        Assert.All(panels.Skip(7).Take(2), panel => Assert.Same(Panel.Blank, panel));
        Assert.Contains("held-out accuracy", new PaperComparison(many).LearningCurves().ToHtml(), StringComparison.Ordinal);
    }

    private static IReadOnlyList<Panel> Panels(ExperimentResult result) =>
        Assert.IsType<Figure>(new PaperComparison(result).LearningCurves()).Panels;

    private static ExperimentResult WithHeldOutAccuracy(ExperimentResult result) => result with
    {
        Variants = [.. result.Variants.Select(row => row with
        {
            Trials = [.. row.Trials.Select(trial => trial with
            {
                Epochs = [trial.Epochs[0], trial.Epochs[1] with { HeldOutAccuracy = 0.75 }],
            })],
        })],
    };

    [Fact]
    public void StoredResultsGiveTheSameExperiment()
    {
        var result = Attention(reference: 0.95, other: 0.9);
        var stored = new StoredExperiments([.. result.Variants.SelectMany(v => v.Trials)], Profile.Standard, NotebookVariants.Function)
            .All();
        Assert.Contains("05-attention", stored.Select(e => e.Experiment.Id));
        var again = stored.First(e => e.Experiment.Id == "05-attention");
        Assert.Equal(new PaperComparison(result).Table().ToString(), new PaperComparison(again).Table().ToString());
        Assert.Empty(new StoredExperiments([.. result.Variants.SelectMany(v => v.Trials)], Profile.Quick, NotebookVariants.Function).All());
    }

    [Fact]
    public void ResultsOfAnotherVersionAreIgnored()
    {
        var result = Attention(reference: 0.95, other: 0.9);
        var current = result.Variants.SelectMany(v => v.Trials).ToList();
        var old = Attention(reference: 0.5, other: 0.5).Variants.SelectMany(v => v.Trials)
            .Select(r => r with { Key = "old" + r.Key, LibraryVersion = "0.0.1" }).ToList();
        var again = new StoredExperiments([.. old, .. current], Profile.Standard, NotebookVariants.Function).All()
            .Single(e => e.Experiment == result.Experiment);
        Assert.Equal(new PaperComparison(result).Table().ToString(), new PaperComparison(again).Table().ToString());
        Assert.Empty(new StoredExperiments(old, Profile.Standard, NotebookVariants.Function).All());
    }

    [Fact]
    public void EveryCommittedResultIsOfTheCurrentVersionAndHasItsKey()
    {
        var stored = new TrialStore(Path.Combine(TestPaths.Root, "data", "results")).All();
        Assert.NotEmpty(stored);
        Assert.All(stored, r => Assert.Equal(new Trial(r.Settings, r.Corpus, r.Split, r.Seed).Key, r.Key));
    }

    [Fact]
    public void AnExperimentWhoseReferenceHasAnotherNameInASmallProfileIsShown()
    {
        var trials = NotebookVariants.Of("01-ubm-size", Profile.Smoke).Select(variant => Result(variant, 0.9, attention: false)).ToList();
        var shown = new StoredExperiments(trials, Profile.Smoke, NotebookVariants.Function).All()
            .Single(e => e.Experiment.Id == "01-ubm-size");
        Assert.Equal(["16 Gaussians", "32 Gaussians", "64 Gaussians"], shown.Variants.Select(v => v.Variant.Name));
        var without = new StoredExperiments([.. trials.Skip(1)], Profile.Smoke, NotebookVariants.Function).All();
        Assert.DoesNotContain("01-ubm-size", without.Select(e => e.Experiment.Id));
    }

    [Fact]
    public void TheReliabilityChartIsDrawnFromScoresAndWithoutThemNamesTheCommand()
    {
        using var folder = new TemporaryFolder();
        var store = new TrialStore(folder.Path);
        var result = Attention(reference: 0.95, other: 0.9);
        var (withScores, withoutScores) = (result.Variants[0].Trials[0], result.Variants[1].Trials[0]);
        var row = Enumerable.Range(0, 45).Select(d => d == 3 ? -0.1f : -6f).ToArray();
        store.Write(withScores, new TrialScores(true, new Dictionary<string, float[][]>
        {
            [TrialOutput.Deep] = [.. withScores.RecordingOf.Select(_ => row)],
        }));
        store.Write(withoutScores);

        var comparison = new PaperComparison(result, store, "standard");
        Assert.Contains("Reliability of attention, by segment", comparison.Reliability("attention").ToHtml(), StringComparison.Ordinal);
        var sentence = comparison.Reliability("concatenation").ToString();
        Assert.Contains("the scores of 1 of the 1 trials of 'concatenation' are not stored", sentence, StringComparison.Ordinal);
        Assert.Contains("run --experiment 05-attention --profile standard --with-scores", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyTheResultsSectionIsReplaced()
    {
        var text = $"before\n{ResultsSection.Begin}\nold\n{ResultsSection.End}\nafter\n";
        var section = ResultsSection.WriteAll([Attention(reference: 0.95, other: 0.9)], _ => null, _ => null);
        var replaced = ResultsSection.Replace(text, section);
        Assert.StartsWith($"before\n{ResultsSection.Begin}", replaced, StringComparison.Ordinal);
        Assert.EndsWith($"{ResultsSection.End}\nafter\n", replaced, StringComparison.Ordinal);
        Assert.DoesNotContain("old", replaced, StringComparison.Ordinal);
        Assert.Contains("| attention | 97.5 [97.1, 97.9] |", replaced, StringComparison.Ordinal);
        Assert.Equal(replaced, ResultsSection.Replace(replaced, section));
        Assert.Throws<ArgumentException>(() => ResultsSection.Replace("no section", section));
    }

    [Fact]
    public void TheNumbersOnThePagesAreThoseOfTheCommittedResults()
    {
        var results = Path.Combine(TestPaths.Root, "data", "results");
        var stored = new StoredExperiments(new TrialStore(results).All(), Profile.Standard, NotebookVariants.Function).All();
        var facts = new FileFactsStore(Path.Combine(results, FileFactsStore.Folder));
        var studies = new EvidenceStore(Path.Combine(results, EvidenceStore.Folder));
        var all = ResultsSection.WriteAll(stored, facts.Find,
            corpus => studies.FindStudy(corpus, PhoneModelOptions.Sized(Profile.Standard), Profile.Standard.Folds));
        AssertHolds("README.md", ResultsSection.WriteSummary(stored, facts.Find));
        AssertHolds("docs/results.md", all);
        Assert.All(ExperimentCatalog.All.Where(e => e.PaperTable is not null),
            e => Assert.Contains($"{e.Title}: the paper's {e.PaperTable} and ours", all, StringComparison.Ordinal));
        Assert.Contains("Was it this device?", all, StringComparison.Ordinal);

        static void AssertHolds(string page, string section)
        {
            var text = File.ReadAllText(Path.Combine(TestPaths.Root, page));
            Assert.True(text == ResultsSection.Replace(text, section),
                $"{page} does not match data/results: dotnet run --project notebooks/runner -- report --readme");
        }
    }

    /// <summary>Experiment 05 with sixty recordings of four segments and given accuracies of the reference and the other variant.</summary>
    private static ExperimentResult Attention(double reference, double other)
    {
        var experiment = ExperimentCatalog.Named("05-attention");
        var variants = NotebookVariants.Of(experiment.Id, Profile.Standard);
        return new ExperimentResult(experiment,
            [new VariantResult(variants[0], [Result(variants[0], reference, attention: true)]),
                new VariantResult(variants[1], [Result(variants[1], other, attention: false)])]);
    }

    private static TrialResult Result(Variant variant, double accuracy, bool attention)
    {
        var answers = Enumerable.Range(0, Recordings).Select(r => r < accuracy * Recordings ? r % 45 : (r + 1) % 45).ToList();
        var recordingOf = Enumerable.Range(0, 4 * Recordings).Select(i => i / 4).ToList();
        return new TrialResult
        {
            Key = new Trial(variant.Settings, "0123456789abcdef", "one", 1).Key, LibraryVersion = Trial.LibraryVersion,
            Settings = variant.Settings, CorpusName = "by hand", Corpus = "0123456789abcdef", IsSimulated = false,
            Split = "one", Seed = 1, Finished = DateTime.UnixEpoch, Environment = new("machine", "cpu", 1, "system", "runtime", "torch"),
            Epochs = [new(1, 2, 0.5, 0.001, 1), new(2, 1, 0.8, 0.001, 1)], Parameters = 1000,
            Devices = [.. Enumerable.Range(0, 45).Select(d => $"device {d}")],
            Recordings = [.. Enumerable.Range(0, Recordings).Select(r => $"r{r}")],
            Truth = [.. Enumerable.Range(0, Recordings).Select(r => r % 45)], RecordingOf = recordingOf,
            Outputs = new Dictionary<string, OutputAnswers> { [TrialOutput.Deep] = new([.. recordingOf.Select(r => answers[r])], answers) },
            Attention = attention ? [.. Enumerable.Range(0, 45).Select(_ => new[] { 0.25f, 0.75f })] : null, Times = new(1, 2, 3),
        };
    }
}
