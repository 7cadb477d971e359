using DeviceId.Classifiers;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Training;

namespace DeviceId.Tests.Experiments;

public sealed class TrialStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AStoredResultIsReadUnchanged()
    {
        var store = new TrialStore(_folder.Path);
        var result = SomeResult();
        store.Write(result);
        var found = store.Find(SomeTrial())!;
        Assert.Equal(Json.Write(result), Json.Write(found));
        Assert.Equal([result.Key], store.All().Select(r => r.Key));
        Assert.Empty(store.Damaged);
    }

    [Fact]
    public void EverythingThatDeterminesTheResultChangesItsKey()
    {
        var trial = SomeTrial();
        Trial[] others =
        [
            trial with { Seed = 2 }, trial with { Split = "other" }, trial with { Corpus = "other" },
            trial with { Settings = trial.Settings with { Sentences = 2 } },
            trial with { Settings = trial.Settings with { FrontEnd = trial.Settings.FrontEnd with { RelevanceFactor = 11 } } },
        ];
        Assert.Equal(others.Length + 1, others.Append(trial).Select(t => t.Key).Distinct().Count());
        Assert.Equal(trial.Key, SomeTrial().Key);
        Assert.Matches("^[0-9a-f]{24}$", trial.Key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"key\":\"x\"}")]
    [InlineData("[1,2,3]")]
    public void ADamagedResultIsReportedAndNotUsed(string text)
    {
        var store = new TrialStore(_folder.Path);
        File.WriteAllText(_folder.File(SomeTrial().Key + ".json"), text);
        Assert.Null(store.Find(SomeTrial()));
        Assert.Null(store.Find(SomeTrial()));
        Assert.Contains(_folder.File(SomeTrial().Key + ".json"), Assert.Single(store.Damaged), StringComparison.Ordinal);
    }

    [Fact]
    public void AResultUnderAnotherNameOrWithInconsistentAnswersIsNotUsed()
    {
        var store = new TrialStore(_folder.Path);
        var result = SomeResult();
        File.WriteAllText(_folder.File("other.json"), Json.Write(result));
        File.WriteAllText(_folder.File("short.json"), Json.Write(result with { Key = "short", RecordingOf = [0] }));
        File.WriteAllText(_folder.File("wild.json"), Json.Write(result with { Key = "wild", Truth = [0, 99] }));
        Assert.Empty(store.All());
        Assert.Equal(3, store.Damaged.Count);
    }

    [Fact]
    public void AResultWithOtherSettingsIsNotUsedWhateverItsName()
    {
        var store = new TrialStore(_folder.Path);
        var settings = SomeTrial().Settings;
        store.Write(SomeResult() with { Settings = settings.WithTraining(training => training with { Epochs = 99 }) });
        Assert.Null(store.Find(SomeTrial()));
        Assert.Contains("settings differ from those of the trial", Assert.Single(store.Damaged), StringComparison.Ordinal);
        Assert.Empty(store.All());
    }

    [Fact]
    public void AChangedSourceUnderAnUnchangedVersionIsReportedWithBothSourcesAndTheResultIsUsed()
    {
        TrialSettings With(CustomLoss loss) => SomeTrial().Settings.WithLoss(loss);
        var before = With(new CustomLoss("mine v1", (output, labels) => output.Deep.sum()));
        var after = With(new CustomLoss("mine v1", (output, labels) => output.Deep.mean()));
        var raised = With(new CustomLoss("mine v2", (output, labels) => output.Deep.mean()));
        var store = new TrialStore(_folder.Path);
        var trial = SomeTrial() with { Settings = before };
        store.Write(SomeResult() with { Settings = before, Key = trial.Key });

        Assert.NotNull(store.Find(trial));
        Assert.Empty(store.Changed);
        Assert.NotNull(store.Find(trial with { Settings = after }));
        var message = Assert.Single(store.Changed);
        Assert.Contains("'mine v1'", message, StringComparison.Ordinal);
        Assert.All(new[] { before, after },
            settings => Assert.Contains(((CustomLoss)Loss(settings)).Source, message, StringComparison.Ordinal));
        Assert.Null(store.Find(trial with { Settings = raised }));

        // Settings read from a file have the version but no function: they are refused with that version.
        var stored = Json.Read<TrialSettings>(Json.Write(after));
        Assert.Contains("The loss 'mine v1' is defined in a notebook cell", Assert.Single(stored.Problems()), StringComparison.Ordinal);
        Assert.Equal(Json.Write(after), Json.Write(stored));
        LossOptions Loss(TrialSettings settings) => ((NetworkClassifierOptions)settings.Classifier).Training.Loss;
    }

    [Fact]
    public void ResultsInReadOnlyFoldersAreReadAndNeverWritten()
    {
        var committed = new TrialStore(_folder.File("committed"));
        committed.Write(SomeResult());
        var store = new TrialStore(_folder.File("own"), committed.Folder);
        Assert.NotNull(store.Find(SomeTrial()));
        store.Write(SomeResult() with { Key = "new" });
        Assert.Single(Directory.GetFiles(committed.Folder));
    }

    [Fact]
    public void ATrialIsClaimedOnceUntilItIsReleased()
    {
        var (one, other) = (new TrialStore(_folder.Path), new TrialStore(_folder.Path));
        using (var claim = one.TryClaim("key"))
        {
            Assert.NotNull(claim);
            Assert.Null(other.TryClaim("key"));
            using var another = other.TryClaim("another");
            Assert.NotNull(another);
        }

        using var again = other.TryClaim("key");
        Assert.NotNull(again);
    }

    [Theory]
    [InlineData("1/1", 10, 0, 10)]
    [InlineData("1/3", 10, 0, 3)]
    [InlineData("3/3", 10, 6, 4)]
    [InlineData("2/2", 1, 0, 1)]
    public void AShardIsContiguous(string text, int items, int first, int count) =>
        Assert.Equal(Enumerable.Range(first, count), Shard.Parse(text).Select(Enumerable.Range(0, items).ToList()));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("0/2")]
    [InlineData("3/2")]
    [InlineData("-1/2")]
    [InlineData("1/2/3")]
    public void AnInvalidShardIsRefused(string text) => Assert.Throws<FormatException>(() => Shard.Parse(text));

    private static Trial SomeTrial() => new(Profile.Smoke.Settings, "fingerprint", "sentence-001", 1);

    private static TrialResult SomeResult() => new()
    {
        Key = SomeTrial().Key, LibraryVersion = Trial.LibraryVersion, Settings = SomeTrial().Settings, CorpusName = "fake",
        Corpus = "fingerprint", IsSimulated = true, Split = "sentence-001", Seed = 1,
        Finished = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        Environment = new("machine", "cpu", 1, "system", "runtime", "torch"), Epochs = [new(1, 2.5, 0.5, 0.001, 1.5)],
        Devices = ["a", "b"], Recordings = ["a/1", "b/1"], Truth = [0, 1], RecordingOf = [0, 0, 1],
        Outputs = new Dictionary<string, OutputAnswers> { [TrialOutput.Deep] = new([0, 1, 1], [0, 1]) },
        Attention = [[0.25f, 0.5f], [0.75f, 1]], Times = new(1, 2, 3),
    };
}
