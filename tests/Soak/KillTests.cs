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
/// Processes killed (SIGKILL) at random moments. Each test takes a third of DEVICEID_KILLS (tests/soak; a few without it), then lets the
/// work end undisturbed and compares.
/// </summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class KillTests : IDisposable
{
    private static readonly int Kills = Math.Max(1,
        int.Parse(Environment.GetEnvironmentVariable("DEVICEID_KILLS") ?? "9", CultureInfo.InvariantCulture) / 3);

    private readonly TemporaryFolder _folder = new();
    private readonly SplitMix64 _random = new((ulong)Environment.TickCount64);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TwoSweepingProcessesKilledAgainAndAgainEndWithTheResultsOfOneThatWasLeftAlone()
    {
        var (clock, expected) = (Stopwatch.StartNew(), await Undisturbed());
        // How long a sweep may run before it is killed. It follows the machine: most kills must find a sweep at work, and some a finished
        // one.
        var longest = clock.Elapsed;
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
                await Task.Delay(longest * _random.Uniform(), TestContext.Current.CancellationToken);
                var alive = await Kill(one) + await Kill(other);
                killed += alive;
                longest *= alive == 0 ? 0.8 : 1.05;
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
    public async Task ATrainingKilledAtRandomMomentsEndsWithTheSameBits()
    {
        using var data = TrainingSamples.Make();
        var expected = OnOneThread(() => TrainingSamples.Trained(data, TrainingProcess.Options));
        for (var killed = 0; killed < Kills;)
        {
            var folder = _folder.File($"training {killed}");
            for (var again = true; again && killed < Kills; again = _random.Below(4) > 0)
            {
                using var process = TrainingProcess.Start(Directory.CreateDirectory(folder).FullName, halt: null);
                await Task.Delay(TimeSpan.FromSeconds(0.5 + 2.5 * _random.Uniform()), TestContext.Current.CancellationToken);
                killed += await Kill(process);
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
        var clock = Stopwatch.StartNew();
        await Report(results, _folder.File("undisturbed"));
        var whole = clock.Elapsed;
        for (var killed = 0; killed < Kills;)
        {
            using var process = RunnerProcess.Start("report", "--profile", "standard", "--results", results, "--out", output);
            await Task.Delay(1.2 * whole * _random.Uniform(), TestContext.Current.CancellationToken);
            killed += await Kill(process);
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

    private async Task<Dictionary<string, string>> Undisturbed()
    {
        var folder = Directory.CreateDirectory(_folder.File("undisturbed")).FullName;
        using var process = SweepProcess.Start(folder);
        await End(process);
        var answers = Answers(folder);
        Assert.Equal(5, answers.Count);
        return answers;
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

    /// <summary>1 for a process that was killed, 0 for one that had ended.</summary>
    private static async Task<int> Kill(Process process)
    {
        var ended = process.HasExited;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        return ended ? 0 : 1;
    }

    private static async Task End(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await errors);
    }
}
