using DeviceId.Audio;
using DeviceId.Experiments;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Corpora;
using DeviceId.Fuzz;
using DeviceId.Models;
using DeviceId.Notebooks.Format;
using DeviceId.Tests.Models;
using DeviceId.Tests.Notebooks;
using DeviceId.Tests.Training;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Tests.Soak;

/// <summary>Full disks and read-only disks: a clear error, and existing files stay unchanged.</summary>
[Collection(TensorCollection.Name)]
public sealed class DiskTests
{
    [Fact]
    public void AResultThatDoesNotFitLeavesEarlierResultsAndNoPartialFile()
    {
        using var disk = SmallDisk.Mount(64);
        var (store, result) = StoreWithOne(disk);
        disk.Fill();
        Assert.ThrowsAny<IOException>(() => store.Write(result with { Key = "new" }));
        Assert.ThrowsAny<IOException>(() => store.Write(result with { CorpusName = new string('x', 5000) }));
        Assert.Equal("c", store.Find(result.Trial)!.CorpusName);
        Assert.Equal([result.Key + ".json"], Directory.GetFiles(store.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void OnAReadOnlyDiskResultsAreFoundAndAClaimFailsInsteadOfWaiting()
    {
        using var disk = SmallDisk.Mount(64);
        var (store, result) = StoreWithOne(disk);
        // Left by a killed process: it must not be taken for a claim.
        File.WriteAllText(Path.Combine(store.Folder, "abandoned.lock"), "");
        disk.MakeReadOnly();
        Assert.NotNull(store.Find(result.Trial));
        Assert.Contains("ead-only", Assert.ThrowsAny<IOException>(() => store.TryClaim("abandoned")).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => store.TryClaim("new"));
        Assert.ThrowsAny<IOException>(() => store.Write(result));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FeaturesAreComputedAnywayAndTheReasonIsReported(bool readOnly)
    {
        using var disk = SmallDisk.Mount(64);
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        Recording Make(string name, int seed)
        {
            var path = folder.File(name);
            var random = new SplitMix64((ulong)seed);
            WaveFile.Write(path, new AudioClip([.. Enumerable.Range(0, 16000).Select(_ => (float)random.Uniform(-0.5, 0.5))], 16000));
            return new Recording(path, "a", name, ContentHash.HashFile(path), 16000, 1);
        }

        var (first, second) = (Make("1.wav", 1), Make("2.wav", 2));
        var stored = new FeatureStore(disk.File("cache"), MfccOptions.AsWritten, CPU)
            .Load([first], cancellationToken: TestContext.Current.CancellationToken)[0];
        if (readOnly)
            disk.MakeReadOnly();
        else
            disk.Fill();
        var store = new FeatureStore(disk.File("cache"), MfccOptions.AsWritten, CPU);
        var loaded = store.Load([first, second], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((1, 0), (store.Computed, store.Damaged));
        Assert.True(loaded[0].Equals(stored));
        Assert.Contains("not kept", store.Warning, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(disk.Path, "*", SearchOption.AllDirectories),
            file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void ATrainingThatCannotWriteItsCheckpointReportsItAndEndsWithTheSameWeights()
    {
        using var thread = new SingleThread();
        using var disk = SmallDisk.Mount(2048);
        using var data = TrainingSamples.Make();
        var notices = new List<string>();
        var checkpoints = new Checkpoints(disk.File("training.checkpoint"), notices.Add) { Interval = TimeSpan.Zero, RemoveAtEnd = false };
        using (var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed))
        {
            TrainingSamples.Fit(network, data, checkpoints: checkpoints, onReport: report =>
            {
                if (report is { Epoch: 3, Batch: 1 })
                    disk.Fill();
            });
            Assert.Equal(TrainingSamples.Trained(data, TrainingSamples.Options), TrainingSamples.State(network));
        }

        Assert.NotEmpty(notices);
        Assert.All(notices, notice => Assert.Contains("cannot be written", notice, StringComparison.Ordinal));

        // The last checkpoint that fitted is intact: the training resumes from it once there is space.
        File.Delete(disk.File("filling"));
        var batches = new List<(int Epoch, int Batch)>();
        using var resumed = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        TrainingSamples.Fit(resumed, data, onReport: report => batches.Add((report.Epoch, report.Batch)), checkpoints: checkpoints);
        Assert.Equal((3, 1), batches[0]);
        Assert.Equal(TrainingSamples.Trained(data, TrainingSamples.Options), TrainingSamples.State(resumed));
    }

    [Fact]
    public void OnAReadOnlyDiskATrainingCanBeCancelledAndEndsWithTheSameWeights()
    {
        using var thread = new SingleThread();
        using var disk = SmallDisk.Mount(2048);
        using var data = TrainingSamples.Make();
        var path = disk.File("training.checkpoint");
        File.WriteAllText(path, "no checkpoint");
        disk.MakeReadOnly();
        var notices = new List<string>();
        var checkpoints = new Checkpoints(path, notices.Add) { Interval = TimeSpan.Zero };
        var trained = TrainingSamples.Trained(data, TrainingSamples.Options, checkpoints);
        Assert.Equal(TrainingSamples.Trained(data, TrainingSamples.Options), trained);
        foreach (var sentence in new[] { "is discarded", "cannot be deleted", "cannot be written" })
            Assert.Contains(notices, notice => notice.Contains(sentence, StringComparison.Ordinal));
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        using var stop = new CancellationTokenSource();
        var cancel = new OnReport(_ => stop.Cancel());
        Assert.Throws<OperationCanceledException>(
            () => new Trainer(network, TrainingSamples.Options, CPU).Fit(data, cancel, checkpoints, cancellationToken: stop.Token));
    }

    [Fact]
    public void ANotebookThatDoesNotFitStaysUnchanged()
    {
        using var disk = SmallDisk.Mount(64);
        var path = disk.File("n.ipynb");
        new NotebookFile([new Cell(Cell.Markdown, "before")]).Write(path);
        disk.Fill();
        Assert.ThrowsAny<IOException>(() => new NotebookFile([new Cell(Cell.Markdown, new string('x', 20_000))]).Write(path));
        Assert.Equal("before", NotebookFile.Read(path).Cells[0].Source);
        Assert.Equal(["filling", "n.ipynb"], Directory.GetFiles(disk.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task TheRunnerReportsItInASentence()
    {
        using var disk = SmallDisk.Mount(64);
        disk.MakeReadOnly();
        var (exit, output) = await RunnerProcess.RunAsync("run", "--experiment", "05", "--profile", "smoke", "--threads", "1", "--results",
            disk.File("results"));
        Assert.Equal(1, exit);
        Assert.Contains("ead-only", output, StringComparison.Ordinal);
        Assert.Contains("name another folder", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private static (TrialStore Store, TrialResult Result) StoreWithOne(SmallDisk disk)
    {
        var result = Json.Read<TrialResult>(System.Text.Encoding.UTF8.GetString(FuzzTargets.Find("result").Seeds().First()));
        var store = new TrialStore(disk.File("trials"));
        store.Write(result);
        return (store, result);
    }
}
