using System.Diagnostics;
using System.Globalization;
using DeviceId.Notebooks.Process;
using Spectre.Console;

namespace DeviceId.Notebooks.Terminal;

/// <summary>Shows a running notebook: a progress bar and console output in a terminal, plain lines in a log file.</summary>
internal sealed class TerminalProgress
{
    private readonly bool _live = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
    private string _partial = "";

    public IAnsiConsole Ansi { get; } = AnsiConsole.Console;

    /// <summary>Prints a line without markup, wrapping or colours.</summary>
    public void Line(string text)
    {
        if (_live)
            Ansi.WriteLine(text);
        else
            Console.WriteLine(text);
    }

    public async Task<int> ShowAsync(string name, Func<Action<NotebookEvent>, Task<int>> run)
    {
        Line($"{name}: starting");
        return _live ? await LiveAsync(name, run) : await PlainAsync(name, run);
    }

    private async Task<int> PlainAsync(string name, Func<Action<NotebookEvent>, Task<int>> run)
    {
        var clock = Stopwatch.StartNew();
        return await run(e =>
        {
            Print(e);
            if (e.Kind == EventKind.CellFinished)
                Line(string.Create(CultureInfo.InvariantCulture,
                    $"{name}: cell {e.Cell} of {e.Cells} done, {clock.Elapsed.TotalSeconds:F1} s"));
        });
    }

    private Task<int> LiveAsync(string name, Func<Action<NotebookEvent>, Task<int>> run) => Ansi.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
            new ElapsedTimeColumn(), new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            var bar = context.AddTask(Markup.Escape(name), maxValue: 1);
            return await run(e =>
            {
                Print(e);
                if (e.Cells == 0)
                    return;
                var within = e.Kind == EventKind.CellFinished ? 1 : e.Fraction ?? 0;
                bar.Value = Math.Max(bar.Value, (e.Cell - 1 + within) / e.Cells);
                if (e.Kind is EventKind.Progress or EventKind.CellStarted)
                    bar.Description = Markup.Escape(
                        $"{name} · cell {e.Cell} of {e.Cells}{(string.IsNullOrEmpty(e.Text) ? "" : " · " + e.Text)}");
            });
        });

    private void Print(NotebookEvent e)
    {
        if (e.Kind == EventKind.Failed)
            Line(e.Text ?? "");
        if (e.Kind == EventKind.Text)
            _partial += e.Text;
        // Only whole lines are printed while a cell runs, because the bar is redrawn below them.
        var end = e.Kind == EventKind.Text ? _partial.LastIndexOf('\n') : _partial.Length;
        if (end <= 0 && _partial.Length > 0 && e.Kind == EventKind.Text)
            return;
        if (_partial.Length > 0)
            Line(_partial[..end]);
        _partial = end < _partial.Length ? _partial[(end + 1)..] : "";
    }
}
