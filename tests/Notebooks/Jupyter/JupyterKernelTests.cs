using System.Diagnostics;
using DeviceId.Notebooks.Format;

namespace DeviceId.Tests.Notebooks.Jupyter;

/// <summary>
/// The kernel, installed by its own command and used by Jupyter's clients (Debian: python3-jupyter-client, python3-nbclient).
/// </summary>
[Trait("Speed", "Slow")]
public sealed class JupyterKernelTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly Lazy<bool> HasClients = new(() => File.Exists(Python) && Process.Start(
        new ProcessStartInfo(Python, "-c \"import jupyter_client, nbclient\"") { RedirectStandardError = true }) is { } probe
            && WaitForExitCode(probe) == 0);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cells_share_state_and_show_results_streams_and_displays")]
    [InlineData("an_error_has_a_traceback_and_stops_what_is_queued")]
    [InlineData("an_interrupt_stops_a_training_loop_and_keeps_the_state")]
    [InlineData("an_interrupt_aborts_a_cell_that_checks_no_token")]
    [InlineData("completion_inspection_and_completeness_know_earlier_cells")]
    [InlineData("restart_forgets_and_shutdown_ends")]
    [InlineData("the_kernel_ends_when_its_parent_is_gone")]
    [InlineData("a_package_is_really_restored")]
    [InlineData("nobody_else_gets_in")]
    [InlineData("floods_arrive_whole_in_seconds_and_in_few_messages")]
    [InlineData("an_update_of_a_display_belongs_to_the_running_cell")]
    [InlineData("tags_of_cells_are_honoured")]
    [InlineData("what_is_not_stored_does_not_count")]
    [InlineData("a_result_that_cannot_be_shown_is_an_error_and_stops_what_is_queued")]
    [InlineData("nothing_that_a_cell_leaves_behind_outlives_the_kernel")]
    [InlineData("a_handler_that_never_returns_does_not_keep_the_kernel")]
    public async Task AsJupytersClientsSeeIt(string check) => await CheckAsync(check);

    [Fact]
    public async Task NbclientRunsTheFirstNotebookOfTheProject()
    {
        // The notebook's folder is the base of its relative paths, so the original is executed and the result written elsewhere.
        var original = Path.Combine(TestPaths.Root, "notebooks", "00-start-here.ipynb");
        await CheckAsync("nbclient_runs_a_notebook", original, _folder.File("executed.ipynb"));
        Assert.All(NotebookFile.Read(_folder.File("executed.ipynb")).CodeCells, c => Assert.NotNull(c.ExecutionCount));
    }

    [Fact]
    public async Task TheRegistrationIsFoundByDoctorAndTakenAwayAgain()
    {
        Assert.Equal(0, (await RunAsync("install-kernel")).ExitCode);
        Assert.Contains("ok    Jupyter kernel: registered", (await RunAsync("doctor")).Output);
        // The name that VS Code writes into notebooks, unless .NET Interactive has it.
        Assert.True(File.Exists(_folder.File("jupyter/kernels/.net-csharp/kernel.json")));
        File.WriteAllText(_folder.File("jupyter/kernels/.net-csharp/kernel.json"),
            """{"argv": ["dotnet", "interactive", "jupyter", "{connection_file}"]}""");
        Assert.Equal(0, (await RunAsync("install-kernel")).ExitCode);
        Assert.Contains("interactive", File.ReadAllText(_folder.File("jupyter/kernels/.net-csharp/kernel.json")));
        Assert.Equal(0, (await RunAsync("install-kernel", "--remove")).ExitCode);
        Assert.False(Directory.Exists(_folder.File("jupyter/kernels/deviceid")));
        Assert.True(Directory.Exists(_folder.File("jupyter/kernels/.net-csharp")));
        Assert.Contains("note  Jupyter kernel: not registered", (await RunAsync("doctor")).Output);
    }

    [Theory]
    [InlineData("""{"transport": "tcp", "ip": "0.0.0.0", "key": "k"}""", "this machine only")]
    [InlineData("""{"transport": "tcp", "ip": "127.0.0.1", "key": ""}""", "there is no key")]
    [InlineData("""{"transport": "ipc", "ip": "127.0.0.1", "key": "k"}""", "only tcp")]
    [InlineData("""{"transport": "tcp", "ip": "127.0.0.1", "key": "k", "signature_scheme": "hmac-md5"}""", "only hmac-sha256")]
    [InlineData("nonsense", "is not a connection file of Jupyter")]
    public async Task AConnectionThatWouldLetOthersInIsRefused(string connection, string reason)
    {
        File.WriteAllText(_folder.File("connection.json"), connection);
        var (exit, output) = await RunAsync("jupyter", _folder.File("connection.json"));
        Assert.Equal(2, exit);
        Assert.Contains(reason, output);
        Assert.DoesNotContain("   at ", output);
    }

    private async Task CheckAsync(string check, params string[] arguments)
    {
        if (!HasClients.Value)
            Assert.Skip("Jupyter's clients are not installed: apt-get install python3-jupyter-client python3-nbclient");
        Assert.Equal(0, (await RunAsync("install-kernel")).ExitCode);
        var start = new ProcessStartInfo(Python) { WorkingDirectory = _folder.Path };
        foreach (var argument in (string[])["-Xfrozen_modules=off",
            Path.Combine(TestPaths.Root, "tests", "Notebooks", "Jupyter", "client_checks.py"), check, .. arguments])
            start.ArgumentList.Add(argument);
        start.Environment["DEVICEID_BIN"] = Path.Combine(TestPaths.Root, "bin");
        var (exit, output) = await RunAsync(start);
        Assert.True(exit == 0, output);
    }

    private Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunAsync(RunnerProcess.Describe(arguments));

    private async Task<(int ExitCode, string Output)> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["JUPYTER_DATA_DIR"] = _folder.File("jupyter");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    private static int WaitForExitCode(Process process)
    {
        process.WaitForExit();
        return process.ExitCode;
    }
}
