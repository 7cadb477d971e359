using DeviceId.Clustering;
using DeviceId.Foundation;

namespace DeviceId.Reporting;

/// <summary>The answer of <c>cluster</c> in sentences and tables.</summary>
/// <param name="clusters">The sessions.</param>
/// <param name="folder">Full path of the folder, to which file names are relative.</param>
internal sealed class ClusterText(RecordingClusters clusters, string folder)
{
    private const int ShownFiles = 12;

    /// <summary>What a session is, and is not.</summary>
    public const string Meaning = "A session is one phone in one set-up, not one phone: two phones that sound alike count as one session, "
        + "and one phone in two rooms, with two apps or with two voices may count as two.";

    /// <summary>The answer.</summary>
    public string Answer
    {
        get
        {
            var recordings = SentenceList.Count(clusters.Recordings.Count, "recording");
            var sessions = SentenceList.Count(clusters.Count, "phone session");
            return clusters.Options.Clusters is not null ? $"{recordings} divided into {sessions}, as asked."
                : clusters.Recordings.Count < RecordingClusters.MinRecordings ? $"{recordings}: the number of phone sessions is unknown."
                : $"{recordings}: {(clusters.Reservations.Count == 0 ? "probably" : "perhaps")} {sessions}.";
        }
    }

    /// <summary>How sure the number and the division are.</summary>
    public IEnumerable<string> Certainty()
    {
        var gaps = clusters.Gaps;
        if (clusters.Recordings.Count >= RecordingClusters.MinRecordings && gaps.Count > 1)
            yield return FormattableString.Invariant($"Eigengaps: {gaps[0].Clusters} {Noun(gaps[0])} {gaps[0].Gap:0.000}, next best ")
                + FormattableString.Invariant($"{gaps[1].Clusters} {Noun(gaps[1])} {gaps[1].Gap:0.000}; the larger, the more clearly ")
                + "separated.";
        if (clusters.Count > 1)
            yield return FormattableString.Invariant($"Mean silhouette {clusters.MeanSilhouette:0.00}: 1 if every recording is far nearer ")
                + "to its own session than to any other, 0 if as near.";
    }

    /// <summary>A line for each session, followed by one with its files.</summary>
    public IEnumerable<string> Sessions()
    {
        foreach (var session in Enumerable.Range(0, clusters.Recordings.Count).GroupBy(i => clusters.Labels[i]).OrderBy(g => g.Key))
        {
            var silhouette = clusters.Count == 1 ? ""
                : FormattableString.Invariant($", silhouette {session.Average(i => clusters.Silhouettes[i]):0.00}");
            yield return $"session {session.Key + 1}: {SentenceList.Count(session.Count(), "recording")}{silhouette}";
            var names = session.Take(ShownFiles).Select(i => Name(i));
            var more = session.Count() > ShownFiles ? $", and {session.Count() - ShownFiles} more" : "";
            yield return $"  {string.Join(", ", names)}{more}";
        }
    }

    /// <summary>Recordings that are nearer to another session, the most doubtful first.</summary>
    public IEnumerable<string> Doubtful() => Enumerable.Range(0, clusters.Recordings.Count).Where(i => clusters.Silhouettes[i] < 0)
        .OrderBy(i => clusters.Silhouettes[i])
        .Select(i => FormattableString.Invariant($"{Name(i)} is nearer to session {clusters.Nearest[i] + 1} than to its own ")
            + FormattableString.Invariant($"({clusters.Labels[i] + 1}; silhouette {clusters.Silhouettes[i]:0.00})."));

    /// <summary>Sentences about files of the same content.</summary>
    public IEnumerable<string> Copies() => Enumerable.Range(0, clusters.Recordings.Count).GroupBy(i => clusters.Recordings[i].Hash)
        .Where(g => g.Count() > 1).Select(g => $"Copies of one file: {string.Join(", ", g.Select(Name))}.");

    /// <summary>The agreement with labels.</summary>
    /// <param name="rows">The sessions and their baselines.</param>
    /// <param name="source">Where the labels come from.</param>
    public static ResultTable Agreement(IReadOnlyList<ClusterAgreementRow> rows, string source)
    {
        var table = new ResultTable(
            $"Agreement with {rows[0].Agreement.Classes} labels, from {source}", "", "sessions", "error", "AMI", "ARI", "NMI", "purity",
            "accuracy");
        foreach (var (name, agreement) in rows)
            table.Row(
                name, agreement.Clusters, new Number((double)agreement.ErrorOfK, "+0;-0;0"), Measure(agreement.AdjustedMutualInformation),
                Measure(agreement.AdjustedRand), Measure(agreement.NormalisedMutualInformation), Measure(agreement.Purity),
                Measure(agreement.Accuracy));
        return table.WithNote("error: sessions less labels. AMI, ARI: adjusted mutual information and adjusted Rand index, 0 by chance, "
            + "1 if equal. NMI and purity are high by chance if there are many labels. accuracy: best one-to-one assignment. "
            + "random: the same sizes, shuffled, mean of 100. file facts: clustered by format, length, level and sample values, "
            + "without the microphone.");
    }

    private static Number Measure(double value) => new(value, "0.00");

    private static string Noun(EigenGap gap) => gap.Clusters == 1 ? "session" : "sessions";

    private string Name(int recording) => Path.GetRelativePath(folder, clusters.Recordings[recording].Path);
}
