using System.Globalization;
using DeviceId.Notebooks.Process;
using DeviceId.Notebooks.Report;
using DeviceId.Reporting;

namespace DeviceId.Notebooks.Terminal;

/// <summary>The end of a run in five lines: what was run, the verdicts, where the report is, how long it took, what next.</summary>
/// <param name="Subject">What was run: "10 notebooks, size quick, simulated recordings".</param>
/// <param name="Results">The outcome of each notebook.</param>
/// <param name="Experiments">The experiments that the notebooks show.</param>
/// <param name="Report">Full path of the report.</param>
/// <param name="Elapsed">Wall-clock time of the whole run.</param>
/// <param name="Next">What to do next if all went well.</param>
internal sealed record Digest(
    string Subject, IReadOnlyList<NotebookResult> Results, IReadOnlyList<ExperimentDigest> Experiments, string Report, TimeSpan Elapsed,
    string Next)
{
    private const int Hanging = 10;

    /// <summary>The lines, broken at spaces.</summary>
    /// <param name="width">Columns of the terminal; null for any.</param>
    public IEnumerable<string> Lines(int? width) => new[]
    {
        $"Ran       {Subject}: {Outcomes}", $"Verdicts  {Verdicts}", $"Report    {Nearby(Report)}",
        $"Took      {Duration.Exact(Elapsed)}{Longest}", $"Next      {WhatNext}",
    }.SelectMany(line => WordWrap.Lines(line, width, Hanging));

    /// <summary>A count with its noun: "1 notebook", "10 notebooks".</summary>
    public static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private string Verdicts => Experiments.SelectMany(experiment => experiment.Claims).ToList() is { Count: > 0 } claims
        ? $"of {Count(claims.Count, "statement")} of the paper: {Scoreboard.Counts(claims)}" : "no statement of the paper was tested";

    private string Outcomes => string.Join(", ", Results.GroupBy(Outcome).Select(group => group.Key == "ok"
        ? $"{(group.Count() == Results.Count ? "all" : group.Count())} ok" : $"{group.Count()} {group.Key}"));

    private string Longest => Results.Count > 1 && Results.MaxBy(result => result.Elapsed) is { } longest
        ? string.Create(CultureInfo.InvariantCulture,
            $", longest {longest.Name} ({Duration.Exact(longest.Elapsed)}); peak memory {Results.Max(r => r.PeakBytes) / 1048576.0:0} MB")
        : "";

    private string WhatNext
    {
        get
        {
            if (Results.Any(result => result.ExitCode == ExitCode.Interrupted))
                return "the same command again: results that are stored are not computed again";
            var failed = Results.Where(result => Outcome(result) == "failed").Select(result => result.Name).ToList();
            return failed.Count == 0 ? Next : $"see the error of {string.Join(", ", failed)} above, mend it, and run "
                + (failed.Count == 1 ? "it again" : "them again");
        }
    }

    private static string Outcome(NotebookResult result) => result.ExitCode switch
    {
        ExitCode.Success => "ok",
        ExitCode.Interrupted => "stopped or not reached",
        ExitCode.NotRun => "not run",
        _ => "failed",
    };

    /// <summary>The path from the current folder, if it lies there.</summary>
    private static string Nearby(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
