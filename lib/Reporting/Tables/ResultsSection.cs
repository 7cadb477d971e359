using System.Globalization;
using DeviceId.Experiments;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>The results in the README and in docs/results.md, generated from stored results by a command and checked by a test.</summary>
internal static class ResultsSection
{
    /// <summary>The line before the results.</summary>
    public const string Begin = "<!-- results: written by `dotnet run --project notebooks/runner -- report --readme` -->";

    /// <summary>The line after the results.</summary>
    public const string End = "<!-- end of results -->";

    /// <summary>The README's part: the table that compares the systems, and what it says.</summary>
    /// <param name="results">Results of the experiments.</param>
    /// <param name="fileFacts">Finds what file facts alone reach on a corpus, by its fingerprint; null if that was not measured.</param>
    public static string WriteSummary(IReadOnlyList<ExperimentResult> results, Func<string, FileFactsResult?> fileFacts) =>
        Write(results.Where(r => r.Experiment.PaperTable == "Table 9"), result => Table(result, fileFacts)
            + string.Join(' ', new Findings(result, ClaimResult.All(result)).Meaning()) + "\n\n");

    /// <summary>The part of docs/results.md: every experiment's table with its findings, then the study of models.</summary>
    /// <param name="results">Results of the experiments.</param>
    /// <param name="fileFacts">Finds what file facts alone reach on a corpus, by its fingerprint; null if that was not measured.</param>
    /// <param name="study">Finds the study of identification models on a corpus, by its fingerprint; null if there is none.</param>
    public static string WriteAll(IReadOnlyList<ExperimentResult> results, Func<string, FileFactsResult?> fileFacts,
        Func<string, PhoneModelEvidence?> study)
    {
        var tables = Write(results, result => $"## {result.Experiment.Title}\n\n{result.Experiment.Question}\n\n"
            + $"{Table(result, fileFacts)}{new Findings(result, ClaimResult.All(result)).Text()}\n\n");
        return results.Count > 0 && study(Corpus(results[0])) is { } evidence
            ? tables.Replace(End, $"{Study(evidence, fileFacts(Corpus(results[0])))}{End}", StringComparison.Ordinal) : tables;
    }

    private static string Write(IEnumerable<ExperimentResult> results, Func<ExperimentResult, string> part)
    {
        var all = results.ToList();
        var trials = all.SelectMany(r => r.Variants).SelectMany(v => v.Trials).DistinctBy(t => t.Key).ToList();
        var origin = trials.Count > 0 ? $"{Origin(trials)}\n\n" : "";
        return $"{Begin}\n\n{origin}{string.Concat(all.Select(part))}{End}";
    }

    private static string Table(ExperimentResult result, Func<string, FileFactsResult?> fileFacts)
    {
        var table = new PaperComparison(result, fileFacts: fileFacts(Corpus(result))).Table();
        return $"**{table.Title}**\n\n{table.ToMarkdown()}\n";
    }

    private static string Study(PhoneModelEvidence evidence, FileFactsResult? fileFacts)
    {
        var tables = new EvidenceTables(evidence) { FileFacts = fileFacts };
        return "## Models that identify recordings\n\n" + string.Concat(
            new[] { tables.Calibration(), tables.Unknown(), tables.Verification(), tables.Splices() }
                .Select(table => $"**{table.Title}**\n\n{table.ToMarkdown()}\n{table.Note}\n\n"));
    }

    private static string Corpus(ExperimentResult result) => result.Reference.Trials[0].Corpus;

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
