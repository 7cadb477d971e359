using System.Globalization;
using DeviceId.Notebooks.Format;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Notebooks.Referee;

/// <summary>Notebooks in .NET Interactive's own engine, as "run --engine dotnet-interactive" executes them.</summary>
[Trait("Speed", "Slow")]
public sealed class RefereeTests(RefereeRuns runs) : IClassFixture<RefereeRuns>
{
    private const string Tool = "dotnet-interactive";

    [Fact]
    public async Task EveryKindOfOutputIsTheSameInBothEngines()
    {
        await RefereeRuns.SkipWithoutToolAsync();
        var (own, referee) = (runs.Executed("own", "kinds"), runs.Executed(Tool, "kinds"));
        Assert.All(new[] { own, referee }, path => Assert.Contains(
            "CS0029", NotebookFile.Read(path).Cells[7].Outputs.OfType<Output.Error>().Single().Message, StringComparison.Ordinal));
        // The two engines name an error of the compiler differently; everything else must agree.
        Assert.StartsWith("cell 8: ", Assert.Single(NotebookComparison.FindDifferences(own, referee)), StringComparison.Ordinal);
        Assert.Empty(NotebookFile.Read(referee).Cells[8].Outputs);
    }

    [Fact]
    public async Task TheRunHasReportPeakMemoryAndExitCodeOfAFailure()
    {
        await RefereeRuns.SkipWithoutToolAsync();
        var (exit, output) = runs.Run(Tool);
        Assert.True(exit == 1, output);
        Assert.Contains("kinds: failed", output, StringComparison.Ordinal);
        Assert.Contains("tool: ok", output, StringComparison.Ordinal);
        Assert.DoesNotContain("peak memory 0 MB", output.Split('\n').First(line => line.StartsWith("tool: ok", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.Contains("no_line_end", await File.ReadAllTextAsync(runs.Report(Tool), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingListensBeyondLoopbackAndTelemetryIsOff()
    {
        await RefereeRuns.SkipWithoutToolAsync();
        if (!OperatingSystem.IsLinux())
            Assert.Skip("the cell reads /proc");
        Assert.Equal("beyond loopback: .\nwhile a cell listens: 1.\n", Text(0));
        Assert.Equal("telemetry off: 1\n", Text(1));
    }

    [Fact]
    public async Task InputIsClosedTagsAreHonouredOtherLanguagesRunAndTextOfChildrenHidesNothing()
    {
        await RefereeRuns.SkipWithoutToolAsync();
        var cells = NotebookFile.Read(runs.Executed(Tool, "tool")).Cells;
        Assert.Equal("no input", Assert.IsType<Output.Data>(Assert.Single(cells[2].Outputs)).Mime["text/plain"]);
        Assert.Equal("InvalidOperationException", Assert.IsType<Output.Error>(Assert.Single(cells[3].Outputs)).Name);
        Assert.Empty(cells[4].Outputs);
        Assert.Equal("from F#\n", Text(5));
        Assert.Equal("no_line_end", Text(6));
        Assert.Equal("after the child", Assert.IsType<Output.Data>(cells[6].Outputs[1]).Mime["text/plain"]);
    }

    [Fact]
    public async Task ACellThatEndsTheEngineIsNoSuccess()
    {
        await RefereeRuns.SkipWithoutToolAsync();
        Assert.Contains("ending: ended early in cell 1 of 2", runs.Run(Tool).Output, StringComparison.Ordinal);
        var cells = NotebookFile.Read(runs.Executed(Tool, "ending")).Cells;
        Assert.Equal("shown before\n", Assert.IsType<Output.Stream>(cells[0].Outputs[0]).Text);
        Assert.Contains("Environment.Exit(0)", Assert.IsType<Output.Error>(cells[0].Outputs[1]).Message, StringComparison.Ordinal);
        Assert.Empty(cells[1].Outputs);
    }

    [Theory]
    [InlineData("own")]
    [InlineData(Tool)]
    public async Task WithoutABuildSetupSaysInASentenceWhatToDo(string engine)
    {
        if (engine == Tool)
            await RefereeRuns.SkipWithoutToolAsync();
        Assert.Contains("unbuilt: failed", runs.Run(engine).Output, StringComparison.Ordinal);
        var cells = NotebookFile.Read(runs.Executed(engine, "unbuilt")).Cells;
        Assert.StartsWith("The library is not built: run dotnet build first", Assert.IsType<Output.Stream>(cells[0].Outputs[0]).Text,
            StringComparison.Ordinal);
        Assert.IsType<Output.Error>(cells[0].Outputs[^1]);
        Assert.Empty(cells[1].Outputs);
    }

    [Fact]
    public async Task WhenTheRunnerIsKilledTheEngineEnds()
    {
        await RefereeRuns.SkipWithoutToolAsync();
        if (!OperatingSystem.IsLinux())
            Assert.Skip("the test reads /proc");
        using var folder = new TemporaryFolder();
        var path = Write(folder, "waiting.ipynb",
            Code("Console.WriteLine($\"pid {Environment.ProcessId}\");\nSystem.Threading.Thread.Sleep(-1);"));
        using var runner = RunnerProcess.Start("run", "--engine", Tool, path, "--out", folder.File("out"));
        var engine = 0;
        try
        {
            var token = TestContext.Current.CancellationToken;
            while (engine == 0 && await runner.StandardOutput.ReadLineAsync(token) is { } line)
                engine = line.StartsWith("pid ", StringComparison.Ordinal) ? int.Parse(line.AsSpan(4), CultureInfo.InvariantCulture) : 0;
        }
        finally
        {
            runner.Kill();
        }

        Assert.NotEqual(0, engine);
        await Eventually.IsTrueAsync(() => HasEnded(engine), "the engine ends");
    }

    // A process that nobody has waited for is still listed, in state Z.
    private static bool HasEnded(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(") ")[1][0] == 'Z';
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return true;
        }
    }

    private string Text(int cell) =>
        Assert.IsType<Output.Stream>(NotebookFile.Read(runs.Executed(Tool, "tool")).Cells[cell].Outputs[0]).Text;
}
