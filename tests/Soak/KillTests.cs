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
/// Processes killed (SIGKILL) after a random piece of their work: they report each, and go on while the signal is on its way.
/// Each test takes a third of DEVICEID_KILLS (tests/soak; a few without it), then lets the work end undisturbed and compares.
/// </summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class KillTests : IDisposable
{
    private static readonly int Kills = Math.Max(1,
        int.Parse(Environment.GetEnvironmentVariable("DEVICEID_KILLS") ?? "9", CultureInfo.InvariantCulture) / 3);

    private readonly TemporaryFolder _folder = new();

    // The same pieces each time; DEVICEID_KILL_SEED for others.
    private static readonly ulong Seed =
        ulong.Parse(Environment.GetEnvironmentVariable("DEVICEID_KILL_SEED") ?? "1", CultureInfo.InvariantCulture);

    private readonly SplitMix64 _random = new(Seed);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TwoSweepingProcessesKilledAgainAndAgainEndWithTheResultsOfOneThatWasLeftAlone()
    {
        // How much a sweep may do before it is killed: most kills must find a sweep at work, and some a finished one.
        var (expected, most) = await Undisturbed();
        var finished = 0;
        for (var (round, killed) = (0, 0); killed < Kills; round++)
        {
            var folder = Directory.CreateDirectory(_folder.File($"round {round} ä")).FullName;
            var stored = new Dictionary<string, string>();
            // A sweep that reached its end begins again elsewhere.
            for (var left = true; left && killed < Kills;)
            {
                using var one = SweepProcess.Start(folder);
                using var other = SweepProcess.Start(folder);
                var kills = new[] { one, other }.Select(process => ChildTest.KillAfterAsync(process, _random.Below(most))).ToList();
                var alive = await Task.WhenAll(kills);
                killed += alive.Count(wasAlive => wasAlive);
                // One that is begun again has less to do.
                most = Math.Max(1, alive.Contains(true) ? most : most * 4 / 5);
                LookAt(folder, stored);
                left = stored.Count < expected.Count;
            }

            using (var last = SweepProcess.Start(folder))
                await End(last);
            LookAt(folder, stored);
            Assert.Equal(expected, Answers(folder));
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
        // Half of its batches, three an epoch: one that goes on from a checkpoint has fewer left.
        var most = 3 * TrainingProcess.Options.Epochs / 2;
        for (var killed = 0; killed < Kills;)
        {
            var folder = _folder.File($"training {killed}");
            for (var again = true; again && killed < Kills; again = _random.Below(4) > 0)
            {
                using var process = TrainingProcess.Start(Directory.CreateDirectory(folder).FullName, halt: null);
                killed += await ChildTest.KillAfterAsync(process, _random.Below(most)) ? 1 : 0;
            }

            using var resumed = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingProcess.Options.Seed);
            var checkpoints = TrainingSamples.AfterEveryBatch(TrainingProcess.CheckpointFile(folder));
            OnOneThread(() => TrainingSamples.Fit(resumed, data, TrainingProcess.Options, checkpoints: checkpoints));
            Assert.Equal(expected, TrainingSamples.State(resumed));
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task AReportKilledWhileItIsWrittenIsWholeOrAbsentAndIsWrittenAfterwards()
    {
        using (var first = SweepProcess.Start(_folder.Path))
            await End(first);
        var results = SweepProcess.Results(_folder.Path);
        var output = _folder.File("report");
        await Report(results, _folder.File("undisturbed"));
        var all = Directory.GetFiles(_folder.File("undisturbed")).Length;
        for (var killed = 0; killed < Kills;)
        {
            using var process = RunnerProcess.Start("report", "--profile", "standard", "--results", results, "--out", output);
            // It says nothing while it writes: its files do. None is as good a moment as any other, and so is the last.
            var (before, files) = (Written(), _random.Below(all + 1));
            await Eventually.IsTrueAsync(() => process.HasExited || Written().Except(before).Count() >= files, "the report's next file");
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
        Assert.Equal(Names(_folder.File("undisturbed")), Names(output));

        // With the times, for a file that is written again is another one.
        List<(string, DateTime)> Written() =>
            Directory.Exists(output) ? [.. Directory.GetFiles(output).Select(path => (path, File.GetLastWriteTimeUtc(path)))] : [];

        static IEnumerable<string?> Names(string folder) => Directory.GetFiles(folder).Select(Path.GetFileName).Order();
    }

    /// <summary>
    /// Not around an await: libtorch's number of threads is the calling thread's own, and what follows an await may run on another.
    /// </summary>
    private static T OnOneThread<T>(Func<T> work)
    {
        using var thread = new SingleThread();
        return work();
    }

    /// <summary>The answers of a sweep that was left alone, and the number of pieces of work that it took.</summary>
    private async Task<(Dictionary<string, string> Answers, int Points)> Undisturbed()
    {
        var folder = Directory.CreateDirectory(_folder.File("undisturbed")).FullName;
        using var process = SweepProcess.Start(folder);
        var points = ChildTest.PointsIn(await End(process));
        var answers = Answers(folder);
        Assert.Equal(5, answers.Count);
        // Recordings, features and batches: with less the kills would all come at the same places.
        Assert.True(points > 50, $"only {points} pieces of work");
        return (answers, points);
    }

    private static async Task Report(string results, string output)
    {
        var (exit, text) = await RunnerProcess.RunAsync("report", "--profile", "standard", "--results", results, "--out", output);
        Assert.True(exit == 0, text);
    }

    /// <summary>Every file is whole, and what was stored before is as it was: nothing was computed a second time.</summary>
    private static void LookAt(string folder, Dictionary<string, string> stored)
    {
        var results = SweepProcess.Results(folder);
        var now = Directory.Exists(results) ? Directory.GetFiles(results, "*.json").ToDictionary(path => path, File.ReadAllText) : [];
        foreach (var (path, text) in stored)
            Assert.Equal(text, now[path]);
        foreach (var (path, text) in now)
            stored[path] = text;
        var store = new TrialStore(results);
        Assert.Equal(now.Count, store.All().Count);
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

    /// <summary>The results without the times that they took.</summary>
    private static Dictionary<string, string> Answers(string folder) => new TrialStore(SweepProcess.Results(folder)).All().ToDictionary(
        result => result.Key,
        result => Json.Write(result with
        {
            Finished = default,
            Times = new(0, 0, 0),
            Epochs = [.. result.Epochs.Select(epoch => epoch with { Seconds = 0 })]
        }));

    /// <summary>Lets a process come to its end.</summary>
    /// <returns>Its output.</returns>
    private static async Task<string> End(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await errors);
        return await output;
    }
}
