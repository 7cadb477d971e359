using System.Globalization;
using DeviceId.Foundation;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>An answer about a questioned recording for scripts: JSON of all, CSV of one line a recording.</summary>
/// <param name="File">Full path.</param>
/// <param name="Sha256">Of the file.</param>
/// <param name="Seconds">Its length (s).</param>
/// <param name="SampleRate">Its rate (Hz).</param>
/// <param name="Answer">The device's name, or null for none of the model's devices.</param>
/// <param name="AcceptedFalseAlarms">The share of recordings of unknown devices that may be named.</param>
/// <param name="FalseAlarms">
/// The share of them that look at least as much like a known device as this recording; null where that is not known.
/// </param>
/// <param name="Candidates">All devices, the likeliest first.</param>
/// <param name="Comparisons">
/// Likeness and natural logarithm of the likelihood ratio, in the same order; empty where the model gives none.
/// </param>
/// <param name="Pieces">The devices along the recording.</param>
/// <param name="Strip">The first candidate of each segment.</param>
/// <param name="SegmentSeconds">Length of a segment (s).</param>
/// <param name="Outside">
/// In what it lies outside of what the model was tested on (<see cref="DomainDifference.Aspect"/>); empty where it does not.
/// </param>
/// <param name="Warnings">What speaks against relying on the answer.</param>
/// <param name="ModelFingerprint">SHA-256 of the model's file.</param>
/// <param name="DataFingerprint">Of the recordings that the model was learnt from.</param>
/// <param name="Library">Version of this library.</param>
internal sealed record IdentificationRecord(
    string File, string Sha256, double Seconds, int SampleRate, string? Answer, double AcceptedFalseAlarms, double? FalseAlarms,
        IReadOnlyList<Candidate> Candidates, IReadOnlyList<DeviceComparison> Comparisons,
    IReadOnlyList<SplicedSegment> Pieces, IReadOnlyList<Candidate> Strip, double SegmentSeconds, IReadOnlyList<string> Outside,
        IReadOnlyList<string> Warnings, string ModelFingerprint, string DataFingerprint, string Library)
{
    private const string Columns = "file,sha256,seconds,rate,answer,candidate,probability,second,probability2,false_alarms,ln_ratio,pieces,outside,warnings";

    /// <summary>Collects what is known.</summary>
    /// <param name="model">The model that was asked.</param>
    /// <param name="modelFingerprint">SHA-256 of its file.</param>
    /// <param name="questioned">What it says.</param>
    /// <param name="falseAlarms">The share of recordings of unknown devices that may be named.</param>
    public static IdentificationRecord From(PhoneModel model, string modelFingerprint, QuestionedRecording questioned,
        double falseAlarms = Identification.Identification.UsualFalseAlarms) => new(
        questioned.Path, questioned.Hash, questioned.Traits.Seconds, questioned.Traits.SampleRate,
            questioned.Identification.Answer(falseAlarms), falseAlarms, questioned.Identification.FalseAlarms,
        questioned.Identification.Candidates, questioned.Identification.Comparisons, questioned.Identification.SplicedSegments,
            [.. questioned.Identification.Strip.Select(s => s[0])],
        questioned.Identification.SegmentSeconds, [.. questioned.Differences.Select(d => d.Aspect)], questioned.Warnings, modelFingerprint,
            model.Facts.Fingerprint, Version);

    /// <summary>Version of this library, with its commit where it was built from a repository.</summary>
    public static string Version { get; } = System.Reflection.CustomAttributeExtensions.GetCustomAttribute<System.Reflection.AssemblyInformationalVersionAttribute>(typeof(IdentificationRecord).Assembly)?.InformationalVersion ?? "unknown";

    /// <summary>A JSON list.</summary>
    public static string ToJson(IReadOnlyList<IdentificationRecord> records) => Json.Write(records) + "\n";

    /// <summary>
    /// A table of comma-separated values (RFC 4180), headed by the columns' names; the ratio is that of the first candidate.
    /// </summary>
    public static string ToCsv(IReadOnlyList<IdentificationRecord> records) =>
        string.Concat(records.Select(r => r.Line()).Prepend(Columns).Select(line => line + "\r\n"));

    private string Line()
    {
        var second = Candidates.Count > 1 ? Candidates[1] : (Candidate?)null;
        object?[] fields =
        [
            File, Sha256, Seconds, SampleRate, Answer ?? "none of these", Candidates[0].Device, Candidates[0].Probability, second?.Device,
                second?.Probability, FalseAlarms,
            Comparisons.Count > 0 ? Comparisons[0].LogRatio : null, Pieces.Count, string.Join(" ", Outside), string.Join(" ", Warnings),
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
