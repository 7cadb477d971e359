using System.Diagnostics;
using System.Globalization;
using DeviceId.Audio;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Notebooks.Format;
using DeviceId.Tests.Models;
using DeviceId.Tests.Notebooks;
using DeviceId.Tests.Training;

namespace DeviceId.Tests.Soak;

/// <summary>
/// Processes are killed (SIGKILL) after a random step: they report each step, and continue until the signal arrives. Each test takes a
/// third of DEVICEID_KILLS (tests/soak; a few without it), then lets the work finish uninterrupted and compares.
/// </summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class KillTests : IDisposable
{
    private static readonly int Kills = Math.Max(1,
        int.Parse(Environment.GetEnvironmentVariable("DEVICEID_KILLS") ?? "9", CultureInfo.InvariantCulture) / 3);

    private readonly TemporaryFolder _folder = new();

    // The same steps in every run; DEVICEID_KILL_SEED selects others.
    private static readonly ulong Seed =
        ulong.Parse(Environment.GetEnvironmentVariable("DEVICEID_KILL_SEED") ?? "1", CultureInfo.InvariantCulture);

    private readonly SplitMix64 _random = new(Seed);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TwoSweepProcessesKilledRepeatedlyEndWithTheResultsOfAnUninterruptedOne()
    {
        // The maximum number of steps before a sweep is killed: most kills must hit a running sweep, and some a finished one.
        var (expected, maxSteps) = await RunUninterrupted();
        var finished = 0;
        for (var (round, killed) = (0, 0); killed < Kills; round++)
        {
            var folder = Directory.CreateDirectory(_folder.File($"round {round} ä")).FullName;
            var stored = new Dictionary<string, string>();
            // After a finished sweep, the next round starts in another folder.
            for (var unfinished = true; unfinished && killed < Kills;)
            {
                using var one = SweepProcess.Start(folder);
                using var other = SweepProcess.Start(folder);
                var kills = new[] { one, other }.Select(process => ChildTest.KillAfterAsync(process, _random.Below(maxSteps))).ToList();
                var wereAlive = await Task.WhenAll(kills);
                killed += wereAlive.Count(alive => alive);
                // A restarted sweep has fewer steps left.
                maxSteps = Math.Max(1, wereAlive.Contains(true) ? maxSteps : maxSteps * 4 / 5);
                CheckFiles(folder, stored);
                unfinished = stored.Count < expected.Count;
            }

            using (var last = SweepProcess.Start(folder))
                await WaitForExit(last);
            CheckFiles(folder, stored);
            Assert.Equal(expected, ReadResults(folder));
            Assert.Empty(Directory.GetFiles(SweepProcess.Results(folder), "*.lock"));
            Directory.Delete(folder, recursive: true);
            finished++;
        }

        Assert.True(finished > 0);
    }

    [Fact]
    public async Task ATrainingKilledAfterRandomBatchesEndsWithTheSameBits()
    {
        using var data = TrainingSamples.Make();
        var expected = OnOneThread(() => TrainingSamples.Trained(data, TrainingProcess.Options));
        // Half of its batches, at three per epoch: a training that resumes from a checkpoint has fewer left.
        var maxSteps = 3 * TrainingProcess.Options.Epochs / 2;
        for (var killed = 0; killed < Kills;)
        {
            var folder = _folder.File($"training {killed}");
            for (var again = true; again && killed < Kills; again = _random.Below(4) > 0)
            {
                using var process = TrainingProcess.Start(Directory.CreateDirectory(folder).FullName, halt: null);
                killed += await ChildTest.KillAfterAsync(process, _random.Below(maxSteps)) ? 1 : 0;
            }

            using var resumed = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingProcess.Options.Seed);
            var checkpoints = TrainingSamples.AfterEveryBatch(TrainingProcess.CheckpointFile(folder));
            OnOneThread(() => TrainingSamples.Fit(resumed, data, TrainingProcess.Options, checkpoints: checkpoints));
            Assert.Equal(expected, TrainingSamples.State(resumed));
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task AReportKilledWhileItIsWrittenIsCompleteOrMissingAndIsWrittenAfterwards()
    {
        using (var first = SweepProcess.Start(_folder.Path))
            await WaitForExit(first);
        var results = SweepProcess.Results(_folder.Path);
        var output = _folder.File("report");
        await Report(results, _folder.File("uninterrupted"));
        var all = Directory.GetFiles(_folder.File("uninterrupted")).Length;
        for (var killed = 0; killed < Kills;)
        {
            using var process = RunnerProcess.Start("report", "--profile", "standard", "--results", results, "--out", output);
            // The process reports no steps, so its files are counted. Zero files is as good a moment as any other, and so is the last.
            var (before, files) = (Written(), _random.Below(all + 1));
            bool HasWritten() => process.HasExited || Written().Except(before).Count() >= files;
            await Eventually.IsTrueAsync(HasWritten, "the report has its next file");
            killed += process.HasExited ? 0 : 1;
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            foreach (var notebook in Directory.Exists(output) ? Directory.GetFiles(output, "*.ipynb") : [])
                Assert.NotEmpty(NotebookFile.Read(notebook).Cells);
            var html = Path.Combine(output, "report.html");
            if (!File.Exists(html))
                continue;
            Assert.EndsWith("</html>\n", File.ReadAllText(html), StringComparison.Ordinal);
            if (_random.Below(2) == 0)
                Directory.Delete(output, recursive: true);
        }

        await Report(results, output);
        Assert.Equal(Names(_folder.File("uninterrupted")), Names(output));

        // With the times, because a file that is written again counts as a new one.
        List<(string, DateTime)> Written() =>
            Directory.Exists(output) ? [.. Directory.GetFiles(output).Select(path => (path, File.GetLastWriteTimeUtc(path)))] : [];

        static IEnumerable<string?> Names(string folder) => Directory.GetFiles(folder).Select(Path.GetFileName).Order();
    }

    /// <summary>
    /// Not around an await: libtorch's thread count belongs to the calling thread, and the code after an await may run on another.
    /// </summary>
    private static T OnOneThread<T>(Func<T> work)
    {
        using var thread = new SingleThread();
        return work();
    }

    /// <summary>Runs an uninterrupted sweep; returns its results and its number of steps.</summary>
    private async Task<(Dictionary<string, string> Results, int Steps)> RunUninterrupted()
    {
        var folder = Directory.CreateDirectory(_folder.File("uninterrupted")).FullName;
        using var process = SweepProcess.Start(folder);
        var steps = ChildTest.CountSteps(await WaitForExit(process));
        var results = ReadResults(folder);
        Assert.Equal(5, results.Count);
        // Recordings, features and batches: with fewer steps, the kills would all hit the same places.
        Assert.True(steps > 50, $"only {steps} steps");
        return (results, steps);
    }

    private static async Task Report(string results, string output)
    {
        var (exit, text) = await RunnerProcess.RunAsync("report", "--profile", "standard", "--results", results, "--out", output);
        Assert.True(exit == 0, text);
    }

    /// <summary>Checks that every file is intact, and that stored results are unchanged: nothing was computed a second time.</summary>
    private static void CheckFiles(string folder, Dictionary<string, string> stored)
    {
        var results = SweepProcess.Results(folder);
        var current = Directory.Exists(results) ? Directory.GetFiles(results, "*.json").ToDictionary(path => path, File.ReadAllText) : [];
        foreach (var (path, text) in stored)
            Assert.Equal(text, current[path]);
        foreach (var (path, text) in current)
            stored[path] = text;
        var store = new TrialStore(results);
        Assert.Equal(current.Count, store.All().Count);
        Assert.Empty(store.Damaged);
        foreach (var recording in Directory.GetFiles(folder, "*.wav", SearchOption.AllDirectories))
            Assert.NotEmpty(AudioFile.Read(recording).Samples);
        foreach (var entry in Directory.Exists(SweepProcess.Features(folder))
            ? Directory.GetFiles(SweepProcess.Features(folder), "*.npy", SearchOption.AllDirectories) : [])
        {
            var key = ContentHash.HashText(File.ReadAllText(Path.Combine(Path.GetDirectoryName(entry)!, "features.txt")).TrimEnd('\n'));
            Assert.NotNull(DeviceId.Features.NpyFile.TryRead(entry, $"{key} {Path.GetFileNameWithoutExtension(entry)}"));
        }
    }

    /// <summary>The stored results without their times, as JSON.</summary>
    private static Dictionary<string, string> ReadResults(string folder) => new TrialStore(SweepProcess.Results(folder)).All().ToDictionary(
        result => result.Key,
        result => Json.Write(result with
        {
            Finished = default,
            Times = new(0, 0, 0),
            Epochs = [.. result.Epochs.Select(epoch => epoch with { Seconds = 0 })]
        }));

    /// <summary>Waits until a process ends successfully.</summary>
    /// <returns>Its output.</returns>
    private static async Task<string> WaitForExit(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await errors);
        return await output;
    }
}
