using System.Globalization;

namespace DeviceId.Reporting;

/// <summary>Writes a table as CSV: the columns of its data frame, with unrounded numbers.</summary>
internal static class TableCsv
{
    /// <summary>A header line and a line for each row; missing cells are empty.</summary>
    public static string Write(ResultTable table)
    {
        var frame = table.ToDataFrame();
        var header = CsvLine.Write(frame.Columns.Select(column => column.Name));
        return string.Concat(frame.Rows.Select(row => CsvLine.Write(row.Select(Unrounded))).Prepend(header).Select(line => line + "\r\n"));
    }

    /// <summary>The shortest text that is read back as the same number.</summary>
    private static object? Unrounded(object? value) => value is double number ? number.ToString("R", CultureInfo.InvariantCulture) : value;
}
