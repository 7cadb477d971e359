using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DeviceId.Foundation;
using Microsoft.Data.Analysis;

namespace DeviceId.Reporting;

/// <summary>
/// A table of results: HTML in a notebook, aligned text in a terminal, a data frame for further computation, CSV and LaTeX for a paper.
/// </summary>
/// <remarks>
/// A cell is text, a plain number, or a group of numbers (<see cref="Number"/>, <see cref="Estimate"/>, <see cref="MedianWithRange"/>,
/// <see cref="PValue"/>); null or <see cref="Missing"/> for an empty cell. Cells are formatted with invariant culture when the table is
/// displayed. The HTML repeats the printed cells as JSON in a script of class "deviceid-table", so that the notebook runner can print the
/// table in the terminal without parsing HTML.
/// </remarks>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed partial class ResultTable : INotebookValue
{
    private const int MaxReasonLetters = 24;

    private readonly List<IReadOnlyList<object?>> _cells = [];

    /// <param name="title">Title of the table.</param>
    /// <param name="columns">Headings, with units.</param>
    public ResultTable(string title, params string[] columns) => (Title, Columns) = (title, columns);

    /// <summary>Title of the table.</summary>
    public string Title { get; }

    /// <summary>Headings of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Unformatted cells (row, column).</summary>
    public IReadOnlyList<IReadOnlyList<object?>> Cells => _cells;

    /// <summary>Formatted cells (row, column); empty strings for null.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows =>
        [.. _cells.Select(row => (IReadOnlyList<string>)[.. row.Select(Format)])];

    /// <summary>Whether each column is aligned to the right: numbers, without sentences in place of missing ones.</summary>
    internal IReadOnlyList<bool> AreAlignedRight => [.. Columns.Select((_, column) =>
    {
        IReadOnlyList<object?> cells = [.. _cells.Select(row => row[column])];
        return TableFrame.IsNumeric(cells) && cells.OfType<Missing>().All(cell => cell.Reason.Length <= MaxReasonLetters);
    })];

    /// <summary>Explanation below the table: the origin of the numbers, the kind of intervals.</summary>
    public string Note { get; private set; } = "";

    /// <summary>HTML after the table that a browser does not show, for programs that read executed notebooks; null for none.</summary>
    internal Func<string>? Hidden { get; init; }

    /// <summary>Appends a row.</summary>
    /// <param name="cells">A cell for each column, in the unit of the heading.</param>
    /// <exception cref="ArgumentException">The number of cells differs from the number of columns.</exception>
    public ResultTable Row(params object?[] cells)
    {
        if (cells.Length != Columns.Count)
            throw new ArgumentException($"Table '{Title}' has {Columns.Count} columns, but the row has {cells.Length} cells.");
        _cells.Add([.. cells]);
        return this;
    }

    /// <summary>Sets the note below the table.</summary>
    public ResultTable WithNote(string note)
    {
        Note = note;
        return this;
    }

    /// <summary>Converts the table to a data frame with unrounded numbers, in the units of the headings.</summary>
    /// <remarks>
    /// A column of numbers becomes a column of longs or doubles. A column of estimates, "segments (%)", becomes "segments (%)", "segments,
    /// low (%)" and "segments, high (%)", and, if present, "segments, p" and "segments, n". Any other column becomes text. Missing cells
    /// are null. A repeated heading gets a number.
    /// </remarks>
    public DataFrame ToDataFrame() => TableFrame.Create(this);

    /// <summary>Formats the table as CSV (RFC 4180): the columns of <see cref="ToDataFrame"/>, without title and note.</summary>
    /// <remarks>Numbers are not rounded. A text that a spreadsheet would run as a formula begins with an apostrophe.</remarks>
    public string ToCsv() => TableCsv.Write(this);

    /// <summary>Formats the table for LaTeX with the package booktabs: the printed cells, the title as caption, the note below.</summary>
    public string ToLatex() => TableLatex.Write(this);

    /// <summary>Writes the table to a file (UTF-8): CSV if its name ends in .csv, LaTeX for .tex, Markdown for .md.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <exception cref="ArgumentException">The name has another ending.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CSV" => ToCsv(),
        ".TEX" => ToLatex(),
        ".MD" => ToMarkdown(),
        _ => throw new ArgumentException($"'{path}': a table is saved as .csv, .tex or .md.", nameof(path)),
    });

    /// <inheritdoc/>
    public string ToHtml()
    {
        var (rows, alignedRight) = (Rows, AreAlignedRight);
        string Aligned(int column) => $" style=\"text-align:{(alignedRight[column] ? "right" : "left")}\">";
        var html = new StringBuilder("<table class=\"deviceid-result\"><caption style=\"text-align:left;font-weight:bold\">")
            .Append(Encode(Title)).Append("</caption><thead><tr>");
        foreach (var (i, column) in Columns.Index())
            html.Append("<th").Append(Aligned(i)).Append(Encode(column)).Append("</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            foreach (var (i, cell) in row.Index())
                html.Append("<td").Append(Aligned(i)).Append(KeepIntervalsTogether(Encode(cell))).Append("</td>");
            html.Append("</tr>");
        }

        html.Append("</tbody></table>");
        if (Note.Length > 0)
            html.Append("<p class=\"deviceid-note\"><small>").Append(Encode(Note)).Append("</small></p>");
        var data = Json.WriteCompact(new { Title, Columns, Rows = rows, Note }).Replace("</", "<\\/", StringComparison.Ordinal);
        return html.Append("<script type=\"application/json\" class=\"deviceid-table\">").Append(data).Append("</script>")
            .Append(Hidden?.Invoke()).ToString();
    }

    /// <summary>Formats the table as Markdown, without title and note.</summary>
    public string ToMarkdown()
    {
        static string Line(IEnumerable<string> cells) =>
            $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
        return Line(Columns) + Line(AreAlignedRight.Select(right => right ? "---:" : "---")) + string.Concat(Rows.Select(Line));
    }

    /// <summary>Formats the table as aligned text.</summary>
    public override string ToString()
    {
        var (rows, alignedRight) = (Rows, AreAlignedRight);
        string Pad(string cell, int width, bool left) => left ? cell.PadLeft(width) : cell.PadRight(width);
        var widths = Columns.Select((column, i) => rows.Select(row => row[i].Length).Append(column.Length).Max()).ToList();
        string Line(IReadOnlyList<string> cells) =>
            string.Join("  ", cells.Select((cell, i) => Pad(cell, widths[i], alignedRight[i]))).TrimEnd();
        var lines = new List<string> { Title, Line(Columns), string.Join("  ", widths.Select(width => new string('-', width))) };
        lines.AddRange(rows.Select(Line));
        if (Note.Length > 0)
            lines.Add(Note);
        return string.Join('\n', lines);
    }

    private static string Format(object? cell) => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "";

    /// <summary>Replaces spaces in intervals so that narrow columns break lines before an interval, not inside it.</summary>
    private static string KeepIntervalsTogether(string html) =>
        Interval().Replace(html, match => match.Value.Replace(" ", "&nbsp;", StringComparison.Ordinal));

    [GeneratedRegex(@"\[[-+\d., ]+\]|&lt; \d")]
    private static partial Regex Interval();

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
