using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;
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

    // A terminal of fewer columns has a shorter bar and no elapsed time, so that the status has room.
    private const int WideTerminal = 110;
    private const int BarAndTimes = 34;
    private const int ShortBar = 10;

    // The bar was where the lines are written.
    private const string EraseRest = "\e[K";

    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(50);

    private readonly bool _live;
    private readonly ConsoleLines _lines = new();
    private readonly StringBuilder _pending = new();
    private readonly Lock _gate = new();
    private readonly Timer _flush;
    private Action<string>? _showStatus;
    private bool _isDue;

    public TerminalProgress()
    {
        Ansi = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        _live = Ansi.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
        _flush = new Timer(_ => Flush());
    }

    public IAnsiConsole Ansi { get; }

    /// <summary>Prints a line without markup or colours, broken at spaces in a terminal.</summary>
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
        _showStatus = null;
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
        .Columns(IsWide
            ? [Description, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn()]
            : [Description, new ProgressBarColumn { Width = ShortBar }, new PercentageColumn(), new RemainingTimeColumn()])
        .StartAsync(async context =>
        {
            var bar = context.AddTask(Markup.Escape(name), maxValue: 1);
            var cell = 0;
            _showStatus = status => bar.Description = Describe(name, cell, plan.Cells.Count, status);
            return await run(e =>
            {
                Print(e);
                if (e.Kind is EventKind.Text or EventKind.Finished || e.Cell == 0)
                    return;
                cell = e.Cell;
                var progress = ProgressDisplay.In(e.Mime);
                var within = e.Kind == EventKind.CellFinished ? 1 : progress?.Fraction ?? 0;
                bar.Value = Math.Max(bar.Value, (cell - 1 + within) / plan.Cells.Count);
                if (progress is not null || e.Kind == EventKind.CellStarted)
                    _showStatus(progress?.Status ?? "");
            });
        });

    private bool IsWide => Ansi.Profile.Width >= WideTerminal;

    private static TaskDescriptionColumn Description => new() { Alignment = Justify.Left };

    private string Describe(string name, int cell, int cells, string status)
    {
        var place = $"{name} · cell {cell} of {cells}";
        var room = IsWide ? StatusLength : Ansi.Profile.Width - BarAndTimes - place.Length;
        var text = WordWrap.Shorten(Control().Replace(status, "").Trim(), room);
        return Markup.Escape($"{place}{(text.Length == 0 ? "" : " · " + text)}");
    }

    private void Print(NotebookEvent e)
    {
        lock (_gate)
        {
            if (e.Kind == EventKind.Text)
                _lines.Append(e.Text ?? "", _pending);
            else if (e.Kind is EventKind.CellFinished or EventKind.Failed)
                _lines.EndLine(_pending);
            if (e.Error is { } error)
                _pending.AppendJoin('\n', error.Trace).Append('\n');
            if (!_isDue && (_pending.Length > 0 || e.Kind == EventKind.Text))
                _isDue = _flush.Change(FlushInterval, Timeout.InfiniteTimeSpan);
        }
    }

    private void Flush()
    {
        lock (_gate)
        {
            _isDue = false;
            if (_pending.Length > 0)
                Write(_pending.ToString());
            _pending.Clear();
            if (_lines.Current is { Length: > 0 } unfinished)
                _showStatus?.Invoke(unfinished);
        }
    }

    // Spectre would measure each character to wrap the lines itself, which takes a minute for 300,000 lines.
    private void Write(string lines)
    {
        lines = WordWrap.Wrap(lines, WordWrap.TerminalWidth);
        if (!_live)
            Console.Out.Write(lines);
        else if (Ansi.Profile.Capabilities.Ansi)
            Ansi.Write(new ControlCode(lines.Replace("\n", EraseRest + "\n", StringComparison.Ordinal)));
        else
            Ansi.Write(new ControlCode(lines));
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]|\p{C}")]
    private static partial Regex Control();
}
