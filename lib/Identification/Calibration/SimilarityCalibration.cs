using System.Globalization;
using System.Text.Json.Serialization;
using DeviceId.Evaluation;
using MathNet.Numerics.Statistics;

namespace DeviceId.Identification;

/// <summary>
/// What held-out recordings and devices have taught about likeness: how often it deceives, and what it is worth as evidence.
/// </summary>
/// <param name="Points">
/// Detection and identification rate against false alarms, from the strictest threshold that names anything (<see cref="OpenSetCurve"/>).
/// </param>
/// <param name="Ratio">Likeness to the natural logarithm of a likelihood ratio.</param>
/// <param name="Same">
/// Recordings that were asked about their own device; each was, several times, of spaces that knew other devices beside it.
/// </param>
/// <param name="Different">Pairs of a recording and another device, each asked once.</param>
/// <param name="Unknown">Recordings of devices held out as unknown.</param>
/// <param name="UsualDistance">
/// The distance from the nearest device that 98 of 100 held-out recordings of known devices do not exceed
/// (<see cref="WccnCosineScorer.Distance"/>).
/// </param>
internal sealed record SimilarityCalibration(
    IReadOnlyList<OpenSetPoint> Points, LogisticCalibration Ratio, int Same, int Different, int Unknown, double UsualDistance)
{
    private const double UsualShare = 0.98;

    /// <summary>Learns from <see cref="HeldOutTrials"/>.</summary>
    /// <returns>Null where there are none.</returns>
    public static SimilarityCalibration? Fit(IReadOnlyCollection<HeldOutTrial> questions)
    {
        if (questions.Count == 0)
            return null;
        var scores = Scores(questions.SelectMany(q => q.Comparisons));
        return new SimilarityCalibration([.. OpenSetCurve.Compute([.. questions.Select(q => q.Answer)]).Skip(1)],
            LogisticCalibration.Fit(scores), questions.Where(q => q.IsKnown).Select(q => q.Recording.Path).Distinct().Count(),
            scores.Different.Count, questions.Count(q => !q.IsKnown),
            questions.Where(q => q.IsKnown).Select(q => q.Distance).Quantile(UsualShare));
    }

    /// <summary>The curve, from the threshold at which nothing is named.</summary>
    [JsonIgnore]
    public IReadOnlyList<OpenSetPoint> Curve => [new OpenSetPoint(double.PositiveInfinity, 0, 0), .. Points];

    /// <summary>
    /// The share, in [0, 1], of recordings of unknown devices that come out at least so much alike one of the known devices.
    /// </summary>
    /// <param name="likeness">See <see cref="WccnCosineScorer.Similarities"/>.</param>
    public double FalseAlarms(double likeness) =>
        Curve.Last(point => point.Threshold >= likeness || double.IsPositiveInfinity(point.Threshold)).FalseAlarms;

    /// <summary>
    /// Natural logarithm of the likelihood ratio. It is never beyond what the trials can support: a ratio above the number of pairs of
    /// different devices, or below one over the number of recordings asked about their own, would say something of cases rarer than any
    /// that was tried.
    /// </summary>
    /// <param name="likeness">See <see cref="WccnCosineScorer.Similarities"/>.</param>
    public double LogRatio(double likeness) => Math.Clamp(Ratio.LogRatio(likeness), -Math.Log(Same), Math.Log(Different));

    /// <summary>
    /// Says so where a recording lies farther from every device than those of the training did when they were held out; null where it does
    /// not.
    /// </summary>
    /// <param name="distance">See <see cref="WccnCosineScorer.Distance"/>.</param>
    public DomainDifference? Difference(double distance) =>
        distance <= UsualDistance ? null : new DomainDifference("spectrum", string.Create(CultureInfo.InvariantCulture,
        $"Its spectrum lies {distance / UsualDistance:0.0} times as far from that of the nearest device as 98 of 100 held-out recordings of the training at most: another device, noise, a room or a codec may be the reason."));

    /// <summary>Scores of trials, divided by the truth.</summary>
    public static VerificationScores Scores(IEnumerable<VerificationTrial> trials)
    {
        var kinds = trials.ToLookup(t => t.TrueDevice == t.ClaimedDevice, t => t.Score);
        return new VerificationScores(kinds[true], kinds[false]);
    }
}
