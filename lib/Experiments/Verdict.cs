using System.Globalization;
using DeviceId.Evaluation;

namespace DeviceId.Experiments;

/// <summary>What our measurement says of a claim, by a rule that was fixed before the measurement.</summary>
/// <remarks>
/// A difference is <i>shown</i> when its 95 % interval leaves out zero and McNemar's probability, Holm-corrected over the table, is below 5
/// %.
/// <list type="number">
/// <item>Claimed better or worse, and shown so: confirmed; where the size claimed lies outside our interval, "in direction, not in
/// size".</item>
/// <item>Shown the other way round: contradicted.</item>
/// <item>Not shown, and the size claimed lies beyond our interval on the side that is claimed (more below than its lower end, more above
/// than its upper one): contradicted, because it would have shown. A claim of less than was found is not.</item>
/// <item>Claimed equal: confirmed when the interval lies within one point of zero, contradicted when a difference is shown.</item>
/// <item>Everything else: cannot tell, and how many test recordings it would take (for the size claimed, else the size found).</item>
/// </list>
/// </remarks>
internal static class Verdict
{
    private const double Level = 0.05;
    private const double NegligibleDifference = 0.01;

    /// <summary>The verdict in words.</summary>
    /// <param name="claim">What the paper says.</param>
    /// <param name="ours">What we measured, first against second.</param>
    /// <param name="adjustedP">McNemar's probability, corrected over the table.</param>
    public static string On(PublishedClaim claim, Comparison ours, double adjustedP)
    {
        var shown = adjustedP < Level && (ours.Interval.Low > 0 || ours.Interval.High < 0);
        if (claim.Direction == Direction.Equal)
            return shown ? "contradicted"
                : ours.Interval.Low >= -NegligibleDifference && ours.Interval.High <= NegligibleDifference ? "confirmed (within 1 point)"
                : CannotTell(ours, NegligibleDifference);
        var claimed = claim.Points / 100;
        var isHigher = claim.Direction == Direction.Higher;
        var sizeFits = claimed is null || (claimed >= ours.Interval.Low && claimed <= ours.Interval.High);
        if (shown)
            return Math.Sign(ours.Difference) != (isHigher ? 1 : -1) ? "contradicted" : sizeFits ? "confirmed"
                : "confirmed in direction, not in size";
        return (isHigher ? claimed > ours.Interval.High : claimed < ours.Interval.Low)
            ? "contradicted: so large a difference would have shown" : CannotTell(ours, claimed ?? ours.Difference);
    }

    private static string CannotTell(Comparison ours, double difference) => difference == 0
        ? "cannot tell: no difference found"
        : string.Create(CultureInfo.InvariantCulture,
            $"cannot tell: needs about {Rounded(ours.RecordingsFor(difference)):N0} test recordings");

    /// <summary>Two digits: more would pretend.</summary>
    private static long Rounded(long count)
    {
        var unit = (long)Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(1, count))) - 1));
        return (count + unit - 1) / unit * unit;
    }
}
