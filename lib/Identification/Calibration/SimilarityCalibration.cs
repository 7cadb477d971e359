using System.Text.Json.Serialization;
using DeviceId.Evaluation;
using MathNet.Numerics.Statistics;

namespace DeviceId.Identification;

/// <summary>
/// Calibration of similarity scores on held-out recordings and devices: false-alarm rates for open-set identification, and likelihood
/// ratios.
/// </summary>
/// <param name="Points">
/// Detection and identification rate against false alarms, from the strictest threshold that names anything (<see cref="OpenSetCurve"/>).
/// </param>
/// <param name="Ratio">Maps a similarity score to the natural logarithm of a likelihood ratio.</param>
/// <param name="Same">
/// Number of recordings in same-source comparisons; each is compared several times, by scorers trained on different other devices.
/// </param>
/// <param name="Different">Number of different-source comparisons: pairs of a recording and another device, each compared once.</param>
/// <param name="Unknown">Number of recordings of devices held out as unknown.</param>
/// <param name="UsualDistance">
/// 98th percentile of the distance from the nearest device over held-out recordings of known devices
/// (<see cref="WccnCosineScorer.Distance"/>).
/// </param>
internal sealed record SimilarityCalibration(
    IReadOnlyList<OpenSetPoint> Points, LogisticCalibration Ratio, int Same, int Different, int Unknown, double UsualDistance)
{
    private const double UsualQuantile = 0.98;

    /// <summary>Fits the calibration to <see cref="HeldOutTrials"/>.</summary>
    /// <returns>Null when there are no trials.</returns>
    public static SimilarityCalibration? Fit(IReadOnlyCollection<HeldOutTrial> trials)
    {
        if (trials.Count == 0)
            return null;
        var scores = Scores(trials.SelectMany(t => t.Comparisons));
        return new SimilarityCalibration([.. OpenSetCurve.Compute([.. trials.Select(t => t.Answer)]).Skip(1)],
            LogisticCalibration.Fit(scores), trials.Where(t => t.IsKnown).Select(t => t.Recording.Path).Distinct().Count(),
            scores.Different.Count, trials.Count(t => !t.IsKnown),
            trials.Where(t => t.IsKnown).Select(t => t.Distance).Quantile(UsualQuantile));
    }

    /// <summary>The whole curve, starting at the threshold at which nothing is named.</summary>
    [JsonIgnore]
    public IReadOnlyList<OpenSetPoint> Curve => [new OpenSetPoint(double.PositiveInfinity, 0, 0), .. Points];

    /// <summary>
    /// The proportion, in [0, 1], of recordings of unknown devices whose highest similarity to a known device reaches this score.
    /// </summary>
    /// <param name="similarity">See <see cref="WccnCosineScorer.Similarities"/>.</param>
    public double FalseAlarms(double similarity) =>
        Curve.Last(point => point.Threshold >= similarity || double.IsPositiveInfinity(point.Threshold)).FalseAlarms;

    /// <summary>
    /// Natural logarithm of the likelihood ratio, limited to what the trials can support. A ratio above the number of different-source
    /// comparisons, or below one over the number of same-source recordings, would be a statement about cases rarer than any tested.
    /// </summary>
    /// <param name="similarity">See <see cref="WccnCosineScorer.Similarities"/>.</param>
    public double LogRatio(double similarity) => Math.Clamp(Ratio.LogRatio(similarity), -Math.Log(Same), Math.Log(Different));

    /// <summary>
    /// The warning for a recording that lies farther from every device than the training recordings did when they were held out; null for
    /// other recordings.
    /// </summary>
    /// <param name="distance">See <see cref="WccnCosineScorer.Distance"/>.</param>
    public DomainDifference? Difference(double distance) =>
        distance <= UsualDistance ? null : new DomainDifference("spectrum",
            FormattableString.Invariant($"Its spectrum is far from that of every known device: {distance / UsualDistance:0.0} times the ")
            + "distance within which 98 % of the held-out training recordings lie. The reason may be an unknown device, noise, a room or "
            + "a codec.");

    /// <summary>Scores of trials, separated into same-source and different-source.</summary>
    public static VerificationScores Scores(IEnumerable<VerificationTrial> trials)
    {
        var bySource = trials.ToLookup(t => t.TrueDevice == t.ClaimedDevice, t => t.Score);
        return new VerificationScores(bySource[true], bySource[false]);
    }
}
