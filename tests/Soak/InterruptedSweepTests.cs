using System.Diagnostics;
using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Tests.Training;
using static TorchSharp.torch;

namespace DeviceId.Tests.Soak;

/// <summary>
/// A sweep of five trainings that is interrupted, killed and restarted ends with the same results as an uninterrupted one.
/// </summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class InterruptedSweepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AnInterruptedKilledAndResumedSweepEqualsAnUninterruptedOne()
    {
        var (uninterrupted, interrupted) = (NewFolder("uninterrupted"), NewFolder("interrupted"));
        var expected = Run(uninterrupted);
        Assert.Equal(5, expected.Count);

        // Interrupted in the second trial, in its third epoch: within 5 s, and with a checkpoint.
        using (var stop = new CancellationTokenSource())
        {
            var clock = new Stopwatch();
            Assert.Throws<OperationCanceledException>(() => { Run(interrupted, stop, clock); });
            // The limit that holds for every phase (measured: 0.1 s on two cores).
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
        }

        Assert.Single(Files(interrupted, "*.json"));
        Assert.Single(Files(interrupted, "*.checkpoint"));

        // The files that a process leaves if it is killed just after storing the first trial.
        var first = Path.GetFileNameWithoutExtension(Files(interrupted, "*.json")[0]);
        foreach (var extension in new[] { ".lock", ".checkpoint" })
            File.WriteAllText(Path.Combine(SweepProcess.Results(interrupted), first + extension), "left behind");

        // Killed once that trial is finished and the next training has left a checkpoint.
        using (var process = SweepProcess.StartWithCheckpoints(interrupted))
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await ChildTest.KillHaltedAsync(process, SweepProcess.HaltedFile(interrupted));
            await Task.WhenAll(output, errors);
        }

        Assert.Equal(2, Files(interrupted, "*.json").Length);
        Assert.Contains(Files(interrupted, "*.checkpoint"), file => !File.Exists(Path.ChangeExtension(file, ".json")));
        AssertSameResults(expected, interrupted);
        Assert.Empty(Files(interrupted, "*.checkpoint").Concat(Files(interrupted, "*.lock")));
        foreach (var scores in Files(uninterrupted, "*.scores").Concat(Files(uninterrupted, "*.outputs")))
            Assert.Equal(File.ReadAllBytes(scores),
                File.ReadAllBytes(Path.Combine(SweepProcess.Results(interrupted), Path.GetFileName(scores))));
    }

    [Fact]
    public void ADamagedCheckpointIsDiscardedWithANoticeAndTheTrialIsTrainedAgain()
    {
        var (uninterrupted, interrupted) = (NewFolder("uninterrupted"), NewFolder("interrupted"));
        var expected = Run(uninterrupted);
        using (var stop = new CancellationTokenSource())
            Assert.Throws<OperationCanceledException>(() => { Run(interrupted, stop, new Stopwatch()); });
        var checkpoint = Assert.Single(Files(interrupted, "*.checkpoint"));
        var bytes = File.ReadAllBytes(checkpoint);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(checkpoint, bytes);

        var notices = new List<string>();
        AssertSameResults(expected, interrupted, notices);
        Assert.Contains(checkpoint, Assert.Single(notices), StringComparison.Ordinal);
        Assert.Contains("starts again from the beginning", notices[0], StringComparison.Ordinal);
    }

    private static void AssertSameResults(IReadOnlyDictionary<string, TrialResult> expected, string folder, List<string>? notices = null)
    {
        var results = Run(folder, notices: notices);
        Assert.Equal(expected.Keys.Order(), results.Keys.Order());
        Assert.All(expected, pair => Assert.Equal(Serialise(pair.Value), Serialise(results[pair.Key])));
        Assert.Contains("half way", Serialise(expected.Values.First()), StringComparison.Ordinal);
    }

    /// <summary>A result without its times, as JSON.</summary>
    private static string Serialise(TrialResult result) => Json.Write(new
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
        string folder, CancellationTokenSource? stop = null, Stopwatch? clock = null, List<string>? notices = null)
    {
        // Here and not around the whole test: the code after an await may run on another thread.
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
        var sweep = new Sweep(runner, new TrialStore(SweepProcess.Results(folder)), SweepProcess.Profile)
        {
            Notice = sentence => notices?.Add(sentence),
        };
        var cancelled = stop?.Token ?? TestContext.Current.CancellationToken;
        return sweep.Run(SweepProcess.Variants(SweepProcess.Profile.Settings), cancellationToken: cancelled);
    }
}
