using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Notebooks;

/// <summary>
/// However a notebook ends, the runner says so, ends itself, leaves no process behind and loses nothing that was shown. The notebooks are
/// those of public reports.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class NotebookEndTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // The processes that cells leave behind are found by this argument.
    private readonly string _seconds = "9" + Guid.NewGuid().GetHashCode().ToString("X8", CultureInfo.InvariantCulture)
        .Aggregate("", (digits, hex) => digits + (hex % 10));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ManyNotebooksEndEachInItsOwnWayAndTheRunnerTellsThemApart()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Uses printf, setsid and /proc.");
        (string Name, Cell[] Cells)[] notebooks =
        [
            ("exit0", [Say("one"), Code("Console.WriteLine(\"two\"); Environment.Exit(0);"), Say("three")]),
            ("input", [Code("Console.ReadLine() is null"), Code("Console.Read()"), Code(Shell("cat; echo child read nothing"))]),
            ("asyncvoid", [Say("before"), Code(
                "Console.WriteLine(\"in cell 2\"); async void F() { await Task.Yield(); throw new InvalidOperationException(\"boom\"); } "
                + "F(); await Task.Delay(-1);"), Say("after")]),
            ("overflow", [Say("one"), Code("Console.WriteLine(\"two\"); int F(int n) => F(n + 1) + 1; F(0)")]),
            ("killed", [Code("Console.Write(\"shown\"); System.Diagnostics.Process.GetCurrentProcess().Kill(); while (true);")]),
            ("left", [Code(Children() + "new System.Threading.Thread(() => System.Threading.Thread.Sleep(-1)).Start();"), Code("1")]),
            ("native", [Code(Shell("printf 'no line end'") + "\"r1\""), Code("throw new Exception(\"the failure\");")]),
            ("tags", [Tagged("raises-exception", "throw new Exception(\"on purpose\");"),
                Tagged("skip-execution", "File.WriteAllText(\"skipped-ran\", \"\");"), Say("goes on")]),
            ("mixed", [Code("1"), InLanguage("fsharp", "let x = 1"), Say("C# goes on")]),
            ("background", [Code("_ = Task.Run(async () => { for (int i = 0; i < 3; i++) { Console.WriteLine($\"bg {i}\"); "
                + "await Task.Delay(50); } }); var d = display(\"first\"); \"r\""), Code("await Task.Delay(1000); d.Update(\"second\");")]),
            ("returns", [Code("for (int i = 0; i < 60000; i++) Console.Write($\"\\r{i} of 60000 done\"); Console.WriteLine();")]),
        ];
        foreach (var (name, cells) in notebooks)
            Write(_folder, name + ".ipynb", cells);
        var python = WriteWithMetadata(_folder, "python.ipynb",
            """{ "kernelspec": { "display_name": "Python 3", "language": "python", "name": "python3" } }""", Code("import os"));

        var broken = _folder.File("broken.ipynb");
        await File.WriteAllTextAsync(broken, "{}", TestContext.Current.CancellationToken);

        var (exit, output) = await RunnerProcess.RunAsync(
            [broken, .. notebooks.Select(n => _folder.File(n.Name + ".ipynb")), python, "--out", _folder.File("out")]);

        Assert.True(exit == 1, output);
        string[] said =
        [
            "exit0: ended early in cell 2 of 3: the notebook's process ended with exit code 0",
            "input: ok", "asyncvoid: crashed in cell 2 of 3", "overflow: crashed in cell 2 of 2",
            "killed: crashed in cell 1 of 1: the notebook's process was killed (SIGKILL)", "left: ok", "native: failed in cell 2 of 2",
            "tags: ok (cell 2 not run: tagged skip-execution)", "mixed: not run in part: cell 2 (fsharp)", "background: ok", "returns: ok",
            "python: not run: not a C# notebook (its language is python)", "broken: not run: ",
        ];
        var report = await File.ReadAllTextAsync(_folder.File("out/report.html"), TestContext.Current.CancellationToken);
        Assert.All(said, line =>
        {
            Assert.Contains("\n" + line, output, StringComparison.Ordinal);
            Assert.Contains(System.Net.WebUtility.HtmlEncode(line), report, StringComparison.Ordinal);
        });

        Assert.Equal(["two\n", "cell 2: the notebook's process ended with exit code 0, as by Environment.Exit(0); "
            + "the cells after it were not run"], Texts("exit0", 1));
        Assert.Empty(Texts("exit0", 2));
        Assert.Contains("True", Texts("input", 0)[0], StringComparison.Ordinal);
        Assert.Contains("-1", Texts("input", 1)[0], StringComparison.Ordinal);
        Assert.Equal("child read nothing\n", Texts("input", 2)[0]);
        Assert.Equal("in cell 2\n", Texts("asyncvoid", 1)[0]);
        Assert.Contains("InvalidOperationException: boom", Texts("asyncvoid", 1)[^1], StringComparison.Ordinal);
        Assert.Equal("two\n", Texts("overflow", 1)[0]);
        Assert.Contains("Stack overflow", Texts("overflow", 1)[^1], StringComparison.Ordinal);
        Assert.Equal("shown", Texts("killed", 0)[0]);
        Assert.Equal("no line end", Texts("native", 0)[0]);
        Assert.StartsWith("cell 2, line 1: Exception: the failure", Texts("native", 1)[^1], StringComparison.Ordinal);
        Assert.Equal("goes on\n", Assert.Single(Texts("tags", 2)));
        Assert.False(File.Exists(_folder.File("skipped-ran")));
        Assert.Equal("C# goes on\n", Assert.Single(Texts("mixed", 2)));
        var background = Texts("background", 0).Concat(Texts("background", 1)).ToList();
        Assert.All(["bg 0\n", "bg 1\n", "bg 2\n", "second"],
            text => Assert.Contains(background, shown => shown.Contains(text, StringComparison.Ordinal)));
        Assert.DoesNotContain("58999 of 60000", output, StringComparison.Ordinal);
        Assert.Contains("\n59999 of 60000 done\n", output, StringComparison.Ordinal);
        Assert.Empty(LeftBehind());
    }

    [Fact]
    public async Task ThreeHundredThousandLinesTakeSeconds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Uses the shell's times.");
        var notebook = Write(_folder, "flood.ipynb",
            Code("for (int i = 0; i < 300000; i++) Console.WriteLine($\"line {i} of something that prints\");"));
        var runner = RunnerProcess.Describe(notebook, "--out", _folder.File("out"));
        var shell = new ProcessStartInfo("sh") { RedirectStandardOutput = true };
        string[] arguments = ["-c", "\"$@\" && times", "sh", runner.FileName, .. runner.ArgumentList];
        Array.ForEach(arguments, shell.ArgumentList.Add);
        using var process = Process.Start(shell)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\nline 299999 of", output, StringComparison.Ordinal);
        Assert.Equal(300000, Texts("flood", 0)[0].Count(character => character == '\n'));

        // Processor time of both processes, because the machine of the tests may be busy with others: 9 s, where it was 52 s.
        var times = Regex.Matches(output.TrimEnd().Split('\n')[^1], @"(\d+)m([\d.]+)s");
        Assert.Equal(2, times.Count);
        var seconds = times.Sum(time => (60 * Number(time.Groups[1])) + Number(time.Groups[2]));
        Assert.True(seconds < 30, $"{seconds} s");
    }

    /// <summary>
    /// Each signal, as the shell or the system sends it: to the group (Ctrl-C, a closed terminal, a shutdown) or to the runner alone.
    /// </summary>
    [Fact]
    public async Task AfterASignalNoProcessIsLeftAndPartialOutputIsKept()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Uses setsid and /proc.");
        const string Sleep = "System.Threading.Thread.Sleep(-1);", Loop = "while (true);";
        await Task.WhenAll(
            StopAsync("int", Sleep, runner => Signal("INT", -runner)),
            StopAsync("hup", Sleep, runner => Signal("HUP", -runner)),
            StopAsync("term", Loop, runner => Signal("TERM", -runner)),
            StopAsync("alone", Sleep, runner => Signal("TERM", runner)),
            StopAsync("twice", Loop, runner => { Signal("INT", runner); Signal("INT", runner); }));
        await Eventually.IsTrueAsync(() => LeftBehind().Count == 0, "all processes have ended");
    }

    [Fact]
    public async Task AKilledRunnerLeavesNoProcessAndFinishedCells()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Uses setsid and /proc.");
        var notebook = Write(_folder, "01.ipynb", Say("finished"),
            Code(Children() + "Console.WriteLine(\"partial output\"); while (true);"));
        using var runner = Start(notebook, "--out", _folder.File("out"));
        await ReadUntilAsync(runner, "partial output");
        runner.Kill();
        await Eventually.IsTrueAsync(() => LeftBehind().Count == 0, "all processes have ended");
        Assert.Equal(["finished\n"], Texts("01", 0));
    }

    [Fact]
    public async Task AClosedTerminalEndsTheRunAndKeepsWhatWasShown()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "Needs script of util-linux.");
        var notebook = Write(_folder, "01.ipynb", Say("one"), Code(Children() + "Console.WriteLine(\"partial output\"); while (true);"));
        var runner = RunnerProcess.Describe(notebook, "--out", _folder.File("out"));
        var start = new ProcessStartInfo("script") { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.ArgumentList.Add("-qec");
        start.ArgumentList.Add($"exec {runner.FileName} {string.Join(' ', runner.ArgumentList)}");
        start.ArgumentList.Add("/dev/null");
        using var terminal = Process.Start(start)!;
        await ReadUntilAsync(terminal, "partial output");
        terminal.Kill(); // the terminal closes with the program that shows it
        await Eventually.IsTrueAsync(() => File.Exists(_folder.File("out/report.html")) && LeftBehind().Count == 0, "the run ends");
        Assert.Equal(["partial output\n", "cell 2: stopped by the user"], Texts("01", 1));
    }

    [Fact]
    public async Task AHangupThatIsIgnoredDoesNotStopARun()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Uses setsid and nohup.");
        var notebook = Write(_folder, "01.ipynb",
            Code("Console.WriteLine(\"running\"); while (!File.Exists(\"go\")) System.Threading.Thread.Sleep(1);"));
        using var runner = Start(notebook, "--out", _folder.File("out"), "nohup");
        await ReadUntilAsync(runner, "running");
        Signal("HUP", -runner.Id);
        await File.WriteAllTextAsync(_folder.File("go"), "", TestContext.Current.CancellationToken);
        var rest = await runner.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("01: ok", rest, StringComparison.Ordinal);
        await runner.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, runner.ExitCode);
    }

    private async Task StopAsync(string name, string rest, Action<int> signal)
    {
        var first = Write(_folder, name + ".ipynb", Say("one"),
            Code(Children() + $"Console.WriteLine(\"partial output\"); {rest}"), Say("three"));
        var second = Write(_folder, name + "2.ipynb", Say("never"));
        using var runner = Start(first, second, "--out", _folder.File($"out-{name}"));
        await ReadUntilAsync(runner, "partial output");
        signal(runner.Id);
        var printed = await runner.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await runner.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(runner.ExitCode == 130, $"{name}: {runner.ExitCode}\n{printed}");
        Assert.Contains($"\n{name}: stopped in cell 2 of 3", printed, StringComparison.Ordinal);
        Assert.Contains($"\n{name}2: not reached", printed, StringComparison.Ordinal);
        var report = await File.ReadAllTextAsync(_folder.File($"out-{name}/report.html"), TestContext.Current.CancellationToken);
        Assert.Contains($"{name}2: not reached", report, StringComparison.Ordinal);
        var texts = Texts(name, 1, $"out-{name}");
        Assert.Equal("partial output\n", texts[0]);
        Assert.Equal("cell 2: stopped by the user", texts[^1]);
        Assert.Empty(Texts(name, 2, $"out-{name}"));
    }

    /// <summary>Starts the runner as the leader of a process group of its own, as a shell does.</summary>
    private static Process Start(params string[] arguments)
    {
        var runner = RunnerProcess.Describe([.. arguments.Where(argument => argument != "nohup")]);
        var start = new ProcessStartInfo("setsid") { RedirectStandardOutput = true, RedirectStandardInput = true };
        string[] all = [.. arguments.Where(argument => argument == "nohup"), runner.FileName, .. runner.ArgumentList];
        Array.ForEach(all, start.ArgumentList.Add);
        return Process.Start(start)!;
    }

    private static async Task ReadUntilAsync(Process process, string text)
    {
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"'{text}' was not printed.");
    }

    private static void Signal(string name, int process) =>
        Process.Start("kill", ["-" + name, "--", process.ToString(CultureInfo.InvariantCulture)]).WaitForExit();

    private static Cell Say(string text) => Code($"Console.WriteLine(\"{text}\");");

    /// <summary>Code that runs a shell command to its end.</summary>
    private static string Shell(string command) =>
        $"System.Diagnostics.Process.Start(\"sh\", new[] {{ \"-c\", \"{command}\" }}).WaitForExit(); ";

    /// <summary>
    /// Code that leaves behind a child, one in a session of its own whose parent has ended, and one that is deaf to signals.
    /// </summary>
    private string Children() => Shell($"sleep {_seconds} &") + Shell($"(setsid sleep {_seconds} &)")
        + $"System.Diagnostics.Process.Start(\"sh\", new[] {{ \"-c\", \"trap true TERM HUP INT; sleep {_seconds}; sleep {_seconds}\" }}); ";

    private List<int> LeftBehind() => [.. Directory.GetDirectories("/proc").Select(Path.GetFileName)
        .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0 && CommandLine(id).Contains($"{_seconds}", StringComparison.Ordinal))];

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }

    private static double Number(Group text) => double.Parse(text.Value, CultureInfo.InvariantCulture);

    /// <summary>The outputs of a cell as text.</summary>
    private List<string> Texts(string notebook, int cell, string folder = "out") =>
        [.. NotebookFile.Read(_folder.File($"{folder}/{notebook}.ipynb")).Cells[cell].Outputs.Select(output => output switch
        {
            Output.Stream stream => stream.Text,
            Output.Error error => error.Message,
            Output.Data data => data.Mime["text/plain"],
            _ => "",
        })];
}
