using DeviceId.Corpora;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Clustering;

/// <summary>Which recordings were made in one phone session, found without labels by normalised spectral clustering.</summary>
/// <remarks>
/// A session is a phone in one set-up. Two phones may sound alike and count as one session; one phone in two rooms, with two apps or with
/// two voices may count as two. So the answer is a number of sessions, not of phones.
/// </remarks>
public sealed class RecordingClusters
{
    /// <summary>With fewer recordings their number of sessions is not estimated: the eigengaps have no meaning.</summary>
    public const int MinRecordings = 6;

    private const double SimilarGap = 0.8;
    private const double WeakSilhouette = 0.1;
    private const string TooShort = "it is shorter than a frame of the features";

    private RecordingClusters(
        ClusteringOptions options, IReadOnlyList<Recording> recordings, IReadOnlyList<SkippedRecording> skipped,
        SpectralPartition partition)
    {
        var numbers = NumberBySize(partition.Labels);
        (Options, Recordings, Skipped) = (options, recordings, skipped);
        Labels = [.. partition.Labels.Select(label => numbers[label])];
        Silhouettes = [.. partition.Silhouettes.Select(silhouette => silhouette.Value)];
        Nearest = [.. partition.Silhouettes.Select(silhouette => numbers[silhouette.Nearest])];
        (Eigenvalues, Gaps) = (partition.Eigenvalues, partition.Gaps);
    }

    /// <summary>The settings.</summary>
    public ClusteringOptions Options { get; }

    /// <summary>The recordings that were clustered.</summary>
    public IReadOnlyList<Recording> Recordings { get; }

    /// <summary>Recordings without a vector, with reasons.</summary>
    public IReadOnlyList<SkippedRecording> Skipped { get; }

    /// <summary>The session of each recording, from 0; the largest sessions first.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>
    /// The silhouette of each recording, in [-1, 1]: below 0 it is nearer to another session; NaN if there is only one session.
    /// </summary>
    public IReadOnlyList<double> Silhouettes { get; }

    /// <summary>The nearest other session of each recording; its own if there is only one.</summary>
    public IReadOnlyList<int> Nearest { get; }

    /// <summary>Eigenvalues of the normalised Laplacian, ascending, in [0, 2].</summary>
    public IReadOnlyList<double> Eigenvalues { get; }

    /// <summary>Possible numbers of sessions with their eigengaps, the most likely first.</summary>
    public IReadOnlyList<EigenGap> Gaps { get; }

    /// <summary>Number of sessions.</summary>
    public int Count => Labels.Max() + 1;

    /// <summary>Mean of the silhouettes; NaN if there is only one session.</summary>
    public double MeanSilhouette => Silhouettes.Average();

    /// <summary>Reasons not to rely on the answer, a sentence or two each; empty if there are none.</summary>
    public IReadOnlyList<string> Reservations => [.. FindReservations()];

