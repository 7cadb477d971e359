using System.Diagnostics;
using System.Globalization;
using DeviceId.Experiments;
using DeviceId.Tests.Notebooks;

namespace DeviceId.Tests.Experiments;

/// <summary>Sweeps by the real runner, in separate processes.</summary>
[Trait("Speed", "Slow")]
public sealed class SweepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TwoProcessesOnOneStoreShareTheTrialsAndRunNoneTwice()
    {
        // This sweep simulates the recordings, so that the two processes do not do so at the same time.
        await Sweep("05", "made");
        var both = await Task.WhenAll(Sweep("02", "both"), Sweep("02", "both"));
        Assert.All(both, run => Assert.Equal(0, run.ExitCode));
        Assert.All(both, run => Assert.Contains("02-back-end: 4 of 4 trials have a result", run.Output, StringComparison.Ordinal));

        // A line "N of 4…: variant, split, seed" is printed for each trial that is started.
        var started = both.SelectMany(run => run.Output.Split('\n').Where(line => line.Contains(", seed 1", StringComparison.Ordinal))
            .Select(line => line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..])).ToList();
        Assert.Equal(4, started.Count);
        Assert.Equal(4, started.Distinct().Count());
        Assert.Equal(4, Directory.GetFiles(_folder.File("both"), "*.json").Length);
        Assert.Empty(Directory.GetFiles(_folder.File("both"), "*.lock"));
    }

    [Fact]
    public async Task ADamagedResultIsReportedAndOnlyItsTrialIsRunAgain()
    {
        await Sweep("05", "store");
        var files = Directory.GetFiles(_folder.File("store"), "*.json");
        Assert.All(files, file => Assert.Matches("\"librarySource\":\"[0-9a-f]{16}\",\"runnerSource\":\"[0-9a-f]{16}\"",
            File.ReadAllText(file)));
        var before = Answers(files[0]);
        File.WriteAllText(files[0], File.ReadAllText(files[0])[..100]);
        var (exit, output) = await Sweep("05", "store");
        Assert.Equal(0, exit);
        Assert.Contains($"{files[0]}: this stored result cannot be used", output, StringComparison.Ordinal);
        Assert.Contains("2 of 2 trials have a result (1 were there already)", output, StringComparison.Ordinal);
        Assert.Equal(before, Answers(files[0]));

        string Answers(string path) => string.Join(' ',
            new TrialStore(_folder.File("store")).All().Single(result => result.Key == Path.GetFileNameWithoutExtension(path))
            .Segments(TrialOutput.Deep));
    }

    [Fact]
    public async Task TrainingsAreLoggedForTensorBoardAndThoseOfStoredTrialsToo()
    {
        Assert.Equal(0, (await Sweep("05", "logged", "--log", _folder.File("live"))).ExitCode);
        var (exit, output) = await Sweep("05", "logged", "--log", _folder.File("stored"));
        Assert.Equal(0, exit);
        Assert.Contains("2 of 2 trials have a result (2 were there already)", output, StringComparison.Ordinal);
        var runs = Runs("stored");
        Assert.Equal([Path.Combine("05-attention", "attention"), Path.Combine("05-attention", "concatenation")],
            runs.Select(run => Path.GetDirectoryName(run.Folder)!));
        Assert.Equal(Runs("live"), runs);
        Assert.All(runs, run => Assert.True(run.Bytes > 500, $"{run.Folder} has {run.Bytes} bytes"));

        List<(string Folder, long Bytes)> Runs(string log) =>
        [
            .. Directory.GetFiles(_folder.File(log), "events.out.tfevents.*.deviceid", SearchOption.AllDirectories)
                .Select(file => (Path.GetRelativePath(_folder.File(log), Path.GetDirectoryName(file)!), new FileInfo(file).Length)).Order(),
        ];
    }

    [Fact]
    public async Task AKilledSweepResumesWhereItStopped()
    {
        var store = _folder.File("killed");
        Directory.CreateDirectory(store);
        using (var process = RunnerProcess.Start("run", "--experiment", "02", "--profile", "smoke", "--threads", "1", "--results", store))
        {
            // Printed when the second of four trainings starts, after the result of the first has been stored.
            await ReadUntilAsync(process, ": 1 of 4");
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var before = Directory.GetFiles(store, "*.json").ToDictionary(path => path, File.ReadAllText);
        Assert.InRange(before.Count, 1, 3);
        var (exit, output) = await Sweep("02", "killed");
        Assert.Equal(0, exit);
        Assert.Contains($"4 of 4 trials have a result ({before.Count} were there already)", output, StringComparison.Ordinal);
        Assert.All(before, file => Assert.Equal(file.Value, File.ReadAllText(file.Key)));
        Assert.Empty(Directory.GetFiles(store, "*.lock"));
    }

    [Fact]
    public async Task AnInterruptedSweepEndsWithinFiveSecondsAndResumes()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGINT to send to one process.");
        var store = _folder.File("interrupted");
        using (var process = RunnerProcess.Start("run", "--experiment", "02", "--profile", "smoke", "--threads", "1", "--results", store))
        {
            await ReadUntilAsync(process, ": 0 of 4");
            var clock = Stopwatch.StartNew();
            using (var signal = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
                await signal.WaitForExitAsync(TestContext.Current.CancellationToken);
            var printed = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            // The time that the runner's help promises, including the start of the process that sends the signal.
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
            Assert.Contains("started again, the sweep goes on from there", printed, StringComparison.Ordinal);
            Assert.Equal(130, process.ExitCode);
        }

        Assert.Empty(Directory.GetFiles(store, "*.lock"));
        var (exit, output) = await Sweep("02", "interrupted");
        Assert.Equal(0, exit);
        Assert.Contains("4 of 4 trials have a result", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(store, "*.checkpoint"));
        Assert.Equal(4, Directory.GetFiles(store, "*.scores").Length);
    }

    [Fact]
    public async Task ATrialWithoutScoresIsRunAgainIfTheyAreRequested()
    {
        await Sweep("05", "scores");
        File.Delete(Directory.GetFiles(_folder.File("scores"), "*.scores")[0]);
        var (_, output) = await Sweep("05", "scores");
        Assert.Contains("2 of 2 trials have a result (2 were there already)", output, StringComparison.Ordinal);
        (_, output) = await RunnerProcess.RunAsync(
            "run", "--experiment", "05", "--profile", "smoke", "--threads", "1", "--with-scores", "--results", _folder.File("scores"));
        Assert.Contains("2 of 2 trials have a result (1 were there already)", output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(_folder.File("scores"), "*.scores").Length);
    }

    [Fact]
    public async Task APermutationControlIsTestedAndStoredSeparately()
    {
        await Sweep("05", "truth");
        var (exit, output) = await RunnerProcess.RunAsync("run", "--experiment", "05", "--profile", "smoke", "--threads", "1", "--control",
            "permuted", "--results", _folder.File("truth"));
        Assert.True(exit == 0, output);
        Assert.Contains("05-attention: 2 of 2 trials have a result (0 were there already)", output, StringComparison.Ordinal);
        Assert.Contains("concatenation: ", output, StringComparison.Ordinal);
        // Of the four simulated phones, or of the 45 of data/ccnu-mobile where that is.
        Assert.Matches(@"chance (25\.0|2\.2) %", output);
        Assert.Equal(4, Directory.GetFiles(_folder.File("truth"), "*.json").Length);
        (exit, output) = await RunnerProcess.RunAsync("run", "--experiment", "05", "--control", "nonsense");
        Assert.Equal(2, exit);
        Assert.Contains("permuted", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheRunnerKnowsTheProfilesThatTheLibraryKnows()
    {
        var (exit, output) = await RunnerProcess.RunAsync("--profile", "nonsense");
        Assert.Equal(2, exit);
        Assert.All(Profile.All.Keys, name => Assert.Contains(name, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AReportNeedsOnlyResults()
    {
        var (exit, output) = await RunnerProcess.RunAsync("report", "--results", _folder.File("empty"), "--out", _folder.File("report"));
        Assert.True(exit == 0, output);
        Assert.Contains("PSTNN among other systems: the paper's Table 9 and ours", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("report/report.html")));
        (exit, output) = await RunnerProcess.RunAsync("report", "--profile", "paper", "--results", _folder.File("empty"));
        Assert.Equal(2, exit);
        Assert.Contains("run --experiment all --profile paper", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnknownExperimentOrShardIsReportedInASentenceWithoutAStackTrace()
    {
        var (exit, output) = await RunnerProcess.RunAsync("run", "--experiment", "99-nothing", "--profile", "smoke");
        Assert.Equal(2, exit);
        Assert.StartsWith("There is no experiment '99-nothing'; there are 01-ubm-size,", output, StringComparison.Ordinal);
        (exit, output) = await RunnerProcess.RunAsync("run", "--experiment", "05", "--shard", "3/2");
        Assert.Equal(2, exit);
        Assert.StartsWith("'3/2' is no shard", output, StringComparison.Ordinal);
    }

    private static async Task ReadUntilAsync(Process process, string text)
    {
        string? line;
        do
            line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        while (line?.Contains(text, StringComparison.Ordinal) == false);
        Assert.True(line is not null, $"The runner ended without printing '{text}'.");
    }

    private Task<(int ExitCode, string Output)> Sweep(string experiment, string store, params string[] more) => RunnerProcess.RunAsync(
        ["run", "--experiment", experiment, "--profile", "smoke", "--threads", "1", "--results", _folder.File(store), .. more]);
}
