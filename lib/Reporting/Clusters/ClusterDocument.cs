using System.Text.RegularExpressions;
using DeviceId.Clustering;
using DeviceId.Corpora;
using DeviceId.Foundation;

namespace DeviceId.Reporting;

/// <summary>The answer of <c>cluster</c> as JSON and CSV; docs/cluster-json.md documents every field.</summary>
/// <param name="Schema">Name and version of this format.</param>
/// <param name="Library">Version of this library.</param>
/// <param name="Folder">Full path of the folder.</param>
/// <param name="Vectors">What a recording is represented by.</param>
/// <param name="Sessions">Number of phone sessions.</param>
/// <param name="IsGiven">Whether the number was given, not estimated.</param>
/// <param name="Numbers">The most likely numbers of sessions with their eigengaps, the most likely first.</param>
/// <param name="MeanSilhouette">Mean silhouette of the recordings; null with a single session.</param>
/// <param name="Reservations">Reasons not to rely on the answer.</param>
/// <param name="Recordings">An element for each recording.</param>
/// <param name="Failures">An element for each file that was not clustered.</param>
/// <param name="Agreement">Agreement with labels; null without labels.</param>
internal sealed partial record ClusterDocument(
    string Schema, string Library, string Folder, RecordingVectorKind Vectors, int Sessions, bool IsGiven,
    IReadOnlyList<EigenGap> Numbers, double? MeanSilhouette, IReadOnlyList<string> Reservations,
    IReadOnlyList<ClusteredRecording> Recordings, IReadOnlyList<IdentificationFailure> Failures,
    IReadOnlyList<ClusterAgreementRow>? Agreement)
{
    /// <summary>The version of the format that this library writes.</summary>
    public const string CurrentSchema = "deviceid-clusters/1";

    private const int ShownNumbers = 5;
    private const string Header = "file,session,silhouette,nearest_other,sha256,seconds,rate,failure";

    /// <summary>Collects the answer.</summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <param name="clusters">The sessions.</param>
    /// <param name="skipped">Files without a session, with reasons.</param>
    /// <param name="agreement">Agreement with labels; null without labels.</param>
    public static ClusterDocument Create(
        string folder, RecordingClusters clusters, IReadOnlyList<SkippedRecording> skipped, IReadOnlyList<ClusterAgreementRow>? agreement)
    {
        var recordings = clusters.Recordings.Select((recording, i) => new ClusteredRecording(
            recording.Path, clusters.Labels[i] + 1, Finite(clusters.Silhouettes[i]),
            clusters.Count > 1 ? clusters.Nearest[i] + 1 : null, recording.Hash, recording.DurationSeconds, recording.SampleRate));
        return new ClusterDocument(
            CurrentSchema, IdentificationRecord.Version, folder, clusters.Options.Vectors, clusters.Count,
            clusters.Options.Clusters is not null, [.. clusters.Gaps.Take(ShownNumbers)], Finite(clusters.MeanSilhouette),
            clusters.Reservations, [.. recordings], [.. skipped.Select(s => new IdentificationFailure(s.Path, s.Reason))], agreement);
    }

    /// <summary>The document as indented JSON.</summary>
    public string ToJson() => Json.Write(this) + "\n";

    /// <summary>A header line, a line for each recording, then a line for each failure with its reason in the last column.</summary>
    public string ToCsv()
    {
        static string Recording(ClusteredRecording r) =>
            CsvLine.Write([r.File, r.Session, r.Silhouette, r.NearestOther, r.Sha256, r.Seconds, r.SampleRate, null]);
        static string Failure(IdentificationFailure f) => CsvLine.Write([f.File, null, null, null, null, null, null, f.Reason]);
        var lines = Recordings.Select(Recording).Concat(Failures.Select(Failure)).Prepend(Header);
        return string.Concat(lines.Select(line => line + "\r\n"));
    }

    /// <summary>Whether a text begins as the JSON of any version of this document does.</summary>
    public static bool RecognisesJson(string start) => JsonStart().IsMatch(start);

    /// <summary>Whether a text begins with the header line of any version of the CSV.</summary>
    public static bool RecognisesCsv(string start) => start.StartsWith("file,session,silhouette,", StringComparison.Ordinal);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    [GeneratedRegex("""^\s*\{\s*"schema"\s*:\s*"deviceid-clusters/""")]
    private static partial Regex JsonStart();
}

/// <summary>A recording and its session.</summary>
/// <param name="File">Full path.</param>
/// <param name="Session">Number of the session, from 1; the largest sessions first.</param>
/// <param name="Silhouette">In [-1, 1], below 0 if it is nearer to another session; null with a single session.</param>
/// <param name="NearestOther">The nearest other session; null with a single session.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="Seconds">Duration (s).</param>
/// <param name="SampleRate">Sampling rate (Hz).</param>
internal sealed record ClusteredRecording(
    string File, int Session, double? Silhouette, int? NearestOther, string Sha256, double Seconds, int SampleRate);

/// <summary>Agreement of one kind of sessions with labels.</summary>
/// <param name="Name">"these sessions", or the name of a baseline.</param>
/// <param name="Agreement">The measures.</param>
internal sealed record ClusterAgreementRow(string Name, ClusterAgreement Agreement);
