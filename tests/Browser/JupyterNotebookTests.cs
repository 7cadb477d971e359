using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeviceId.Notebooks.Format;
using DeviceId.Tests.Notebooks;
using Microsoft.Playwright;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Browser;

/// <summary>Our kernel in Jupyter Notebook (Debian: jupyter-notebook) as its reader sees it: a real server, a real browser.</summary>
[Trait("Speed", "Slow")]
public sealed class JupyterNotebookTests : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";
    private const int Patience = 60_000;

    private readonly TemporaryFolder _folder = new();
    private Process? _server;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Run_all_draws_the_chart_a_training_cell_is_interrupted_and_the_kernel_goes_on()
    {
        await using var chromium = await Chromium.StartAsync();
        var library = Path.Combine(TestPaths.Root, "bin");
        Write(_folder, "seen.ipynb",
            Code($"#r \"{library}/TorchSharp.dll\"\n#r \"{library}/FSharp.Core.dll\"\n#r \"{library}/XPlot.Plotly.dll\"\n#r \"{library}/DeviceId.Lib.dll\"\nusing DeviceId.Foundation;\nusing DeviceId.Reporting;\nusing TorchSharp;\nComputeDevice.Load();\nPlotlyScript.ForThisHost()"),
            Code("var kept = 7;\nCharts.Lines(\"A parabola\", \"x (s)\", \"y (m)\", new[] { new Series(\"y\", new double[] { 0, 1, 2, 3 }, new double[] { 0, 1, 4, 9 }) })"),
            Code("var progress = new LiveProgress();\nfor (var step = 1L; step <= 1000000; step++)\n{\n    torch.randn(50, 50).mm(torch.randn(50, 50));\n    Thread.Sleep(5);\n    progress.Report(new WorkProgress(\"training\", step, 1000000));\n}".Replace("Thread", "System.Threading.Thread", StringComparison.Ordinal)),
            Code("6 * kept"));
        var page = (await chromium.OpenAsync()).Page;
        await page.GotoAsync(await StartServerAsync() + "/notebooks/seen.ipynb");
        await page.WaitForFunctionAsync(
            "() => window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()", null,
            new() { Timeout = Patience });
        await page.EvaluateAsync("() => Jupyter.notebook.execute_all_cells()");

        // The chart is there, and the bar of the training cell moves, in one place.
        await page.WaitForSelectorAsync(".deviceid-chart .main-svg", new() { Timeout = Patience });
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('.deviceid-progress')].some(p => parseFloat(p.dataset.deviceidProgress) >= 0 && /training: [1-9]/.test(p.innerText))", null, new() { Timeout = Patience });
        Assert.Equal(1, await page.Locator(".deviceid-progress").CountAsync());

        await page.EvaluateAsync("() => Jupyter.notebook.kernel.interrupt()");
        await page.WaitForSelectorAsync("text=stopped by the user", new() { Timeout = Patience });
        await page.EvaluateAsync("() => { Jupyter.notebook.select(3); Jupyter.notebook.execute_cell(); }");
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.output_result')].some(o => o.innerText.trim() === '42')",
            null, new() { Timeout = Patience });
    }

    private async Task<string> StartServerAsync()
    {
        using (var probe = Process.Start(new ProcessStartInfo(Python,
            "-c \"import notebook.notebookapp\"")
        { RedirectStandardError = true })!)
        {
            await probe.WaitForExitAsync(TestContext.Current.CancellationToken);
            if (probe.ExitCode != 0)
                Assert.Skip("Jupyter Notebook is not installed: apt-get install jupyter-notebook");
        }

        var register = RunnerProcess.Describe("install-kernel");
        register.Environment["JUPYTER_DATA_DIR"] = _folder.File("jupyter");
        using (var registered = Process.Start(register)!)
            await registered.WaitForExitAsync(TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(Python)
        {
            WorkingDirectory = _folder.Path, RedirectStandardError = true,
            RedirectStandardOutput = true
        };
        string[] arguments =
        [
            "-Xfrozen_modules=off", "-m", "notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--NotebookApp.token=",
            "--NotebookApp.password=", $"--notebook-dir={_folder.Path}",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["JUPYTER_DATA_DIR"] = _folder.File("jupyter");
        start.Environment["JUPYTER_CONFIG_DIR"] = _folder.File("jupyter-config");
        start.Environment["JUPYTER_RUNTIME_DIR"] = Directory.CreateDirectory(_folder.File("jupyter-runtime")).FullName;
        _server = Process.Start(start)!;
        _server.BeginErrorReadLine();
        _server.BeginOutputReadLine();
        // It takes a port that is free, and writes down which one once it listens.
        Uri? address = null;
        await Eventually.IsTrueAsync(() => _server.HasExited || (address = Listening()) is not null, "Jupyter Notebook listens");
        Assert.NotNull(address);
        using var client = new HttpClient();
        await client.GetStringAsync(new Uri(address, "api"), TestContext.Current.CancellationToken);
        return address.AbsoluteUri.TrimEnd('/');
    }

    /// <summary>Where the server listens; null as long as it has not written that to the end.</summary>
    private Uri? Listening()
    {
        var file = Directory.GetFiles(_folder.File("jupyter-runtime"), "nbserver-*.json").FirstOrDefault();
        try
        {
            return file is null ? null : new Uri((string)JsonNode.Parse(File.ReadAllText(file))!["url"]!);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
