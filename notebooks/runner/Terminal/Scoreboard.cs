using DeviceId.Notebooks.Report;

namespace DeviceId.Notebooks.Terminal;

/// <summary>The verdicts on the paper's statements in tables, counted.</summary>
internal static class Scoreboard
{
    private const string VerdictColumn = "verdict";

    /// <summary>"of 25 statements of the paper: 5 confirmed, 2 in direction only, 4 contradicted, 14 undecided".</summary>
    /// <param name="tables">All tables of a run; those without a column of verdicts do not count, and equal rows count once.</param>
    public static string Describe(IEnumerable<ResultTable> tables)
    {
        var verdicts = tables.SelectMany(Verdicts).DistinctBy(row => row.Key).Select(row => row.Verdict).ToList();
        if (verdicts.Count == 0)
            return "no statement of the paper was tested";
        int Count(string beginning) => verdicts.Count(verdict => verdict.StartsWith(beginning, StringComparison.Ordinal));
        var inDirection = Count("confirmed in direction");
        var noun = verdicts.Count == 1 ? "statement" : "statements";
        return $"of {verdicts.Count} {noun} of the paper: {Count("confirmed") - inDirection} confirmed, {inDirection} in direction only, "
            + $"{Count("contradicted")} contradicted, {Count("cannot tell")} undecided";
    }

    private static IEnumerable<(string Key, string Verdict)> Verdicts(ResultTable table)
    {
        var column = table.Columns.ToList().IndexOf(VerdictColumn);
        return column < 0 ? [] : table.Rows.Where(row => row.Count > column && row[column].Length > 0)
            .Select(row => (string.Join('\n', row.Take(2)), row[column]));
    }
}
