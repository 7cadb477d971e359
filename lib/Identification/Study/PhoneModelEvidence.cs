using System.Text.Json.Serialization;
using DeviceId.Foundation;

namespace DeviceId.Identification;

// JsonPropertyName: stored results keep the properties' older names.
/// <summary>Answers of models about held-out recordings of a corpus (<see cref="PhoneModelStudy"/>).</summary>
public sealed record PhoneModelEvidence : IEvidence
{
    [JsonConstructor]
    internal PhoneModelEvidence(
        string corpus, string fingerprint, bool isSimulated, PhoneModelOptions options, int devices,
        IReadOnlyList<IdentificationResult> recordings, IReadOnlyList<IdentificationResult> segments,
        IReadOnlyList<ShortRecordingResult> beginnings, IReadOnlyList<OpenSetResult> unknowns, IReadOnlyList<VerificationTrial> trials,
        IReadOnlyList<SpliceResult> splices, RunEnvironment environment, double minutes)
    {
        (Corpus, Fingerprint, IsSimulated, Options, Devices) = (corpus, fingerprint, isSimulated, options, devices);
        (Recordings, Segments, Beginnings, Unknowns, Trials, Splices) = (recordings, segments, beginnings, unknowns, trials, splices);
        (Environment, Minutes) = (environment, minutes);
    }

    /// <summary>Name of the corpus.</summary>
    public string Corpus { get; init; }

    /// <summary>Fingerprint of the recordings' contents.</summary>
    public string Fingerprint { get; init; }

    /// <summary>Whether the recordings are simulated.</summary>
    public bool IsSimulated { get; init; }

    /// <summary>Complete training settings of the models.</summary>
    public PhoneModelOptions Options { get; init; }

    /// <summary>Number of devices.</summary>
    public int Devices { get; init; }

    /// <summary>First candidates of whole recordings, calibrated.</summary>
    [JsonInclude]
    internal IReadOnlyList<IdentificationResult> Recordings { get; init; }

    /// <summary>First candidates of segments, calibrated.</summary>
    [JsonInclude]
    internal IReadOnlyList<IdentificationResult> Segments { get; init; }

    /// <summary>First candidates of recordings cut short, calibrated.</summary>
    [JsonInclude]
    internal IReadOnlyList<ShortRecordingResult> Beginnings { get; init; }

    /// <summary>Open-set answers about the same recordings, from models that know their device and from models that do not.</summary>
    [JsonInclude]
    internal IReadOnlyList<OpenSetResult> Unknowns { get; init; }

    /// <summary>
    /// Natural logarithms of likelihood ratios: known recordings against their own device, unknown recordings against every device.
    /// </summary>
    [JsonInclude]
    internal IReadOnlyList<VerificationTrial> Trials { get; init; }

    /// <summary>Splice detection on spliced and on unchanged recordings.</summary>
    [JsonInclude]
    internal IReadOnlyList<SpliceResult> Splices { get; init; }

    /// <summary>Machine and software of the computation.</summary>
    [JsonInclude]
    internal RunEnvironment Environment { get; init; }

    /// <summary>Duration of the computation (minutes).</summary>
    public double Minutes { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Problems()
    {
        if (Devices < 1 || Recordings.Count == 0 || Segments.Count == 0)
            yield return "there are no devices or no answers";
        if (Beginnings.Any(beginning => !(beginning.Seconds is > 0 and < 3600)))
            yield return "the length of a shortened recording is impossible";
        if (Recordings.Concat(Segments).Concat(Beginnings.Select(b => b.Answer))
            .Any(answer => answer.TrueDevice is null || !(answer.Probability is >= 0 and <= 1 + Rounding)))
            yield return "an answer names no device, or its probability is not between 0 and 1";
        if (Unknowns.Any(answer => answer.TrueDevice is null || !(Math.Abs(answer.Similarity) <= 1 + Rounding))
            || (Unknowns.Count > 0 && Unknowns.All(answer => answer.IsKnown) != Unknowns.All(answer => !answer.IsKnown)))
            yield return "a similarity is not between -1 and 1, or known and unknown devices do not both occur";
        if (Trials.Any(trial => trial.TrueDevice is null || trial.ClaimedDevice is null || !double.IsFinite(trial.Score))
            || (Trials.Count > 0 && (Trials.All(t => t.TrueDevice == t.ClaimedDevice) || Trials.All(t => t.TrueDevice != t.ClaimedDevice))))
            yield return "a likelihood ratio is not finite, or same-source and different-source trials do not both occur";
        if (Splices.Any(splice => !(splice.Seconds is >= 0 and < 3600)))
            yield return "the length of an inserted segment is impossible";
    }

    /// <summary>Tolerance for calibrated probabilities and similarities, which are sums of rounded terms.</summary>
    private const double Rounding = 1e-6;
}

/// <summary>Identification result of a held-out recording or segment.</summary>
/// <param name="TrueDevice">The device that made the recording.</param>
/// <param name="Sentence">The recorded sentence or session.</param>
/// <param name="Named">The first candidate.</param>
/// <param name="Probability">Calibrated probability of the first candidate.</param>
internal readonly record struct IdentificationResult(
    [property: JsonPropertyName("made")] string TrueDevice, string Sentence, string Named, double Probability);

/// <summary>Identification result of the beginning of a held-out recording.</summary>
/// <param name="Seconds">Duration of the beginning (s).</param>
/// <param name="Answer">The result.</param>
internal readonly record struct ShortRecordingResult(double Seconds, IdentificationResult Answer);

/// <summary>Open-set identification result of a held-out recording.</summary>
/// <param name="TrueDevice">The device that made the recording.</param>
/// <param name="Sentence">The recorded sentence or session.</param>
/// <param name="IsKnown">Whether the model knows that device.</param>
/// <param name="Named">The first candidate.</param>
/// <param name="Similarity">Similarity of the recording and the first candidate (<see cref="WccnCosineScorer.Similarities"/>).</param>
internal readonly record struct OpenSetResult([property: JsonPropertyName("made")] string TrueDevice, string Sentence, bool IsKnown,
    string Named, [property: JsonPropertyName("likeness")] double Similarity);

/// <summary>Splice detection result: a segment of another device's recording was inserted at the same words.</summary>
/// <param name="TrueDevice">The device of the recording.</param>
/// <param name="Inserted">The device of the inserted segment.</param>
/// <param name="Seconds">Duration of the inserted segment (s); 0 for an unchanged recording.</param>
/// <param name="Segments">Number of stretches that the model divides the recording into.</param>
/// <param name="IsFound">
/// Whether the model finds the splice: a stretch of the inserted device overlaps the inserted segment by at least half of both their
/// durations, and a stretch of the recording's own device lies mostly elsewhere. For an unchanged recording, whether it is divided.
/// </param>
internal readonly record struct SpliceResult([property: JsonPropertyName("made")] string TrueDevice, string Inserted, double Seconds,
    [property: JsonPropertyName("pieces")] int Segments, bool IsFound);
