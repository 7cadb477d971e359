using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Analysis;

namespace DeviceId.Reporting;

/// <summary>Converts a table to a data frame.</summary>
internal static partial class TableFrame
{
    public static DataFrame Create(ResultTable table)
    {
        var frame = new DataFrame();
        for (var i = 0; i < table.Columns.Count; i++)
            foreach (var column in Columns(table.Columns[i], [.. table.Cells.Select(row => row[i])]))
            {
                column.SetName(UniqueName(column.Name, frame));
                frame.Columns.Add(column);
            }

        return frame;
    }

    /// <summary>Whether the cells of a column are numbers, at least one, apart from missing ones.</summary>
    public static bool IsNumeric(IReadOnlyList<object?> cells)
    {
        var numbers = cells.Select(Numbers).ToList();
        return numbers.All(cell => cell is not null) && numbers.Any(cell => cell!.Count > 0);
    }

    /// <summary>Data-frame columns of a table column: one column of text, or one numeric column for each part of its cells.</summary>
    private static IEnumerable<DataFrameColumn> Columns(string heading, IReadOnlyList<object?> cells)
    {
        if (!IsNumeric(cells))
            return [new StringDataFrameColumn(heading, cells.Select(Text))];
        var numbers = cells.Select(Numbers).ToList();
        return numbers.SelectMany(cell => cell!).DistinctBy(number => number.Part)
            .Select(first => Column(Name(heading, first), [.. numbers.Select(cell => Value(cell!, first.Part))]));
    }

    /// <summary>The numbers of a cell; empty for a missing cell, null for text.</summary>
    private static IReadOnlyList<CellNumber>? Numbers(object? cell) => cell switch
    {
        null => [],
        ITableCell numbers => numbers.Numbers,
        byte or short or int or long => [new("", Convert.ToInt64(cell, CultureInfo.InvariantCulture))],
        float or double or decimal => [new("", Convert.ToDouble(cell, CultureInfo.InvariantCulture))],
        _ => null,
    };

    private static string? Text(object? cell) => cell is null or Missing ? null : Convert.ToString(cell, CultureInfo.InvariantCulture);

    private static object? Value(IReadOnlyList<CellNumber> numbers, string part) =>
        numbers.FirstOrDefault(number => number.Part == part).Value;

    private static DataFrameColumn Column(string name, IReadOnlyList<object?> values) => values.All(value => value is null or long)
        ? new Int64DataFrameColumn(name, values.Select(value => (long?)value))
        : new DoubleDataFrameColumn(name, values.Select(Double));

    private static double? Double(object? value) => value is null ? null : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    /// <summary>Name of a column: heading "segments (%)" and part "low" give "segments, low (%)".</summary>
    private static string Name(string heading, CellNumber number)
    {
        var match = Heading().Match(heading);
        var (name, unit) = match.Success ? (match.Groups["name"].Value, match.Groups["unit"].Value) : (heading, "");
        unit = number.Unit ?? unit;
        return name + (number.Part.Length > 0 ? ", " + number.Part : "") + (unit.Length > 0 ? $" ({unit})" : "");
    }

    /// <summary>Appends a number to a name that is already used: tables allow equal headings, data frames do not.</summary>
    private static string UniqueName(string name, DataFrame frame)
    {
        var unique = name;
        for (var i = 2; frame.Columns.IndexOf(unique) >= 0; i++)
            unique = string.Create(CultureInfo.InvariantCulture, $"{name} {i}");
        return unique;
    }

    /// <summary>Splits a heading into name and unit; the p-value of "difference (points), p" becomes a column of its own.</summary>
    [GeneratedRegex(@"^(?<name>.+?) \((?<unit>[^()]*)\)(, p)?$")]
    private static partial Regex Heading();
}
