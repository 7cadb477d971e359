using System.Diagnostics;
using DeviceId.Notebooks.Format;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Notebooks;

[Trait("Speed", "Slow")]
public sealed class RunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EachNotebookRunsInItsOwnProcessWithTorchParametersAndDisplays()
    {
        var library = Path.GetRelativePath(_folder.Path, Path.Combine(TestPaths.Root, "bin"));
        var first = Write(_folder, "01.ipynb",
            Parameters("var epochs = 5;"),
            Code($"""
                #r "{library}/TorchSharp.dll"
                #r "{library}/DeviceId.Lib.dll"
                DeviceId.Foundation.ComputeDevice.Load();
                TorchSharp.torch.ones(2, 3).sum().item<float>() + epochs
                """),
            Code("""
                var d = KernelInvocationContext.Current.Display("<b>start</b>", "text/html");
                d.Update("<b>end</b>");
                Console.WriteLine("pid " + Environment.ProcessId);
                Console.Write(Environment.GetEnvironmentVariable("DEVICEID_HOST"));
                """));
        var second = Write(_folder, "02.ipynb",
            Code("Console.WriteLine(\"pid \" + Environment.ProcessId); Console.WriteLine(Directory.GetCurrentDirectory());"));

        var (exit, output) = await RunnerProcess.RunAsync(first, second, "--set", "epochs=7", "--out", _folder.File("out"));

        Assert.True(exit == 0, output);
        var processes = output.Split('\n').Where(l => l.StartsWith("pid ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, processes.Length);
        Assert.NotEqual(processes[0], processes[1]);
        Assert.Contains(_folder.Path, output);
        var cells = NotebookFile.Read(_folder.File("out/01.ipynb")).Cells;
        Assert.Equal("epochs = 7;", cells[1].Source);
        Assert.Contains("13", Assert.IsType<Output.Data>(Assert.Single(cells[2].Outputs)).Mime["text/html"]);
        Assert.Equal("<b>end</b>", Assert.IsType<Output.Data>(cells[3].Outputs[0]).Mime["text/html"]);
        Assert.EndsWith("runner", Assert.IsType<Output.Stream>(cells[3].Outputs[1]).Text);
        Assert.Contains("peak memory", output);
        Assert.True(File.Exists(_folder.File("out/report.html")));
        Assert.Empty(NotebookFile.Read(first).Cells.SelectMany(c => c.Outputs));
    }

    [Fact]
    public async Task AFailingCellEndsItsNotebookWithExitCode1AndLetsTheNextOneRun()
    {
        var bad = Write(_folder, "01.ipynb", Code("1 + 1"), Code("\nthrow new InvalidOperationException(\"broken\");"), Code("\"never\""));
        var good = Write(_folder, "02.ipynb", Code("Console.WriteLine(\"ran on\");"));
        var (exit, output) = await RunnerProcess.RunAsync(bad, good, "--out", _folder.File("out"));
        Assert.Equal(1, exit);
        Assert.Contains("cell 2, line 2: InvalidOperationException: broken", output);
        Assert.Contains("ran on", output);
        var cells = NotebookFile.Read(_folder.File("out/01.ipynb")).Cells;
        Assert.Equal("cell 2, line 2: InvalidOperationException: broken", Assert.IsType<Output.Error>(cells[1].Outputs[0]).Message);
        Assert.Empty(cells[2].Outputs);
    }

    [Theory]
    [InlineData("", "--profile")]
    [InlineData("run", "--experiment")]
    [InlineData("report", "--readme")]
    [InlineData("install-kernel", "--remove")]
    [InlineData("doctor", "--data")]
    [InlineData("licences", "--write")]
    public async Task EveryCommandExplainsItselfAndRefusesWhatItDoesNotKnow(string command, string option)
    {
        var (exit, help) = await RunnerProcess.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal(0, exit);
        Assert.Contains(option, help, StringComparison.Ordinal);
        (exit, var refusal) = await RunnerProcess.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            "--no-such-option"]);
        Assert.Equal(2, exit);
        Assert.Contains("--no-such-option", refusal, StringComparison.Ordinal);
        Assert.Contains("--help", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--bogus", "There is no option '--bogus'")]
    [InlineData("no-such-notebook", "There is no notebook 'no-such-notebook'")]
    [InlineData("--data=/no/such/folder", "there is no folder '/no/such/folder'")]
    [InlineData("--profile=huge", "'huge'")]
    [InlineData("--set=oops", "write name=value")]
    public async Task WrongUsageIsASentenceAndExitCode2(string argument, string said)
    {
        var (exit, output) = await RunnerProcess.RunAsync(argument);
        Assert.Equal(2, exit);
        Assert.Contains(said, output);
        Assert.DoesNotContain("   at ", output);
    }

    [Theory]
    [InlineData("--log", "logs")]
    [InlineData("--shard", "1/2")]
    [InlineData("--results", "trials")]
    public async Task AnOptionOfExperimentsIsRefusedForNotebooks(string option, string value)
    {
        var (exit, output) = await RunnerProcess.RunAsync("run", option, value);
        Assert.Equal(2, exit);
        Assert.Contains($"{option} needs --experiment", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllTrialsAreExportedButNotOverAFileOfAnotherProgram()
    {
        var path = _folder.File("results.csv");
        await File.WriteAllTextAsync(path, "my,own\n1,2\n", TestContext.Current.CancellationToken);
        string[] command = ["report", "--out", _folder.File("report"), "--results", _folder.File("none"), "--export", path];
        var (exit, output) = await RunnerProcess.RunAsync(command);
        Assert.Equal(2, exit);
        Assert.Contains("--force", output, StringComparison.Ordinal);
        Assert.Equal("my,own\n1,2\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(_folder.File("report")));

        (exit, output) = await RunnerProcess.RunAsync([.. command, "--force"]);
        Assert.True(exit == 0, output);
        Assert.Contains("written: " + path, output, StringComparison.Ordinal);
        Assert.Contains("Verdicts  of ", output, StringComparison.Ordinal);
        Assert.StartsWith("trial,output,half_way,", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);

        // Its own file is replaced without being asked.
        (exit, output) = await RunnerProcess.RunAsync(command);
        Assert.True(exit == 0, output);
        (exit, output) = await RunnerProcess.RunAsync([.. command[..^1], _folder.File("results.xlsx")]);
        Assert.Equal(2, exit);
        Assert.Contains("must end in .csv", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFolderThatCannotBeWrittenIsASentence()
    {
        var notebook = Write(_folder, "01.ipynb", Code("1"));
        await File.WriteAllTextAsync(_folder.File("file"), "", TestContext.Current.CancellationToken);
        var (exit, output) = await RunnerProcess.RunAsync(notebook, "--out", _folder.File("file/out"));
        Assert.Equal(1, exit);
        Assert.Contains("name another folder", output);
        Assert.DoesNotContain("   at ", output);
    }

    [Fact]
    public async Task ReportNamesTheFolderThatItWritesTo() =>
        Assert.Contains("results/report", (await RunnerProcess.RunAsync("report", "--help")).Output);

    [Fact]
    public async Task CtrlCKeepsFinishedCellsAndEndsWith130()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no SIGINT to send to one process.");
        var token = TestContext.Current.CancellationToken;
        var path = Write(_folder, "01.ipynb", Code("\"finished\""),
            Code("Console.WriteLine(\"sleeping\");\nSystem.Threading.Thread.Sleep(100000);"), Code("3"));
        using var process = RunnerProcess.Start(path, "--out", _folder.File("out"));
        while (await process.StandardOutput.ReadLineAsync(token) is { } line && line != "sleeping")
            continue;
        Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        var rest = await process.StandardOutput.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);

        Assert.Equal(130, process.ExitCode);
        Assert.Contains("01: stopped", rest);
        var cells = NotebookFile.Read(_folder.File("out/01.ipynb")).Cells;
        Assert.Contains("finished", Assert.IsType<Output.Data>(cells[0].Outputs[0]).Mime["text/plain"]);
        Assert.Equal("cell 2: stopped by the user", Assert.IsType<Output.Error>(cells[1].Outputs[^1]).Message);
        Assert.True(File.Exists(_folder.File("out/report.html")));
    }
}
