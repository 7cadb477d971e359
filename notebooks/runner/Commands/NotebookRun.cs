using System.Diagnostics;
using DeviceId.Notebooks.Commands.Outputs;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;
using DeviceId.Notebooks.Referee;
using DeviceId.Notebooks.Report;
using DeviceId.Notebooks.Terminal;

namespace DeviceId.Notebooks.Commands;

/// <summary>Runs every notebook in its own process, then prints the tables and writes the report.</summary>
internal sealed class NotebookRun(RunOptions options)
{
    public async Task<int> RunAsync()
    {
        var clock = Stopwatch.StartNew();
        using var stop = new RunStop();
        var (prepared, unreadable) = Prepare();
        using var folder = OutputFolder.Lock(options.Output);
        Console.SetOut(new SafeWriter(Console.Out));
        Console.SetError(new SafeWriter(Console.Error));
        using var terminal = new TerminalProgress();
        var announcement = new RunAnnouncement(options, [.. prepared.Select(n => (Name(n.Source), n.File))]);
        foreach (var line in announcement.Lines())
            terminal.Line(line);
        if (options.IsReferee)
            await InteractiveTool.RestoreAsync();
        var results = new List<NotebookResult>();
        foreach (var (source, file) in prepared)
        {
            var isStopped = stop.Stop.IsCancellationRequested || results.Any(r => r.ExitCode == ExitCode.Interrupted);
            results.Add(isStopped ? NotReached(source) : await RunAsync(source, file, terminal, stop));
        }

        results.AddRange(unreadable);
        var report = Path.Combine(options.Output, "report.html");
        LibraryLoader.Enable();
        HtmlReport.Write(report, results);
        announcement.KeepTimes(results);
        new Summary(terminal).Print(announcement.Subject, results, report, clock.Elapsed, announcement.Next);
        return stop.Stop.IsCancellationRequested ? ExitCode.Interrupted : Gravest([.. results.Select(r => r.ExitCode)]);
    }

    private static int Gravest(IReadOnlyList<int> codes) =>
        new[] { ExitCode.Interrupted, ExitCode.CellFailed, ExitCode.NotRun }.FirstOrDefault(codes.Contains, ExitCode.Success);

    /// <summary>
    /// Reads all notebooks and sets their parameters, so that errors of the command line are reported before anything runs. A notebook that
    /// cannot be read costs only itself.
    /// </summary>
    private (List<(string Source, NotebookFile File)> Prepared, List<NotebookResult> Unreadable) Prepare()
    {
        RefuseOverwriting();
        var (all, unreadable) = (new List<(string Source, NotebookFile File)>(), new List<NotebookResult>());
        foreach (var path in options.Notebooks)
        {
            try
            {
                all.Add((path, NotebookFile.Read(path)));
            }
            catch (NotebookException problem) when (options.Notebooks.Count > 1)
            {
                unreadable.Add(new(Name(path), Executed: null, ExitCode.CellFailed, TimeSpan.Zero, 0, "not run: " + problem.Message));
            }
        }

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

        return (all, unreadable);
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

    private static string Name(string source) => Path.GetFileNameWithoutExtension(source);

    private string ExecutedPath(string source) =>
        Path.GetFullPath(Path.Combine(options.Output, Path.GetFileNameWithoutExtension(source) + ".ipynb"));

    private static NotebookResult NotReached(string source) =>
        new(Name(source), Executed: null, ExitCode.Interrupted, TimeSpan.Zero, 0, "not reached");

    private async Task<NotebookResult> RunAsync(string source, NotebookFile file, TerminalProgress terminal, RunStop stop)
    {
        Directory.CreateDirectory(options.Output);
        var name = Name(source);
        var executed = ExecutedPath(source);
        var record = new NotebookRecord(file, executed);
        if (record.Plan.IsForeign)
        {
            return new NotebookResult(name, executed, ExitCode.NotRun, TimeSpan.Zero, 0,
                $"not run: not a C# notebook (its language is {record.Plan.ForeignLanguages})");
        }

        NotebookExecution execute = options.IsReferee ? RefereeProcess.RunAsync : NotebookProcess.RunAsync;
        var clock = Stopwatch.StartNew();
        var outcome = await terminal.ShowAsync(name, record.Plan,
            receive => execute(record, Path.GetDirectoryName(source)!, receive, stop));
        return new NotebookResult(name, executed, outcome.Code, clock.Elapsed, record.PeakBytes, outcome.Status);
    }
}
