using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Analysis;

namespace DeviceId.Reporting;

/// <summary>A table's cells as the columns of a data frame.</summary>
internal static partial class TableFrame
{
    public static DataFrame Create(ResultTable table)
    {
        var frame = new DataFrame();
        for (var i = 0; i < table.Columns.Count; i++)
            foreach (var column in Columns(table.Columns[i], [.. table.Cells.Select(row => row[i])]))
            {
                column.SetName(Unused(column.Name, frame));
                frame.Columns.Add(column);
            }

        return frame;
    }

    /// <summary>A column of the table: one of text, or as many of numbers as its cells have parts.</summary>
    private static IEnumerable<DataFrameColumn> Columns(string heading, IReadOnlyList<object?> cells)
    {
        var numbers = cells.Select(Numbers).ToList();
        if (numbers.Any(found => found is null) || numbers.All(found => found!.Count == 0))
            return [new StringDataFrameColumn(heading, cells.Select(Text))];
        return numbers.SelectMany(found => found!).DistinctBy(number => number.Part)
            .Select(first => Column(Name(heading, first), [.. numbers.Select(found => Value(found!, first.Part))]));
    }

    /// <summary>The numbers of a cell, none where it is missing; null where it is text.</summary>
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

    /// <summary>"segments (%)" and "low" make "segments, low (%)".</summary>
    private static string Name(string heading, CellNumber number)
    {
        var match = Heading().Match(heading);
        var (name, unit) = match.Success ? (match.Groups["name"].Value, match.Groups["unit"].Value) : (heading, "");
        unit = number.Unit ?? unit;
        return name + (number.Part.Length > 0 ? ", " + number.Part : "") + (unit.Length > 0 ? $" ({unit})" : "");
    }

    /// <summary>A frame refuses two columns of one name; a table does not.</summary>
    private static string Unused(string name, DataFrame frame)
    {
        var unused = name;
        for (var i = 2; frame.Columns.IndexOf(unused) >= 0; i++)
            unused = string.Create(CultureInfo.InvariantCulture, $"{name} {i}");
        return unused;
    }

    /// <summary>A name and its unit; "difference (points), p" announces the p-value, too, which gets a column of its own.</summary>
    [GeneratedRegex(@"^(?<name>.+?) \((?<unit>[^()]*)\)(, p)?$")]
    private static partial Regex Heading();
}
