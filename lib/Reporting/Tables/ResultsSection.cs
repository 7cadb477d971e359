using System.Globalization;
using System.Text;
using DeviceId.Experiments;

namespace DeviceId.Reporting;

/// <summary>The results section of the README, generated from stored results by a command and checked by a test.</summary>
internal static class ResultsSection
{
    /// <summary>The line before the section.</summary>
    public const string Begin = "<!-- results: written by `dotnet run --project notebooks/runner -- report --readme` -->";

    /// <summary>The line after the section.</summary>
    public const string End = "<!-- end of results -->";

    /// <summary>Writes the section: one table per experiment of the paper, collapsed except for the comparison of systems.</summary>
    /// <param name="results">Results of the experiments.</param>
    /// <param name="fileFacts">Finds what file facts alone reach on a corpus, by its fingerprint; null if that was not measured.</param>
    public static string Write(IReadOnlyList<ExperimentResult> results, Func<string, FileFactsResult?> fileFacts)
    {
        var text = new StringBuilder(Begin).Append("\n\n");
        var trials = results.SelectMany(r => r.Variants).SelectMany(v => v.Trials).DistinctBy(t => t.Key).ToList();
        if (trials.Count > 0)
            text.Append(Origin(trials)).Append("\n\n");
        foreach (var result in results.OrderBy(r => r.Experiment.PaperTable != "Table 9")
            .ThenBy(r => r.Experiment.Id, StringComparer.Ordinal))
        {
            var facts = fileFacts(result.Reference.Trials[0].Corpus);
            var table = new PaperComparison(result, fileFacts: facts).Table();
            var markdown = table.ToMarkdown();
            if (result.Experiment.PaperTable == "Table 9")
                text.Append(CultureInfo.InvariantCulture, $"**{table.Title}**\n\n{markdown}\n");
            else
                text.Append(CultureInfo.InvariantCulture, $"<details><summary>{table.Title}</summary>\n\n{markdown}\n</details>\n\n");
        }

        return text.Append(End).ToString();
    }

    /// <summary>Replaces the results section of a text.</summary>
    /// <exception cref="ArgumentException">The text has no results section, or more than one.</exception>
    public static string Replace(string text, string section)
    {
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin || text.IndexOf(Begin, begin + 1, StringComparison.Ordinal) >= 0)
            throw new ArgumentException($"There must be one results section, between '{Begin}' and '{End}'.", nameof(text));
        return string.Concat(text.AsSpan(0, begin), section, text.AsSpan(end + End.Length));
    }

    private static string Origin(List<TrialResult> trials)
    {
        var (first, last) = (trials.Min(t => t.Finished), trials.Max(t => t.Finished));
        var hours = trials.Sum(t => t.Times.FrontEndSeconds + t.Times.FitSeconds) / 3600;
        var machines = string.Join("; ", trials.Select(t => t.Environment)
            .Select(e => $"{e.Machine}, {e.Threads} {(e.Threads == 1 ? "thread" : "threads")} a process").Distinct());
        var commits = trials.Select(t => t.Environment.Commit).OfType<string>().Select(commit => commit[..Math.Min(7, commit.Length)])
            .Distinct().Order(StringComparer.Ordinal).ToList();
        var without = trials.Count(t => t.Environment.Commit is null);
        var built = (commits.Count, without) switch
        {
            (0, _) => "of commits that were not recorded",
            (_, 0) => $"of {string.Join(", ", commits)}",
            _ => string.Create(CultureInfo.InvariantCulture,
                $"of {string.Join(", ", commits)} and, for {without} trials, of commits that were not recorded"),
        };
        var period = FormattableString.Invariant($"{trials.Count} trials from {first:yyyy-MM-dd} to {last:yyyy-MM-dd}");
        return $"{trials[0].CorpusName}, fingerprint {trials[0].CorpusMark}; {period}, library {trials[0].LibraryVersion} {built}, "
            + FormattableString.Invariant($"{hours:0.0} hours of computing ({machines}).");
    }
}
