using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeviceId.Notebooks.Format;
using DeviceId.Tests.Notebooks;
using Microsoft.Playwright;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Browser;

/// <summary>Our kernel in Jupyter Notebook (Debian: jupyter-notebook), with a real server and a real browser.</summary>
[Trait("Speed", "Slow")]
public sealed class JupyterNotebookTests : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";
    private const int TimeoutMilliseconds = 60_000;

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
    public async Task RunAllDrawsTheChartATrainingCellIsInterruptedAndTheKernelGoesOn()
    {
        await using var chromium = await Chromium.StartAsync();
        var library = Path.Combine(TestPaths.Root, "bin");
        Write(_folder, "seen.ipynb",
            Code($"""
                #r "{library}/TorchSharp.dll"
                #r "{library}/FSharp.Core.dll"
                #r "{library}/XPlot.Plotly.dll"
                #r "{library}/DeviceId.Lib.dll"
                using DeviceId.Foundation;
                using DeviceId.Reporting;
                using TorchSharp;
                ComputeDevice.Load();
                PlotlyScript.ForThisHost()
                """),
            Code("""
                var seven = 7;
                Charts.Lines("A parabola", "x (s)", "y (m)",
                    new[] { new Series("y", new double[] { 0, 1, 2, 3 }, new double[] { 0, 1, 4, 9 }) })
                """),
            Code("""
                var progress = new LiveProgress();
                for (var step = 1L; step <= 1000000; step++)
                {
                    torch.randn(50, 50).mm(torch.randn(50, 50));
                    System.Threading.Thread.Sleep(5);
                    progress.Report(new WorkProgress("training", step, 1000000));
                }
                """),
            Code("6 * seven"));
        var page = (await chromium.OpenAsync()).Page;
        await page.GotoAsync(await StartServerAsync() + "/notebooks/seen.ipynb");
        await page.WaitForFunctionAsync(
            "() => window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()", null,
            new() { Timeout = TimeoutMilliseconds });
        await page.EvaluateAsync("() => Jupyter.notebook.execute_all_cells()");

        // The chart is drawn, and the progress bar of the training cell is updated in place.
        await page.WaitForSelectorAsync(".deviceid-chart .main-svg", new() { Timeout = TimeoutMilliseconds });
        Assert.Equal(0, await page.Locator(".deviceid-picture:visible").CountAsync());
        // What is saved has the picture, and not the 3.6 MB of plotly.js.
        var saved = await page.EvaluateAsync<string>("() => JSON.stringify(Jupyter.notebook.toJSON())");
        Assert.Contains("deviceid-picture", saved, StringComparison.Ordinal);
        Assert.DoesNotContain("plotly-js", saved, StringComparison.Ordinal);
        Assert.True(saved.Length < 500_000, $"{saved.Length} characters");
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('.deviceid-progress')]"
                + ".some(p => parseFloat(p.dataset.deviceidProgress) >= 0 && /training: [1-9]/.test(p.innerText))",
            null, new() { Timeout = TimeoutMilliseconds });
        Assert.Equal(1, await page.Locator(".deviceid-progress").CountAsync());

        await page.EvaluateAsync("() => Jupyter.notebook.kernel.interrupt()");
        await page.WaitForSelectorAsync("text=stopped by the user", new() { Timeout = TimeoutMilliseconds });
        await page.EvaluateAsync("() => { Jupyter.notebook.select(3); Jupyter.notebook.execute_cell(); }");
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.output_result')].some(o => o.innerText.trim() === '42')",
            null, new() { Timeout = TimeoutMilliseconds });
    }

    private async Task<string> StartServerAsync()
    {
        var importNotebook = new ProcessStartInfo(Python, "-c \"import notebook.notebookapp\"") { RedirectStandardError = true };
        using (var probe = Process.Start(importNotebook)!)
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
            WorkingDirectory = _folder.Path, RedirectStandardError = true, RedirectStandardOutput = true
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
        // The server chooses a free port, and writes its address to a file when it is ready.
        Uri? address = null;
        await Eventually.IsTrueAsync(() => _server.HasExited || (address = ReadAddress()) is not null, "Jupyter Notebook listens");
        Assert.NotNull(address);
        using var client = new HttpClient();
        await client.GetStringAsync(new Uri(address, "api"), TestContext.Current.CancellationToken);
        return address.AbsoluteUri.TrimEnd('/');
    }

    /// <summary>Reads the server's address; null until the server has written the whole file.</summary>
    private Uri? ReadAddress()
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
