using System.Globalization;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Report;
using Spectre.Console;

namespace DeviceId.Notebooks.Terminal;

/// <summary>Prints the result tables, one line per notebook, and the path of the report.</summary>
internal sealed class Summary(TerminalProgress terminal)
{
    public void Print(IReadOnlyList<NotebookResult> results, string report)
    {
        foreach (var table in results.Select(r => r.Executed).OfType<string>().SelectMany(path => ResultTable.In(NotebookFile.Read(path))))
            Print(table);
        terminal.Line("");
        foreach (var r in results)
            terminal.Line(string.Create(CultureInfo.InvariantCulture,
                $"{r.Name}: {r.Status}, {r.Elapsed.TotalSeconds:F1} s, peak memory {r.PeakBytes / 1048576.0:F0} MB"));
        terminal.Line($"report: {report}");
    }

    private void Print(ResultTable result)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (column, index) in result.Columns.Select((c, i) => (c, i)))
            table.AddColumn(new TableColumn(new Text(column)) { Alignment = index == 0 ? Justify.Left : Justify.Right });
        foreach (var row in result.Rows)
            table.AddRow(row.Take(result.Columns.Count).Select(c => new Text(c)));
        terminal.Line("");
        terminal.Line(result.Title);
        terminal.Ansi.Write(table);
        if (!string.IsNullOrEmpty(result.Note))
            terminal.Line(result.Note);
    }
}
