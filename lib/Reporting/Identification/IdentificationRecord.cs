using System.Reflection;
using System.Text.Json.Serialization;
using DeviceId.Audio;
using DeviceId.Identification;

namespace DeviceId.Reporting;

// JsonPropertyName: written answers keep the properties' older names.
/// <summary>A model's answer about a questioned recording for scripts: complete as JSON, one line as CSV.</summary>
/// <param name="File">Full path of the recording.</param>
/// <param name="Channel">The channel that was asked for: "speech", "mean", or its number from 1.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="Seconds">Duration (s).</param>
/// <param name="SampleRate">Sampling rate (Hz).</param>
/// <param name="Audio">How the file was read; null if that is not known.</param>
/// <param name="Answer">Name of the device; null for "none of these".</param>
/// <param name="AcceptedFalseAlarms">Accepted false-alarm rate: the proportion of recordings of unknown devices that may be named.</param>
/// <param name="FalseAlarms">
/// Proportion of recordings of unknown devices that are at least as similar to a known device as this recording; null if not known.
/// </param>
/// <param name="Candidates">All devices, the most probable first.</param>
/// <param name="Comparisons">
/// Similarity scores and natural logarithms of the likelihood ratios, in the same order; empty if the model gives none.
/// </param>
/// <param name="Asked">The device that the recording was compared with on request; null if none was asked about.</param>
/// <param name="AskedLogRatio">Natural logarithm of its likelihood ratio; null if none was asked about or the model gives none.</param>
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
    string File, string Channel, string Sha256, double Seconds, int SampleRate, AudioFileInfo? Audio,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Answer, double AcceptedFalseAlarms, double? FalseAlarms,
    IReadOnlyList<Candidate> Candidates, IReadOnlyList<DeviceComparison> Comparisons, string? Asked, double? AskedLogRatio,
    [property: JsonPropertyName("pieces")] IReadOnlyList<SplicedSegment> SplicedSegments,
    IReadOnlyList<Candidate> Strip, double SegmentSeconds,
    [property: JsonPropertyName("outside")] IReadOnlyList<string> Differences,
    IReadOnlyList<string> Warnings, string ModelFingerprint, string DataFingerprint, string Library)
{
    // New columns are added at the end: readers by position keep working.
    internal static readonly string[] Columns =
    [
        "file", "sha256", "seconds", "rate", "answer", "candidate", "probability", "second", "probability2", "false_alarms", "ln_ratio",
        "pieces", "outside", "warnings", "asked", "asked_ln_ratio", "container", "codec", "channels", "channel", "bytes_claimed",
        "bytes_present", "bytes_used", "decoder", "complaints", "failure",
    ];

    /// <summary>Collects the parts of an answer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="modelFingerprint">SHA-256 of the model's file.</param>
    /// <param name="questioned">The questioned recording with the model's answer.</param>
    /// <param name="claimedDevice">The device that was asked about; null if none was.</param>
    /// <param name="falseAlarms">Accepted false-alarm rate: the proportion of recordings of unknown devices that may be named.</param>
    /// <param name="channel">The channel that was asked for: "speech", "mean", or its number.</param>
    public static IdentificationRecord From(PhoneModel model, string modelFingerprint, QuestionedRecording questioned,
        string? claimedDevice = null, double falseAlarms = Identification.Identification.DefaultFalseAlarms, string channel = "speech")
    {
        var (statistics, answer) = (questioned.Statistics, questioned.Identification);
        double? askedLogRatio = claimedDevice is null ? null : answer.Comparisons.Where(c => c.Device == claimedDevice)
            .Select(c => (double?)c.LogRatio).FirstOrDefault();
        return new(
            questioned.Path, channel, questioned.Hash, statistics.Seconds, statistics.SampleRate, questioned.Info,
            answer.Answer(falseAlarms), falseAlarms, answer.FalseAlarms, answer.Candidates, answer.Comparisons, claimedDevice,
            askedLogRatio, answer.SplicedSegments, [.. answer.Strip.Select(s => s[0])], answer.SegmentSeconds,
            [.. questioned.Differences.Select(d => d.Aspect)], questioned.Warnings, modelFingerprint, model.Facts.Fingerprint, Version);
    }

    /// <summary>Version of this library, with its commit if it was built from a repository.</summary>
    public static string Version { get; } = typeof(IdentificationRecord).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The cells of a line of CSV, in the order of <see cref="Columns"/>; ln_ratio is that of the first candidate.</summary>
    internal IReadOnlyList<object?> Cells()
    {
        var second = Candidates.Count > 1 ? Candidates[1] : (Candidate?)null;
        return
        [
            File, Sha256, Seconds, SampleRate, Answer ?? "none of these", Candidates[0].Device, Candidates[0].Probability,
            second?.Device, second?.Probability, FalseAlarms, Comparisons.Count > 0 ? Comparisons[0].LogRatio : null,
            SplicedSegments.Count, string.Join(" ", Differences), string.Join(" ", Warnings), Asked, AskedLogRatio, Audio?.Container,
            Audio?.Codec, Audio?.Channels, Audio is { Channel.Length: > 0 } ? Audio.Channel : Channel, Audio?.BytesClaimed,
            Audio?.BytesPresent, Audio?.BytesUsed, Audio?.Decoder, Audio?.Complaints.Count, null,
        ];
    }

    /// <summary>The cells of a recording without an answer: its name and the reason.</summary>
    internal static IReadOnlyList<object?> FailureCells(IdentificationFailure failure) =>
        [failure.File, .. Enumerable.Repeat<object?>(null, Columns.Length - 2), failure.Reason];
}
