using System.Text.RegularExpressions;
using DeviceId.Notebooks.Report;

namespace DeviceId.Notebooks.Terminal;

/// <summary>
/// A table as text of limited width. Text is broken at spaces, numbers are not; columns for which there is no room are left out and named.
/// </summary>
internal sealed partial class TextTable
{
    private const int Gap = 2;

    // Narrower text is a column of single words.
    private const int NarrowText = 16;

    // Of a column of numbers: different words in place of a number.
    private const int MaxReasons = 2;

    private readonly List<Column> _shown;
    private readonly List<Column> _omitted = [];
    private readonly ResultTable _table;
    private readonly int? _width;

    private TextTable(ResultTable table, int? width)
    {
        (_table, _width) = (table, width);
        IReadOnlyList<string> Cells(int column) => [.. table.Rows.Select(row => row.ElementAtOrDefault(column) ?? "")];
        _shown = [.. table.Columns.Select((heading, i) => new Column(heading, Cells(i), isFirst: i == 0))];
        if (width is { } columns)
            Fit(columns);
    }

    /// <summary>Title, headings, rows, note and the columns left out, as lines.</summary>
    /// <param name="table">The printed cells.</param>
    /// <param name="width">Columns of the terminal; null for any width, with all columns.</param>
    public static IReadOnlyList<string> Lines(ResultTable table, int? width) => [.. new TextTable(table, width).Lines()];

    private IEnumerable<string> Lines()
    {
        foreach (var line in WordWrap.Lines(_table.Title, _width))
            yield return line;
        foreach (var line in Row(_shown.Select(column => column.Heading)))
            yield return line;
        yield return Join(_shown.Select(column => new string('-', column.Width)));
        foreach (var line in Enumerable.Range(0, _table.Rows.Count).SelectMany(i => Row(_shown.Select(column => column.Cells[i]))))
            yield return line;
        foreach (var line in Notes().SelectMany(note => WordWrap.Lines(note, _width)))
            yield return line;
    }

    private IEnumerable<string> Notes()
    {
        if (!string.IsNullOrEmpty(_table.Note))
            yield return _table.Note;
        if (_omitted.Count > 0)
            yield return $"Not shown in {_width} columns: {string.Join("; ", _omitted.Select(column => column.Heading))}.";
    }

    private IEnumerable<string> Row(IEnumerable<string> cells)
    {
        var broken = cells.Zip(_shown, (cell, column) => WordWrap.Lines(cell, column.Width).Select(line => line.Trim()).ToList()).ToList();
        for (var i = 0; i < broken.Select(cell => cell.Count).DefaultIfEmpty(0).Max(); i++)
            yield return Join(broken.Zip(_shown, (cell, column) => column.Align(cell.ElementAtOrDefault(i) ?? ""))).TrimEnd();
    }

    private static string Join(IEnumerable<string> cells) => string.Join(new string(' ', Gap), cells);

    /// <summary>Leaves columns out until the others fit, numbers first and from the right; then gives the room left to text.</summary>
    private void Fit(int width)
    {
        while (_shown.Count > 1 && Total(column => column.MinWidth) > width)
        {
            var column = _shown.FindLast(column => column.IsNumeric) ?? _shown[^1];
            _shown.Remove(column);
            _omitted.Insert(0, column);
        }

        _shown.ForEach(column => column.Width = column.MinWidth);
        while (Total(column => column.Width) < width && _shown.MaxBy(column => column.FullWidth - column.Width) is { } widest
            && widest.Width < widest.FullWidth)
            widest.Width++;
    }

    private int Total(Func<Column, int> width) => _shown.Sum(width) + (Gap * (_shown.Count - 1));

    /// <summary>A column with the widths that it can have.</summary>
    private sealed class Column
    {
        public Column(string heading, IReadOnlyList<string> cells, bool isFirst)
        {
            (Heading, Cells, IsNumeric) = (heading, cells, !isFirst && AreNumbers(cells));
            FullWidth = Width = cells.Select(cell => cell.Length).Append(heading.Length).Append(1).Max();
            var longestWord = cells.Append(heading).SelectMany(cell => cell.Split(' ')).Max(word => word.Length);
            var cellWidth = cells.Select(cell => cell.Length).DefaultIfEmpty(0).Max();
            MinWidth = Math.Max(1, Math.Max(longestWord, IsNumeric ? cellWidth : Math.Min(FullWidth, NarrowText)));
        }

        public string Heading { get; }

        public IReadOnlyList<string> Cells { get; }

        public bool IsNumeric { get; }

        public int FullWidth { get; }

        public int MinWidth { get; }

        public int Width { get; set; }

        /// <summary>Numbers, also if most are missing for one or two reasons: "not stated".</summary>
        private static bool AreNumbers(IReadOnlyList<string> cells)
        {
            var others = cells.Where(cell => cell.Length > 0 && !Number().IsMatch(cell)).ToList();
            var numbers = cells.Count(cell => Number().IsMatch(cell));
            return numbers > others.Count || (numbers > 0 && others.Distinct().Count() <= MaxReasons);
        }

        public string Align(string text) => IsNumeric ? text.PadLeft(Width) : text.PadRight(Width);
    }

    // "< 0.001", "-0.3 [-1.1, +0.5], p = 1.000", "94.1 % [92.6, 95.4]", "5.8 (5.0 to 9.6)", "40 + 1600"; not "64 Gaussians".
    [GeneratedRegex(@"^(?:<\s)?[-+−]?\d[\d.,]*(?:\s%)?(?:\s[\[(+].*|,.*)?$")]
    private static partial Regex Number();
}
