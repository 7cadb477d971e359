using DeviceId.Foundation;

namespace DeviceId.Identification;

/// <summary>What models of a corpus have said of recordings that they had not learnt from (<see cref="PhoneModelStudy"/>).</summary>
/// <param name="Corpus">Name of the recordings.</param>
/// <param name="Fingerprint">Of their contents.</param>
/// <param name="IsSimulated">Whether they were made by the workbench.</param>
/// <param name="Options">How the models were trained, in full.</param>
/// <param name="Devices">How many.</param>
/// <param name="Recordings">First candidates of whole recordings, calibrated.</param>
/// <param name="Segments">First candidates of segments, calibrated.</param>
/// <param name="Beginnings">First candidates of recordings cut short, calibrated.</param>
/// <param name="Unknowns">The same recordings, asked of models some of which do not know their device.</param>
/// <param name="Trials">Logarithms of likelihood ratios: of known recordings for their device, of unknown ones for every device.</param>
/// <param name="Splices">Recordings put together from two devices, and others.</param>
/// <param name="Environment">What it was computed on.</param>
/// <param name="Minutes">How long it took.</param>
public sealed record PhoneModelEvidence(
    string Corpus, string Fingerprint, bool IsSimulated, PhoneModelOptions Options, int Devices, IReadOnlyList<JudgedAnswer> Recordings,
    IReadOnlyList<JudgedAnswer> Segments, IReadOnlyList<JudgedBeginning> Beginnings, IReadOnlyList<JudgedUnknown> Unknowns,
    IReadOnlyList<DeviceTrial> Trials, IReadOnlyList<JudgedSplice> Splices, RunEnvironment Environment, double Minutes) : IEvidence
{
    /// <inheritdoc/>
    public IEnumerable<string> Problems()
    {
        if (Devices < 1 || Recordings.Count == 0 || Segments.Count == 0)
            yield return "there are no devices or no answers";
        if (Beginnings.Any(beginning => !(beginning.Seconds is > 0 and < 3600)))
            yield return "the length of a beginning is impossible";
        if (Recordings.Concat(Segments).Concat(Beginnings.Select(b => b.Answer)).Any(answer => answer.Made is null || !(answer.Probability is >= 0 and <= 1 + Rounding)))
            yield return "an answer names no device, or its probability is not between 0 and 1";
        if (Unknowns.Any(answer => answer.Made is null || !(Math.Abs(answer.Likeness) <= 1 + Rounding)) || (Unknowns.Count > 0 && Unknowns.All(answer => answer.IsKnown) != Unknowns.All(answer => !answer.IsKnown)))
            yield return "a likeness is not between -1 and 1, or known and unknown devices do not both occur";
        if (Trials.Any(trial => trial.Made is null || trial.Asked is null || !double.IsFinite(trial.Score)) || (Trials.Count > 0 && (Trials.All(t => t.Made == t.Asked) || Trials.All(t => t.Made != t.Asked))))
            yield return "a likelihood ratio is no number, or trials of one device and of two do not both occur";
        if (Splices.Any(splice => !(splice.Seconds is >= 0 and < 3600)))
            yield return "the length of a piece is impossible";
    }

    /// <summary>Calibrated probabilities are sums of rounded terms.</summary>
    private const double Rounding = 1e-6;
}
