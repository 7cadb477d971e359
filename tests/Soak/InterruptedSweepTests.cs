using System.Diagnostics;
using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Tests.Training;
using static TorchSharp.torch;

namespace DeviceId.Tests.Soak;

/// <summary>A sweep of five trainings that is interrupted, killed and started again ends as one that was left alone.</summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class InterruptedSweepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AnInterruptedKilledAndResumedSweepEqualsAnUndisturbedOne()
    {
        var (alone, disturbed) = (NewFolder("alone"), NewFolder("disturbed"));
        var expected = Run(alone);
        Assert.Equal(5, expected.Count);

        // Interrupted in the second trial, in its second epoch: within 5 s, and with a checkpoint.
        using (var stop = new CancellationTokenSource())
        {
            var clock = new Stopwatch();
            Assert.Throws<OperationCanceledException>(() => { Run(disturbed, stop, clock); });
            // The promise of every phase, and of this one too: measured 0.1 s on two cores.
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
        }

        Assert.Single(Files(disturbed, "*.json"));
        Assert.Single(Files(disturbed, "*.checkpoint"));

        // What a process killed just behind the storing of the first trial would leave.
        var first = Path.GetFileNameWithoutExtension(Files(disturbed, "*.json")[0]);
        foreach (var extension in new[] { ".lock", ".checkpoint" })
            File.WriteAllText(Path.Combine(SweepProcess.Results(disturbed), first + extension), "left behind");

        // Killed once that trial is done and the training of the next has left a checkpoint.
        using (var process = SweepProcess.StartWithCheckpoints(disturbed))
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await ChildTest.KillHaltedAsync(process, SweepProcess.HaltedFile(disturbed));
            await Task.WhenAll(output, errors);
        }

        Assert.Equal(2, Files(disturbed, "*.json").Length);
        Assert.Contains(Files(disturbed, "*.checkpoint"), file => !File.Exists(Path.ChangeExtension(file, ".json")));
        AssertTheSame(expected, disturbed);
        Assert.Empty(Files(disturbed, "*.checkpoint").Concat(Files(disturbed, "*.lock")));
        foreach (var scores in Files(alone, "*.scores").Concat(Files(alone, "*.outputs")))
            Assert.Equal(File.ReadAllBytes(scores),
                File.ReadAllBytes(Path.Combine(SweepProcess.Results(disturbed), Path.GetFileName(scores))));
    }

    [Fact]
    public void ADamagedCheckpointIsDiscardedWithAWordAndTheTrialTrainedAnew()
    {
        var (alone, disturbed) = (NewFolder("alone"), NewFolder("disturbed"));
        var expected = Run(alone);
        using (var stop = new CancellationTokenSource())
            Assert.Throws<OperationCanceledException>(() => { Run(disturbed, stop, new Stopwatch()); });
        var checkpoint = Assert.Single(Files(disturbed, "*.checkpoint"));
        var bytes = File.ReadAllBytes(checkpoint);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(checkpoint, bytes);

        var said = new List<string>();
        AssertTheSame(expected, disturbed, said);
        Assert.Contains(checkpoint, Assert.Single(said), StringComparison.Ordinal);
        Assert.Contains("begins anew", said[0], StringComparison.Ordinal);
    }

    private static void AssertTheSame(IReadOnlyDictionary<string, TrialResult> expected, string folder, List<string>? said = null)
    {
        var results = Run(folder, said: said);
        Assert.Equal(expected.Keys.Order(), results.Keys.Order());
        Assert.All(expected, pair => Assert.Equal(Numbers(pair.Value), Numbers(results[pair.Key])));
        Assert.Contains("half way", Numbers(expected.Values.First()), StringComparison.Ordinal);
    }

    /// <summary>All numbers of a result that are not times.</summary>
    private static string Numbers(TrialResult result) => Json.Write(new
    {
        Losses = result.Epochs.Select(epoch => new { epoch.Epoch, epoch.Loss, epoch.Accuracy, epoch.LearningRate }).ToList(),
        result.Outputs,
        result.Attention,
        result.Truth,
        result.RecordingOf,
    });

    private string NewFolder(string name) => Directory.CreateDirectory(_folder.File(name)).FullName;

    private static string[] Files(string folder, string pattern) =>
        Directory.Exists(SweepProcess.Results(folder)) ? Directory.GetFiles(SweepProcess.Results(folder), pattern) : [];

    private static IReadOnlyDictionary<string, TrialResult> Run(
        string folder, CancellationTokenSource? stop = null, Stopwatch? clock = null, List<string>? said = null)
    {
        // Here and not around the whole test: what follows an await may run on another thread.
        using var thread = new SingleThread();
        var trainings = 0;
        var corpus = SimulatedCorpus.Open(SweepProcess.Profile.Simulated, folder);
        var pipeline = new Pipeline(SweepProcess.Features(folder), CPU)
        {
            Training = new OnReport(report =>
            {
                trainings += report is { Epoch: 1, Batch: 1 } ? 1 : 0;
                if (stop is null || trainings < 2 || report.Epoch < 3)
                    return;
                clock!.Start();
                stop.Cancel();
            }),
        };
        using var runner = new TrialRunner(corpus, pipeline);
        var sweep = new Sweep(runner, new TrialStore(SweepProcess.Results(folder)),
            SweepProcess.Profile)
        { Notice = sentence => said?.Add(sentence) };
        return sweep.Run(SweepProcess.Variants(SweepProcess.Profile.Settings), cancellationToken: stop?.Token
            ?? TestContext.Current.CancellationToken);
    }
}
