using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using DeviceId.Foundation;
using DeviceId.Identification;

namespace DeviceId.Reporting;

// JsonPropertyName: written answers keep the properties' older names.
/// <summary>A model's answer about a questioned recording for scripts: complete as JSON, one line per recording as CSV.</summary>
/// <param name="File">Full path of the recording.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="Seconds">Duration (s).</param>
/// <param name="SampleRate">Sampling rate (Hz).</param>
/// <param name="Answer">Name of the device; null for "none of these".</param>
/// <param name="AcceptedFalseAlarms">Accepted false-alarm rate: the proportion of recordings of unknown devices that may be named.</param>
/// <param name="FalseAlarms">
/// Proportion of recordings of unknown devices that are at least as similar to a known device as this recording; null if not known.
/// </param>
/// <param name="Candidates">All devices, the most probable first.</param>
/// <param name="Comparisons">
/// Similarity scores and natural logarithms of the likelihood ratios, in the same order; empty if the model gives none.
/// </param>
/// <param name="SplicedSegments">The devices along the recording.</param>
/// <param name="Strip">The first candidate of each segment.</param>
/// <param name="SegmentSeconds">Duration of a segment (s).</param>
/// <param name="Differences">
/// Aspects in which the recording lies outside the model's training domain (<see cref="DomainDifference.Aspect"/>); empty if none.
/// </param>
/// <param name="Warnings">Reasons not to rely on the answer.</param>
/// <param name="ModelFingerprint">SHA-256 of the model's file.</param>
/// <param name="DataFingerprint">Fingerprint of the model's training recordings.</param>
/// <param name="Library">Version of this library.</param>
internal sealed record IdentificationRecord(
    string File, string Sha256, double Seconds, int SampleRate, string? Answer, double AcceptedFalseAlarms, double? FalseAlarms,
    IReadOnlyList<Candidate> Candidates, IReadOnlyList<DeviceComparison> Comparisons,
    [property: JsonPropertyName("pieces")] IReadOnlyList<SplicedSegment> SplicedSegments,
    IReadOnlyList<Candidate> Strip, double SegmentSeconds,
    [property: JsonPropertyName("outside")] IReadOnlyList<string> Differences,
    IReadOnlyList<string> Warnings, string ModelFingerprint, string DataFingerprint, string Library)
{
    private const string Columns = "file,sha256,seconds,rate,answer,candidate,probability,second,probability2,false_alarms,ln_ratio,"
        + "pieces,outside,warnings";

    /// <summary>Collects the parts of an answer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="modelFingerprint">SHA-256 of the model's file.</param>
    /// <param name="questioned">The questioned recording with the model's answer.</param>
    /// <param name="falseAlarms">Accepted false-alarm rate: the proportion of recordings of unknown devices that may be named.</param>
    public static IdentificationRecord From(PhoneModel model, string modelFingerprint, QuestionedRecording questioned,
        double falseAlarms = Identification.Identification.DefaultFalseAlarms)
    {
        var (statistics, answer) = (questioned.Statistics, questioned.Identification);
        return new(
            questioned.Path, questioned.Hash, statistics.Seconds, statistics.SampleRate, answer.Answer(falseAlarms), falseAlarms,
            answer.FalseAlarms, answer.Candidates, answer.Comparisons, answer.SplicedSegments, [.. answer.Strip.Select(s => s[0])],
            answer.SegmentSeconds, [.. questioned.Differences.Select(d => d.Aspect)], questioned.Warnings, modelFingerprint,
            model.Facts.Fingerprint, Version);
    }

    /// <summary>Version of this library, with its commit if it was built from a repository.</summary>
    public static string Version { get; } = typeof(IdentificationRecord).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The records as a JSON array.</summary>
    public static string ToJson(IReadOnlyList<IdentificationRecord> records) => Json.Write(records) + "\n";

    /// <summary>
    /// The records as comma-separated values (RFC 4180) with a header line; the likelihood ratio is that of the first candidate.
    /// </summary>
    public static string ToCsv(IReadOnlyList<IdentificationRecord> records) =>
        string.Concat(records.Select(r => r.Line()).Prepend(Columns).Select(line => line + "\r\n"));

    private string Line()
    {
        var second = Candidates.Count > 1 ? Candidates[1] : (Candidate?)null;
        object?[] fields =
        [
            File, Sha256, Seconds, SampleRate, Answer ?? "none of these", Candidates[0].Device, Candidates[0].Probability,
            second?.Device, second?.Probability, FalseAlarms, Comparisons.Count > 0 ? Comparisons[0].LogRatio : null,
            SplicedSegments.Count, string.Join(" ", Differences), string.Join(" ", Warnings),
        ];
        return string.Join(',', fields.Select(Field));
    }

    private static string Field(object? value)
    {
        var text = value is double number
            ? number.ToString("G6", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
