using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Referee;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Notebooks.Referee;

/// <summary>Small notebooks, executed once by each engine: every start takes seconds.</summary>
public sealed class RefereeRuns : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, (int ExitCode, string Output)> _runs = [];

    /// <summary>Skips the calling test, with the reason, where the tool cannot be restored.</summary>
    public static async Task SkipWithoutToolAsync()
    {
        try
        {
            await InteractiveTool.RestoreAsync();
        }
        catch (NotebookException problem)
        {
            Assert.Skip(problem.Message);
        }
    }

    public async ValueTask InitializeAsync()
    {
        var notebooks = new[] { WriteKinds(), WriteTool(), WriteEnding(), WriteUnbuilt() };
        foreach (var engine in new[] { "own", "dotnet-interactive" })
        {
            var chosen = engine == "own" ? [notebooks[0], notebooks[3]] : notebooks;
            _runs[engine] = await RunnerProcess.RunAsync(["run", "--engine", engine, "--out", _folder.File(engine), .. chosen]);
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Exit code and output of an engine's run.</summary>
    internal (int ExitCode, string Output) Run(string engine) => _runs[engine];

    internal string Report(string engine) => Path.Combine(_folder.File(engine), "report.html");

    /// <summary>Path of the copy of a notebook that an engine has executed.</summary>
    internal string Executed(string engine, string notebook) => Path.Combine(_folder.File(engine), notebook + ".ipynb");

    private string WriteKinds()
    {
        File.WriteAllText(_folder.File("more.dib"), "#!csharp\n\nvar imported = 7;\n");
        return Write(_folder, "kinds.ipynb",
            Code("Console.WriteLine(\"out\"); Console.Error.WriteLine(\"err\"); 1 + 1"),
            Code("#!import \"more.dib\"\nvar sum = imported + 1;"),
            Code("""
                using Microsoft.DotNet.Interactive;
                var shown = KernelInvocationContext.Current.Display(sum, "text/plain");
                shown.Update(sum + 1);
                """),
            Code("display(new { a = 1 }, \"application/json\");"),
            Code("display(HTML(\"<b>bold</b>\"));"),
            Code("object nothing = null;\nnothing"),
            Code("new[] { 1.5, 2 }"),
            Code("\nint number = \"text\";"),
            Code("\"not reached\""));
    }

    // Sockets of this process whose own address is not the loopback one, also while a cell listens on all addresses.
    private string WriteTool() => Write(_folder, "tool.ipynb",
        Code("""
            string[] Beyond()
            {
                var own = System.IO.Directory.GetFiles("/proc/self/fd").Select(file => new System.IO.FileInfo(file).LinkTarget ?? "")
                    .Where(target => target.StartsWith("socket:[")).Select(target => target[8..^1]).ToHashSet();
                string[] loopback = ["0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"];
                return new[] { "tcp", "tcp6", "udp", "udp6" }.SelectMany(kind => System.IO.File.ReadLines("/proc/net/" + kind).Skip(1))
                    .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(parts => own.Contains(parts[9]))
                    .Select(parts => parts[1]).Where(address => !loopback.Contains(address.Split(':')[0])).ToArray();
            }
            Console.WriteLine($"beyond loopback: {string.Join(' ', Beyond())}.");
            var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Any, 0);
            listener.Start();
            Console.WriteLine($"while a cell listens: {Beyond().Length}.");
            listener.Stop();
            """),
        Code("Console.WriteLine($\"telemetry off: {Environment.GetEnvironmentVariable(\"DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT\")}\");"),
        Code("Console.ReadLine() ?? \"no input\""),
        Tagged("raises-exception", "throw new InvalidOperationException(\"expected\");"),
        Tagged("skip-execution", "throw new InvalidOperationException(\"never\");"),
        Code("#!fsharp\nprintfn \"from F#\""),
        Code("System.Diagnostics.Process.Start(\"printf\", \"no_line_end\").WaitForExit();\n\"after the child\""));

    private string WriteEnding() => Write(_folder, "ending.ipynb",
        Code("Console.WriteLine(\"shown before\"); Environment.Exit(0);"), Code("\"not reached\""));

    private string WriteUnbuilt()
    {
        Directory.CreateDirectory(_folder.File("notebooks"));
        File.Copy(Path.Combine(TestPaths.Root, "notebooks", "setup.dib"), _folder.File("notebooks/setup.dib"));
        return Write(_folder, "notebooks/unbuilt.ipynb", Code("#!import \"setup.dib\""), Code("\"not reached\""));
    }
}
