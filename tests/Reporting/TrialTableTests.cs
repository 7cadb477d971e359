using System.Globalization;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Reporting;
using DeviceId.Tests.Notebooks;
using Microsoft.Data.Analysis;

namespace DeviceId.Tests.Reporting;

public sealed class TrialTableTests
{
    private static readonly Variant Reference = new("reference", Profile.Smoke.Settings);
    private static readonly Variant HalfWay = Reference with { Name = "half, of it", Output = TrialOutput.HalfWay(TrialOutput.Deep) };

    private static readonly Experiment Experiment = new("03-networks", "", "", null, "reference");

    [Fact]
    public void EveryOutputOfATrialIsARowWithItsVariantsAndAccuracies()
    {
        var frame = Table(Trial(isSimulated: true)).ToDataFrame();
        Assert.Equal(TrialTable.Names, frame.Columns.Select(column => column.Name));
        Assert.Equal(["deep", "deep", "spatial"], frame["output"].Cast<string>());
        Assert.Equal(["False", "True", "False"], frame["half_way"].Cast<string>());
        Assert.Equal(["03-networks; 06-systems", "03-networks", null], frame["experiments"].Cast<string?>());
        Assert.Equal(["reference; PSTNN", "half, of it", null], frame["variants"].Cast<string?>());
        Assert.Equal(["smoke", "smoke", null], frame["profile"].Cast<string?>());
        Assert.Equal([2L, 3L, 0L], frame["segments_correct"].Cast<long>());
        Assert.Equal([2 / 3.0, 1.0, 0.0], frame["segment_accuracy"].Cast<double>());

        // The second recording of the last output has no answer.
        Assert.Equal([2L, 2L, 1L], frame["recordings"].Cast<long>());
        Assert.Equal([0.5, 1.0, 0.0], frame["recording_accuracy"].Cast<double>());

        // The log after two of three epochs, and after the last.
        Assert.Equal([0.5, 1.5, 0.5], frame["training_loss"].Cast<double>());
        Assert.Equal("pstnn", frame["classifier"][0]);
        Assert.Equal("2026-01-02T03:04:05Z", frame["finished"][0]);
        Assert.Equal(Json.WriteKey(Profile.Smoke.Settings), Json.WriteKey(Json.Read<TrialSettings>((string)frame["settings"][0])));
    }

    [Fact]
    public void ASystemWithoutANetworkHasEmptyCellsForItsEpochsAndParameters()
    {
        var settings = Profile.Smoke.Settings.AsBaseline();
        var frame = Table(Trial() with { Settings = settings, Epochs = [], Parameters = null }).ToDataFrame();
        Assert.Equal("statisticsPoolingSvm", frame["classifier"][0]);
        foreach (var name in new[] { "training_loss", "training_accuracy", "parameters", "commit", "variants" })
            Assert.Null(frame[name][0]);
        Assert.Equal(0L, frame["epochs"][0]);
    }

    [Fact]
    public void TheCsvIsReadBackAsTheSameTable()
    {
        using var folder = new TemporaryFolder();
        Table(Trial()).Save(folder.File("results.csv"));
        Assert.True(TrialTable.RecognisesCsv(File.ReadAllText(folder.File("results.csv"))));
        Assert.False(TrialTable.RecognisesCsv("trial,score\n"));
        // As text: the library guesses types by the system's language, in which "0.1.0" may be a number.
        var read = DataFrame.LoadCsv(folder.File("results.csv"), dataTypes: [.. TrialTable.Names.Select(_ => typeof(string))],
            cultureInfo: CultureInfo.InvariantCulture);
        Assert.Equal(TrialTable.Names, read.Columns.Select(column => column.Name));
        Assert.Equal(3, read.Rows.Count);
        Assert.Equal("half, of it", read["variants"][1]);
        Assert.Equal(2 / 3.0, Convert.ToDouble(read["segment_accuracy"][0], CultureInfo.InvariantCulture), 1e-7);
    }

    [Fact]
    public void TheDocumentOfTheDataExplainsEveryColumn()
    {
        var document = File.ReadAllText(Path.Combine(TestPaths.Root, "data", "README.md"));
        Assert.All(TrialTable.Names, name => Assert.Contains($"`{name}`", document, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void AllCommittedTrialsAreExportedAndThoseOfTheProfileAreNamed()
    {
        var trials = new TrialStore(Path.Combine(TestPaths.Root, "data", "results")).All();
        var stored = new StoredExperiments(trials, Profile.Standard, NotebookVariants.Function);
        var frame = TrialTable.Create(trials, "standard", stored.Planned).ToDataFrame();
        Assert.True(trials.Count > 100, $"only {trials.Count} trials are stored");
        Assert.Equal(trials.Sum(trial => trial.Outputs.Count), frame.Rows.Count);
        Assert.Equal(trials.Select(trial => trial.Key), frame["trial"].Cast<string>().Distinct());
        var named = Enumerable.Range(0, (int)frame.Rows.Count)
            .ToLookup(i => (string)frame["trial"][i], i => ((string?)frame["variants"][i])?.Split("; ") ?? []);
        Assert.All(stored.All().SelectMany(e => e.Variants), row => Assert.All(row.Trials, trial =>
            Assert.Single(named[trial.Key], names => names.Contains(row.Variant.Name))));
    }

    private static ResultTable Table(TrialResult trial) => TrialTable.Create([trial], "smoke",
        [(Experiment, [Reference, HalfWay]), (Experiment with { Id = "06-systems" }, [Reference with { Name = "PSTNN" }])]);

    private static TrialResult Trial(bool isSimulated = false) => new()
    {
        Key = "0123", LibraryVersion = DeviceId.Experiments.Trial.LibraryVersion, Settings = Reference.Settings, CorpusName = "by hand",
        Corpus = "4567", IsSimulated = isSimulated, Split = "sentence-001", Seed = 1,
        Finished = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        Environment = new("AMD EPYC, 2 cores", "cpu", 1, "system", "runtime", "torch"),
        Epochs = [new(1, 2.5, 0.1, 0.001, 1), new(2, 1.5, 0.2, 0.001, 1), new(3, 0.5, 0.3, 0.001, 1)], Parameters = 1000,
        Devices = ["a", "b"], Recordings = ["a/1", "b/1"], Truth = [0, 1], RecordingOf = [0, 0, 1],
        Outputs = new Dictionary<string, OutputAnswers>
        {
            [TrialOutput.Deep] = new([0, 0, 0], [0, 0]), [TrialOutput.HalfWay(TrialOutput.Deep)] = new([0, 0, 1], [0, 1]),
            [TrialOutput.Spatial] = new([1, 1, 0], [1, -1]),
        },
        Times = new(1, 2, 3),
    };
}
