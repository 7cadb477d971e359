using System.Text;
using System.Text.RegularExpressions;

namespace DeviceId.Reporting;

/// <summary>Writes a table as a LaTeX float in the style of the package booktabs.</summary>
internal static partial class TableLatex
{
    private const string NewRow = " \\\\\n";

    /// <summary>Characters with a meaning in LaTeX, and those of our tables that its default fonts lack.</summary>
    private static readonly Dictionary<char, string> Escapes = new()
    {
        ['\\'] = "\\textbackslash{}", ['&'] = "\\&", ['%'] = "\\%", ['$'] = "\\$", ['#'] = "\\#", ['_'] = "\\_", ['{'] = "\\{",
        ['}'] = "\\}", ['~'] = "\\textasciitilde{}", ['^'] = "\\textasciicircum{}", ['<'] = "$<$", ['>'] = "$>$", ['|'] = "$|$",
        ['"'] = "''", ['\n'] = " ", ['\r'] = " ", ['\t'] = " ", ['≤'] = "$\\leq$", ['≥'] = "$\\geq$", ['−'] = "$-$",
        ['±'] = "$\\pm$", ['×'] = "$\\times$", ['·'] = "$\\cdot$", ['→'] = "$\\rightarrow$", ['…'] = "\\ldots{}", ['µ'] = "$\\mu$",
    };

    /// <summary>The printed cells; the title becomes the caption, the note stands below. Numbers are aligned to the right.</summary>
    public static string Write(ResultTable table)
    {
        var areNumbers = table.Columns.Select((_, i) => TableFrame.IsNumeric([.. table.Cells.Select(row => row[i])])).ToList();
        var text = new StringBuilder("% needs \\usepackage{booktabs}\n\\begin{table}\n  \\centering\n")
            .Append("  \\caption{").Append(Escape(table.Title)).Append("}\n  \\begin{tabular}{")
            .AppendJoin("", table.AreAlignedRight.Select(right => right ? 'r' : 'l')).Append("}\n    \\toprule\n")
            .Append(Row(table.Columns.Select(Escape))).Append("    \\midrule\n");
        foreach (var row in table.Rows)
            text.Append(Row(row.Select((cell, i) => areNumbers[i] ? WithMinusSigns(Escape(cell)) : Escape(cell))));
        text.Append("    \\bottomrule\n  \\end{tabular}\n");
        if (table.Note.Length > 0)
            text.Append("\n  \\medskip\n  \\parbox{\\linewidth}{\\footnotesize ").Append(Escape(table.Note)).Append("}\n");
        return text.Append("\\end{table}\n").ToString();
    }

    private static string Row(IEnumerable<string> cells)
    {
        var row = string.Join(" & ", cells);
        // A bracket or a star after the end of a row would be taken for its argument.
        var guard = row is ['[' or '*', ..] ? "{}" : "";
        return $"    {guard}{row}{NewRow}";
    }

    private static string Escape(string text) => string.Concat(text.Select(c => Escapes.GetValueOrDefault(c) ?? c.ToString()));

    private static string WithMinusSigns(string cell) => Minus().Replace(cell, "$-$");

    [GeneratedRegex(@"(?<![\w$])-(?=\d)")]
    private static partial Regex Minus();
}
