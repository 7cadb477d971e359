using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DeviceId.Foundation;

namespace DeviceId.Reporting;

/// <summary>A table of results: HTML in a notebook, aligned text in a terminal.</summary>
/// <remarks>
/// The HTML carries the cells once more as JSON in a script of the class "deviceid-table", so that the notebook runner
/// can print the table in the terminal without reading HTML.
/// </remarks>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed partial class ResultTable : INotebookValue
{
    private readonly List<IReadOnlyList<string>> _rows = [];

    /// <param name="title">What the table shows.</param>
    /// <param name="columns">Headings, with units.</param>
    public ResultTable(string title, params string[] columns) => (Title, Columns) = (title, columns);

    /// <summary>What the table shows.</summary>
    public string Title { get; }

    /// <summary>Headings.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Cells (row, column).</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows => _rows;

    /// <summary>What a reader must know to read the table right: where the numbers come from, what the intervals are.</summary>
    public string Note { get; private set; } = "";

    /// <summary>Appends a row; values are written with invariant culture.</summary>
    /// <exception cref="ArgumentException">The row has not as many cells as the table has columns.</exception>
    public ResultTable Row(params object?[] cells)
    {
        if (cells.Length != Columns.Count)
            throw new ArgumentException($"Table '{Title}' has {Columns.Count} columns, the row {cells.Length} cells.");
        _rows.Add([.. cells.Select(cell => Convert.ToString(cell, System.Globalization.CultureInfo.InvariantCulture) ?? "")]);
        return this;
    }

    /// <summary>Sets the note under the table.</summary>
    public ResultTable WithNote(string note)
    {
        Note = note;
        return this;
    }

    /// <inheritdoc/>
    public string ToHtml()
    {
        var html = new StringBuilder("<table class=\"deviceid-result\"><caption style=\"text-align:left;font-weight:bold\">").Append(Encode(Title)).Append("</caption><thead><tr>");
        foreach (var column in Columns)
            html.Append("<th style=\"text-align:left\">").Append(Encode(column)).Append("</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in Rows)
        {
            html.Append("<tr>");
            foreach (var cell in row)
                html.Append("<td style=\"text-align:left\">").Append(IntervalsWhole(Encode(cell))).Append("</td>");
            html.Append("</tr>");
        }

        html.Append("</tbody></table>");
        if (Note.Length > 0)
            html.Append("<p class=\"deviceid-note\"><small>").Append(Encode(Note)).Append("</small></p>");
        var data = Json.WriteCompact(new { Title, Columns, Rows, Note }).Replace("</", "<\\/", StringComparison.Ordinal);
        return html.Append("<script type=\"application/json\" class=\"deviceid-table\">").Append(data).Append("</script>").ToString();
    }

    /// <summary>The table in Markdown, without title and note.</summary>
    public string ToMarkdown()
    {
        static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
        return Line(Columns) + Line(Columns.Select(_ => "---")) + string.Concat(Rows.Select(Line));
    }

    /// <summary>The table as aligned text.</summary>
    public override string ToString()
    {
        var widths = Columns.Select((column, i) => Rows.Select(row => row[i].Length).Append(column.Length).Max()).ToList();
        string Line(IReadOnlyList<string> cells) => string.Join("  ", cells.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd();
        var lines = new List<string> { Title, Line(Columns), string.Join("  ", widths.Select(width => new string('-', width))) };
        lines.AddRange(Rows.Select(Line));
        if (Note.Length > 0)
            lines.Add(Note);
        return string.Join('\n', lines);
    }

    /// <summary>A narrow column may break before an interval and never inside it.</summary>
    private static string IntervalsWhole(string html) => Interval().Replace(html, match => match.Value.Replace(" ", "&nbsp;", StringComparison.Ordinal));

    [GeneratedRegex(@"\[[-+\d., ]+\]|&lt; \d")]
    private static partial Regex Interval();

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
