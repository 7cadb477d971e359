using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DeviceId.Foundation;
using Microsoft.Data.Analysis;

namespace DeviceId.Reporting;

/// <summary>A table of results: HTML in a notebook, aligned text in a terminal, a data frame for further computing.</summary>
/// <remarks>
/// A cell is text, a plain number, or numbers that belong together (<see cref="Number"/>, <see cref="Estimate"/>,
/// <see cref="MedianWithRange"/>, <see cref="PValue"/>); null or <see cref="Missing"/> where there is none. It is formatted,
/// with invariant culture, when the table is shown. The HTML carries the printed cells once more as JSON in a
/// script of the class "deviceid-table", so that the notebook runner can print the table in the terminal without reading HTML.
/// </remarks>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed partial class ResultTable : INotebookValue
{
    private readonly List<IReadOnlyList<object?>> _cells = [];

    /// <param name="title">What the table shows.</param>
    /// <param name="columns">Headings, with units.</param>
    public ResultTable(string title, params string[] columns) => (Title, Columns) = (title, columns);

    /// <summary>What the table shows.</summary>
    public string Title { get; }

    /// <summary>Headings.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Cells (row, column) as they were handed over.</summary>
    public IReadOnlyList<IReadOnlyList<object?>> Cells => _cells;

    /// <summary>Cells (row, column) as they are printed; a missing one is empty.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows =>
        [.. _cells.Select(row => (IReadOnlyList<string>)[.. row.Select(Printed)])];

    /// <summary>What a reader must know to read the table right: where the numbers come from, what the intervals are.</summary>
    public string Note { get; private set; } = "";

    /// <summary>Appends a row.</summary>
    /// <param name="cells">A cell for each column; percentages and the like in the unit of the heading.</param>
    /// <exception cref="ArgumentException">The row has not as many cells as the table has columns.</exception>
    public ResultTable Row(params object?[] cells)
    {
        if (cells.Length != Columns.Count)
            throw new ArgumentException($"Table '{Title}' has {Columns.Count} columns, the row {cells.Length} cells.");
        _cells.Add([.. cells]);
        return this;
    }

    /// <summary>Sets the note under the table.</summary>
    public ResultTable WithNote(string note)
    {
        Note = note;
        return this;
    }

    /// <summary>The numbers, not rounded, in the units of the headings.</summary>
    /// <remarks>
    /// A column of numbers becomes one of longs or doubles. A column of estimates, "segments (%)", becomes "segments (%)",
    /// "segments, low (%)" and "segments, high (%)", and where they have them "segments, p" and "segments, n". Any other column
    /// becomes text. Missing cells are null. A heading that comes again gets a number.
    /// </remarks>
    public DataFrame ToDataFrame() => TableFrame.Create(this);

    /// <inheritdoc/>
    public string ToHtml()
    {
        var rows = Rows;
        var html = new StringBuilder("<table class=\"deviceid-result\"><caption style=\"text-align:left;font-weight:bold\">")
            .Append(Encode(Title)).Append("</caption><thead><tr>");
        foreach (var column in Columns)
            html.Append("<th style=\"text-align:left\">").Append(Encode(column)).Append("</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            foreach (var cell in row)
                html.Append("<td style=\"text-align:left\">").Append(IntervalsWhole(Encode(cell))).Append("</td>");
            html.Append("</tr>");
        }

        html.Append("</tbody></table>");
        if (Note.Length > 0)
            html.Append("<p class=\"deviceid-note\"><small>").Append(Encode(Note)).Append("</small></p>");
        var data = Json.WriteCompact(new { Title, Columns, Rows = rows, Note }).Replace("</", "<\\/", StringComparison.Ordinal);
        return html.Append("<script type=\"application/json\" class=\"deviceid-table\">").Append(data).Append("</script>").ToString();
    }

    /// <summary>The table in Markdown, without title and note.</summary>
    public string ToMarkdown()
    {
        static string Line(IEnumerable<string> cells) =>
            $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
        return Line(Columns) + Line(Columns.Select(_ => "---")) + string.Concat(Rows.Select(Line));
    }

    /// <summary>The table as aligned text.</summary>
    public override string ToString()
    {
        var rows = Rows;
        var widths = Columns.Select((column, i) => rows.Select(row => row[i].Length).Append(column.Length).Max()).ToList();
        string Line(IReadOnlyList<string> cells) => string.Join("  ", cells.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd();
        var lines = new List<string> { Title, Line(Columns), string.Join("  ", widths.Select(width => new string('-', width))) };
        lines.AddRange(rows.Select(Line));
        if (Note.Length > 0)
            lines.Add(Note);
        return string.Join('\n', lines);
    }

    private static string Printed(object? cell) => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "";

    /// <summary>A narrow column may break before an interval and never inside it.</summary>
    private static string IntervalsWhole(string html) =>
        Interval().Replace(html, match => match.Value.Replace(" ", "&nbsp;", StringComparison.Ordinal));

    [GeneratedRegex(@"\[[-+\d., ]+\]|&lt; \d")]
    private static partial Regex Interval();

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
