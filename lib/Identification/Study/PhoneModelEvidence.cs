using System.Text.Json.Serialization;
using DeviceId.Foundation;

namespace DeviceId.Identification;

/// <summary>What models of a corpus have said of recordings that they had not learnt from (<see cref="PhoneModelStudy"/>).</summary>
public sealed record PhoneModelEvidence : IEvidence
{
    [JsonConstructor]
    internal PhoneModelEvidence(
        string corpus, string fingerprint, bool isSimulated, PhoneModelOptions options, int devices,
        IReadOnlyList<IdentificationResult> recordings, IReadOnlyList<IdentificationResult> segments,
            IReadOnlyList<ShortRecordingResult> beginnings,
        IReadOnlyList<OpenSetResult> unknowns, IReadOnlyList<VerificationTrial> trials, IReadOnlyList<SpliceResult> splices,
        RunEnvironment environment, double minutes)
    {
        (Corpus, Fingerprint, IsSimulated, Options, Devices, Recordings, Segments) = (corpus, fingerprint, isSimulated, options, devices,
            recordings, segments);
        (Beginnings, Unknowns, Trials, Splices, Environment, Minutes) = (beginnings, unknowns, trials, splices, environment, minutes);
    }

    /// <summary>Name of the recordings.</summary>
    public string Corpus { get; init; }

    /// <summary>Of their contents.</summary>
    public string Fingerprint { get; init; }

    /// <summary>Whether they were made by the workbench.</summary>
    public bool IsSimulated { get; init; }

    /// <summary>How the models were trained, in full.</summary>
    public PhoneModelOptions Options { get; init; }

    /// <summary>How many.</summary>
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

    /// <summary>The same recordings, asked of models some of which do not know their device.</summary>
    [JsonInclude]
    internal IReadOnlyList<OpenSetResult> Unknowns { get; init; }

    /// <summary>Logarithms of likelihood ratios: of known recordings for their device, of unknown ones for every device.</summary>
    [JsonInclude]
    internal IReadOnlyList<VerificationTrial> Trials { get; init; }

    /// <summary>Recordings put together from two devices, and others.</summary>
    [JsonInclude]
    internal IReadOnlyList<SpliceResult> Splices { get; init; }

    /// <summary>What it was computed on.</summary>
    [JsonInclude]
    internal RunEnvironment Environment { get; init; }

    /// <summary>How long it took.</summary>
    public double Minutes { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Problems()
    {
        if (Devices < 1 || Recordings.Count == 0 || Segments.Count == 0)
            yield return "there are no devices or no answers";
        if (Beginnings.Any(beginning => !(beginning.Seconds is > 0 and < 3600)))
            yield return "the length of a beginning is impossible";
        if (Recordings.Concat(Segments).Concat(Beginnings.Select(b => b.Answer))
            .Any(answer => answer.TrueDevice is null || !(answer.Probability is >= 0 and <= 1 + Rounding)))
            yield return "an answer names no device, or its probability is not between 0 and 1";
        if (Unknowns.Any(answer => answer.TrueDevice is null || !(Math.Abs(answer.Similarity) <= 1 + Rounding))
            || (Unknowns.Count > 0 && Unknowns.All(answer => answer.IsKnown) != Unknowns.All(answer => !answer.IsKnown)))
            yield return "a likeness is not between -1 and 1, or known and unknown devices do not both occur";
        if (Trials.Any(trial => trial.TrueDevice is null || trial.ClaimedDevice is null || !double.IsFinite(trial.Score))
            || (Trials.Count > 0 && (Trials.All(t => t.TrueDevice == t.ClaimedDevice) || Trials.All(t => t.TrueDevice != t.ClaimedDevice))))
            yield return "a likelihood ratio is no number, or trials of one device and of two do not both occur";
        if (Splices.Any(splice => !(splice.Seconds is >= 0 and < 3600)))
            yield return "the length of a piece is impossible";
    }

    /// <summary>Calibrated probabilities are sums of rounded terms.</summary>
    private const double Rounding = 1e-6;
}

/// <summary>The first candidate of a recording or segment that a model has not learnt from; the truth is known.</summary>
/// <param name="TrueDevice">The device that made it.</param>
/// <param name="Sentence">What was recorded.</param>
/// <param name="Named">The first candidate.</param>
/// <param name="Probability">Its calibrated probability.</param>
internal readonly record struct IdentificationResult(
    [property: JsonPropertyName("made")] string TrueDevice, string Sentence, string Named, double Probability);

/// <summary>An answer about the beginning of a recording whose device is known.</summary>
/// <param name="Seconds">Its length (s).</param>
/// <param name="Answer">What was said of it.</param>
internal readonly record struct ShortRecordingResult(double Seconds, IdentificationResult Answer);

/// <summary>The first candidate of a recording, asked of a model that may not know its device.</summary>
/// <param name="TrueDevice">The device that made it.</param>
/// <param name="Sentence">What was recorded.</param>
/// <param name="IsKnown">Whether the model knows that device.</param>
/// <param name="Named">The first candidate.</param>
/// <param name="Similarity">How much alike the recording and that candidate are (<see cref="WccnCosineScorer.Similarities"/>).</param>
internal readonly record struct OpenSetResult([property: JsonPropertyName("made")] string TrueDevice, string Sentence, bool IsKnown,
    string Named, [property: JsonPropertyName("likeness")] double Similarity);

/// <summary>A recording into which a piece of another device's was put, at the same words.</summary>
/// <param name="TrueDevice">The device of the recording.</param>
/// <param name="Inserted">The device of the piece.</param>
/// <param name="Seconds">The piece's length (s); 0 for a recording that was left as it was.</param>
/// <param name="Segments">Pieces that the model divides it into.</param>
/// <param name="IsFound">
/// Whether the model finds a piece of the device that it came from, which covers half of it at least and lies in it with half of its own
/// length at least, and elsewhere the recording's own.
/// </param>
internal readonly record struct SpliceResult([property: JsonPropertyName("made")] string TrueDevice, string Inserted, double Seconds,
    [property: JsonPropertyName("pieces")] int Segments, bool IsFound);
