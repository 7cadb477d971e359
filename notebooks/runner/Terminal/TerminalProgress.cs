using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DeviceId.Notebooks.Process;
using Spectre.Console;

namespace DeviceId.Notebooks.Terminal;

/// <summary>
/// Shows a running notebook: a progress bar and console output in a terminal, plain lines in a log file. Lines are collected for a moment,
/// because the bar is drawn again below each write; the line that is not ended yet stands beside the bar.
/// </summary>
internal sealed partial class TerminalProgress : IDisposable
{
    private const int StatusLength = 60;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(50);

    private readonly bool _live;
    private readonly ConsoleLines _lines = new();
    private readonly StringBuilder _pending = new();
    private readonly Lock _gate = new();
    private readonly Timer _flush;

    public TerminalProgress()
    {
        Ansi = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        _live = Ansi.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
        _flush = new Timer(_ => Flush());
    }

    public IAnsiConsole Ansi { get; }

    /// <summary>Prints a line without markup, wrapping or colours.</summary>
    public void Line(string text)
    {
        Flush();
        Write(text + "\n");
    }

    public async Task<NotebookOutcome> ShowAsync(
        string name, RunPlan plan, Func<Action<NotebookEvent>, Task<NotebookOutcome>> run)
    {
        Line($"{name}: starting");
        var outcome = _live ? await LiveAsync(name, plan, run) : await PlainAsync(name, plan, run);
        Flush();
        return outcome;
    }

    public void Dispose()
    {
        _flush.Dispose();
        Flush();
    }

    private async Task<NotebookOutcome> PlainAsync(
        string name, RunPlan plan, Func<Action<NotebookEvent>, Task<NotebookOutcome>> run)
    {
        var clock = Stopwatch.StartNew();
        var failed = 0;
        return await run(e =>
        {
            Print(e);
            failed = e.Kind == EventKind.Failed ? e.Cell : failed;
            var ended = failed == e.Cell ? "failed" : "done";
            if (e.Kind == EventKind.CellFinished)
                Line(string.Create(CultureInfo.InvariantCulture,
                    $"{name}: cell {e.Cell} of {plan.Cells.Count} {ended}, {clock.Elapsed.TotalSeconds:F1} s"));
        });
    }

    private Task<NotebookOutcome> LiveAsync(
        string name, RunPlan plan, Func<Action<NotebookEvent>, Task<NotebookOutcome>> run) => Ansi.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
            new ElapsedTimeColumn(), new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            var bar = context.AddTask(Markup.Escape(name), maxValue: 1);
            var cell = 0;
            return await run(e =>
            {
                Print(e);
                cell = e.Kind == EventKind.Finished || e.Cell == 0 ? cell : e.Cell;
                if (cell == 0)
                    return;
                var progress = ProgressDisplay.In(e.Mime);
                var within = e.Kind == EventKind.CellFinished ? 1 : progress?.Fraction ?? 0;
                bar.Value = Math.Max(bar.Value, (cell - 1 + within) / plan.Cells.Count);
                if (progress is not null || e.Kind is EventKind.CellStarted or EventKind.Text)
                    bar.Description = Describe(name, cell, plan.Cells.Count, progress?.Status ?? _lines.Current);
            });
        });

    private static string Describe(string name, int cell, int cells, string status)
    {
        var text = Control().Replace(status, "").Trim();
        text = text.Length > StatusLength ? text[..StatusLength] + "…" : text;
        return Markup.Escape($"{name} · cell {cell} of {cells}{(text.Length == 0 ? "" : " · " + text)}");
    }

    private void Print(NotebookEvent e)
    {
        lock (_gate)
        {
            var wasEmpty = _pending.Length == 0;
            if (e.Kind == EventKind.Text)
                _lines.Append(e.Text ?? "", _pending);
            else if (e.Kind is EventKind.CellFinished or EventKind.Failed)
                _lines.EndLine(_pending);
            if (e.Error is { } error)
                _pending.AppendJoin('\n', error.Trace).Append('\n');
            if (wasEmpty && _pending.Length > 0)
                _flush.Change(FlushInterval, Timeout.InfiniteTimeSpan);
        }
    }

    private void Flush()
    {
        lock (_gate)
        {
            if (_pending.Length == 0)
                return;
            var text = _pending.ToString();
            _pending.Clear();
            Write(text);
        }
    }

    // Spectre would measure each character to wrap the lines itself, which takes a minute for 300,000 lines.
    private void Write(string lines)
    {
        if (_live)
            Ansi.Write(new ControlCode(lines));
        else
            Console.Out.Write(lines);
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]|\p{C}")]
    private static partial Regex Control();
}
