using System.Globalization;

namespace DeviceId.Reporting;

/// <summary>Lines of comma-separated values (RFC 4180) that a spreadsheet shows and never runs.</summary>
internal static class CsvLine
{
    // OWASP, "CSV Injection": a cell that begins with one of these is taken for a formula, or for a new cell.
    private const string FormulaStarts = "=+-@\t\r\n";

    /// <summary>One line, without its end.</summary>
    /// <param name="cells">Texts, numbers, or null for an empty cell.</param>
    public static string Write(IEnumerable<object?> cells) => string.Join(',', cells.Select(Cell));

    private static string Cell(object? value)
    {
        var text = value is double number
            ? number.ToString("G6", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        if (value is string && IsFormula(text))
            text = $"'{text}";
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static bool IsFormula(string text) => text.Length > 0 && FormulaStarts.Contains(text[0], StringComparison.Ordinal)
        && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
