using System.Globalization;
using DeviceId.Evaluation;

namespace DeviceId.Experiments;

/// <summary>The verdict of our measurement on a claim, by a rule that was fixed before the measurement.</summary>
/// <remarks>
/// A difference is <i>significant</i> if its 95 % interval excludes zero and McNemar's Holm-adjusted p-value is below 0.05.
/// <list type="number">
/// <item>Claimed better or worse, and significant in that direction: confirmed; if the claimed size is outside our interval, "in direction,
/// not in size".</item>
/// <item>Significant in the opposite direction: contradicted.</item>
/// <item>Not significant, and the claimed size is beyond our interval in the claimed direction (below its lower bound for "worse", above
/// its upper bound for "better"): contradicted, because a difference of that size would have been found. A claim of a smaller difference
/// than measured is not contradicted.</item>
/// <item>Claimed equal: confirmed if the interval is within one percentage point of zero, contradicted if the difference is
/// significant.</item>
/// <item>Everything else: cannot tell, with the number of test recordings needed (for the claimed size, else for the measured one).</item>
/// </list>
/// </remarks>
internal static class Verdict
{
    private const double Level = 0.05;
    private const double NegligibleDifference = 0.01;

    /// <summary>The verdict in words.</summary>
    /// <param name="claim">The paper's claim.</param>
    /// <param name="ours">Our measurement, first variant against second.</param>
    /// <param name="adjustedP">McNemar's p-value, Holm-adjusted over the table.</param>
    public static string Describe(PublishedClaim claim, Comparison ours, double adjustedP) => Decide(claim, ours, adjustedP).Words;

    /// <summary>The verdict with its reason.</summary>
    /// <param name="claim">The paper's claim.</param>
    /// <param name="ours">Our measurement, first variant against second.</param>
    /// <param name="adjustedP">McNemar's p-value, Holm-adjusted over the table.</param>
    public static ClaimVerdict Decide(PublishedClaim claim, Comparison ours, double adjustedP)
    {
        var isSignificant = adjustedP < Level && (ours.Interval.Low > 0 || ours.Interval.High < 0);
        if (claim.Direction == Direction.Equal)
            return Equality(ours, isSignificant);
        var claimedDifference = claim.Points / 100;
        var isHigher = claim.Direction == Direction.Higher;
        var sizeFits = claimedDifference is null || (claimedDifference >= ours.Interval.Low && claimedDifference <= ours.Interval.High);
        if (isSignificant)
            return Significant(claim, Math.Sign(ours.Difference) == (isHigher ? 1 : -1), sizeFits);
        return (isHigher ? claimedDifference > ours.Interval.High : claimedDifference < ours.Interval.Low)
            ? new(VerdictKind.Contradicted, "contradicted: so large a difference would have shown",
                $"no significant difference; one of {Points(claim)} would have shown")
            : CannotTell(ours, claimedDifference ?? ours.Difference);
    }

    private static ClaimVerdict Equality(Comparison ours, bool isSignificant) => isSignificant
        ? new(VerdictKind.Contradicted, "contradicted", "a significant difference")
        : ours.Interval.Low >= -NegligibleDifference && ours.Interval.High <= NegligibleDifference
            ? new(VerdictKind.Confirmed, "confirmed (within 1 point)", "the interval is within 1 point of zero")
            : CannotTell(ours, NegligibleDifference);

    private static ClaimVerdict Significant(PublishedClaim claim, bool isInDirection, bool sizeFits) => (isInDirection, sizeFits) switch
    {
        (false, _) => new(VerdictKind.Contradicted, "contradicted", "a significant difference in the opposite direction"),
        (true, false) => new(VerdictKind.ConfirmedInDirection, "confirmed in direction, not in size",
            $"a significant difference, but {Points(claim)} is outside our interval"),
        _ => new(VerdictKind.Confirmed, "confirmed",
            claim.Points is null ? "a significant difference" : $"a significant difference, and {Points(claim)} is inside our interval"),
    };

    private static string Points(PublishedClaim claim) => string.Create(CultureInfo.InvariantCulture, $"{claim.Points:+0.#;-0.#} points");

    private static ClaimVerdict CannotTell(Comparison ours, double difference)
    {
        var reason = difference == 0 ? "no difference found"
            : string.Create(CultureInfo.InvariantCulture,
                $"needs about {RoundUpToTwoDigits(ours.RecordingsFor(difference)):N0} test recordings");
        return new(VerdictKind.CannotTell, "cannot tell: " + reason, reason);
    }

    /// <summary>Rounds up to two significant digits; more would suggest a precision that the estimate does not have.</summary>
    private static long RoundUpToTwoDigits(long count)
    {
        var unit = (long)Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(1, count))) - 1));
        return (count + unit - 1) / unit * unit;
    }
}
