using DeviceId.Notebooks.Terminal;
using DeviceId.Reporting;

namespace DeviceId.Notebooks.Commands;

/// <summary>Prints the library's tables in the width of the terminal.</summary>
internal static class PrintedTable
{
    /// <summary>Prints a table; a file gets all columns, a terminal those that fit.</summary>
    public static void Print(ResultTable table)
    {
        var printed = new Report.ResultTable(table.Title, table.Columns, table.Rows, table.Note);
        foreach (var line in TextTable.Lines(printed, WordWrap.TerminalWidth))
            Console.WriteLine(line);
    }
}