    /// <summary>Clusters recordings; their devices are not used.</summary>
    /// <param name="recordings">At least one; at most 2000.</param>
    /// <param name="options">Settings.</param>
    /// <param name="featureFolder">Folder of the feature cache; created if missing.</param>
    /// <param name="device">Device that computes; null for the CPU.</param>
    /// <param name="progress">Reports the progress of features and models.</param>
    /// <param name="cancellationToken">Checked at least every few seconds, except while eigenvectors are computed.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    /// <exception cref="ArgumentException">
    /// There are no recordings or too many, or all are shorter than a frame, or more sessions than recordings were asked for.
    /// </exception>
    /// <exception cref="DeviceIdException">A recording cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static RecordingClusters Find(
        IReadOnlyList<Recording> recordings, ClusteringOptions options, string featureFolder, Device? device = null,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        RequireCount(recordings.Count, options);
        var vectors = new RecordingVectors(options.Vectors, featureFolder, options.Seed, device ?? CPU);
        using var scope = NewDisposeScope();
        var (points, used) = vectors.Compute(recordings, progress, cancellationToken);
        if (used.Count == 0)
            throw new ArgumentException("All recordings are shorter than a frame of the features.", nameof(recordings));
        RequireCount(used.Count, options);
        var skipped = recordings.Where((_, i) => !used.Contains(i)).Select(r => new SkippedRecording(r.Path, TooShort)).ToList();
        var clusters = options.Clusters ?? (used.Count < MinRecordings ? 1 : null);
        var partition = SpectralClustering.Cluster(points, clusters, options.Seed, cancellationToken);
        return new RecordingClusters(options, [.. used.Select(i => recordings[i])], skipped, partition);
    }

    /// <summary>Compares the sessions with classes of the recordings, such as their true devices.</summary>
    /// <param name="classes">The class of each recording, in the order of <see cref="Recordings"/>.</param>
    public ClusterAgreement Agreement(IReadOnlyList<string> classes) => ClusterAgreement.Measure(Labels, Numbers(classes));

    /// <summary>The mean agreement of random sessions of the same sizes.</summary>
    /// <param name="classes">The class of each recording, in the order of <see cref="Recordings"/>.</param>
    public ClusterAgreement RandomAgreement(IReadOnlyList<string> classes) =>
        ClusterAgreement.MeasureRandom(Labels, Numbers(classes), Options.Seed);

    private static List<int> Numbers(IReadOnlyList<string> classes)
    {
        var names = classes.Distinct().ToList();
        return [.. classes.Select(name => names.IndexOf(name))];
    }

    private static void RequireCount(int count, ClusteringOptions options)
    {
        if (count is < 1 or > SpectralClustering.MaxPoints)
            throw new ArgumentException(FormattableString.Invariant(
                $"There are {count} recordings: from 1 to {SpectralClustering.MaxPoints} can be clustered together."));
        if (options.Clusters > count)
            throw new ArgumentException($"{SentenceList.Count(count, "recording")} cannot come from {options.Clusters} sessions: "
                + $"ask for at most {count}.");
    }

    /// <summary>The rank of each cluster by its size; of equal ones, in the order of their first recordings.</summary>
    private static int[] NumberBySize(int[] labels)
    {
        var ranks = new int[labels.Max() + 1];
        foreach (var (cluster, rank) in labels.GroupBy(label => label).OrderByDescending(g => g.Count()).Select((g, rank) => (g.Key, rank)))
            ranks[cluster] = rank;
        return ranks;
    }

    private IEnumerable<string> FindReservations()
    {
        var sizes = Labels.GroupBy(label => label).Select(g => g.Count()).ToList();
        if (Options.Clusters is null && Recordings.Count < MinRecordings)
        {
            yield return $"{SentenceList.Count(Recordings.Count, "recording")} {(Recordings.Count == 1 ? "is" : "are")} too few to count "
                + $"sessions: at least {MinRecordings} are needed, several of each session.";
            yield break;
        }

        if (Options.Clusters is null && Count == 1)
            yield return "One session, or as many as there are recordings: if no recording is nearer to some than to others, both look "
                + "the same. The number can only be found if sessions have several recordings each.";
        if (sizes.Count(size => size == 1) * 2 > sizes.Count && Count > 1)
            yield return $"{sizes.Count(size => size == 1)} of {Count} sessions hold a single recording: with one recording a phone, their "
                + "number cannot be found.";
        if (Options.Clusters is null && Gaps.Count > 1 && Gaps[1].Gap > SimilarGap * Gaps[0].Gap)
            yield return $"{Gaps[1].Clusters} {(Gaps[1].Clusters == 1 ? "session is" : "sessions are")} nearly as likely as "
                + $"{Gaps[0].Clusters}: the eigengaps are almost equal.";
        if (MeanSilhouette < WeakSilhouette)
            yield return "The sessions are hardly separated: on average, a recording is about as near to another session as to its own.";
    }
}

/// <summary>A possible number of sessions.</summary>
/// <param name="Clusters">The number k.</param>
/// <param name="Gap">Eigenvalue k + 1 less eigenvalue k: how clearly k clusters are separated.</param>
public sealed record EigenGap(int Clusters, double Gap);
