using System.Globalization;
using DeviceId.Notebooks.Report;

namespace DeviceId.Notebooks.Terminal;

/// <summary>Prints the result tables, one line per notebook, and the digest.</summary>
internal sealed class Summary(TerminalProgress terminal)
{
    /// <param name="subject">What was run: "10 notebooks, size quick, simulated recordings".</param>
    /// <param name="results">The outcome of each notebook.</param>
    /// <param name="report">Full path of the report.</param>
    /// <param name="elapsed">Wall-clock time of the whole run.</param>
    /// <param name="next">What to do next if all went well.</param>
    public void Print(string subject, IReadOnlyList<NotebookResult> results, string report, TimeSpan elapsed, string next)
    {
        var width = WordWrap.TerminalWidth;
        var sections = results.Select(result => new NotebookSection(result)).ToList();
        var experiments = NotebookSection.Experiments(sections);
        foreach (var table in sections.SelectMany(section => section.Tables))
            terminal.Line("\n" + string.Join('\n', TextTable.Lines(table, width)));
        terminal.Line("");
        foreach (var r in results)
            terminal.Line(string.Create(CultureInfo.InvariantCulture,
                $"{r.Name}: {r.Status}, {r.Elapsed.TotalSeconds:F1} s, peak memory {r.PeakBytes / 1048576.0:F0} MB"));
        terminal.Line("");
        foreach (var line in new Digest(subject, results, experiments, report, elapsed, next).Lines(width))
            terminal.Line(line);
    }
}
