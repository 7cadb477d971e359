using System.Diagnostics;
using System.Runtime.InteropServices;
using DeviceId.Notebooks.Commands.Outputs;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;
using DeviceId.Notebooks.Report;
using DeviceId.Notebooks.Terminal;

namespace DeviceId.Notebooks.Commands;

/// <summary>Runs every notebook in its own process, then prints the tables and writes the report.</summary>
internal sealed class NotebookRun(RunOptions options)
{
    private readonly CancellationTokenSource _cancel = new();

    public async Task<int> RunAsync()
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        var prepared = Prepare();
        using var folder = OutputFolder.Lock(options.Output);
        var terminal = new TerminalProgress();
        var needsData = prepared.Any(n => ParameterOverrides.Declared(n.File).ContainsKey("data"));
        if (needsData && !options.Given.ContainsKey("data") && !options.Set.ContainsKey("data"))
        {
            terminal.Line("no recordings found: running on the simulated corpus; "
                + "for real recordings: dotnet run --project notebooks/runner -- --data DIR");
        }

        var results = new List<NotebookResult>();
        foreach (var (source, file) in prepared)
        {
            if (!_cancel.IsCancellationRequested)
                results.Add(await RunAsync(source, file, terminal));
        }

        var report = Path.Combine(options.Output, "report.html");
        HtmlReport.Write(report, results);
        new Summary(terminal).Print(results, report);
        return _cancel.IsCancellationRequested ? ExitCode.Interrupted : results.All(r => r.ExitCode == 0) ? ExitCode.Success
            : ExitCode.CellFailed;
    }

    /// <summary>Reads all notebooks and sets their parameters, so that errors are reported before anything runs.</summary>
    private List<(string Source, NotebookFile File)> Prepare()
    {
        RefuseOverwriting();
        var all = options.Notebooks.Select(p => (Source: p, File: NotebookFile.Read(p))).ToList();
        var known = all.SelectMany(n => ParameterOverrides.Declared(n.File).Keys).ToHashSet(StringComparer.Ordinal);
        if (options.Set.Keys.FirstOrDefault(n => !known.Contains(n)) is { } unknown)
            throw new NotebookException(ParameterOverrides.Unknown(unknown, known));
        foreach (var (_, file) in all)
        {
            var declared = ParameterOverrides.Declared(file);
            var values = options.Given.Concat(options.Set).Where(p => declared.ContainsKey(p.Key))
                .GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal);
            ParameterOverrides.Apply(file, values);
        }

        return all;
    }

    // An executed copy has its notebook's name: it must not replace another copy, or the notebook itself.
    private void RefuseOverwriting()
    {
        foreach (var same in options.Notebooks.GroupBy(ExecutedPath, StringComparer.OrdinalIgnoreCase))
        {
            if (same.Count() > 1)
            {
                throw new NotebookException($"{string.Join(" and ", same)} would be stored as the same file, {same.Key}: "
                    + "run them one at a time, each with its own --out.");
            }

            if (string.Equals(Path.GetFullPath(same.First()), same.Key, StringComparison.OrdinalIgnoreCase))
                throw new NotebookException($"{same.Key} would be overwritten by its executed copy: name another folder with --out.");
        }
    }

    private string ExecutedPath(string source) =>
        Path.GetFullPath(Path.Combine(options.Output, Path.GetFileNameWithoutExtension(source) + ".ipynb"));

    private async Task<NotebookResult> RunAsync(string source, NotebookFile file, TerminalProgress terminal)
    {
        Directory.CreateDirectory(options.Output);
        var name = Path.GetFileNameWithoutExtension(source);
        var executed = ExecutedPath(source);
        file.Write(executed);
        var clock = Stopwatch.StartNew();
        var peak = 0L;
        var exit = await terminal.ShowAsync(name, receive => NotebookProcess.RunAsync(executed, Path.GetDirectoryName(source)!, e =>
        {
            peak = Math.Max(peak, e.PeakBytes);
            receive(e);
        }, _cancel.Token));
        return new NotebookResult(name, executed, exit, clock.Elapsed, peak);
    }

    private void Cancel(PosixSignalContext context)
    {
        context.Cancel = true;
        _cancel.Cancel();
    }
}
