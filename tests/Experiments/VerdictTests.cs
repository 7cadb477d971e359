using DeviceId.Evaluation;
using DeviceId.Experiments;

namespace DeviceId.Tests.Experiments;

/// <summary>The rule for verdicts, with cases for each item of its description.</summary>
public sealed class VerdictTests
{
    [Theory]
    [InlineData(Direction.Lower, -4.0, -0.05, -0.07, -0.03, 0.001, "confirmed")]
    [InlineData(Direction.Lower, null, -0.05, -0.07, -0.03, 0.001, "confirmed")]
    [InlineData(Direction.Lower, -66.0, -0.05, -0.07, -0.03, 0.001, "confirmed in direction, not in size")]
    [InlineData(Direction.Lower, -4.0, 0.05, 0.03, 0.07, 0.001, "contradicted")]
    [InlineData(Direction.Higher, 0.2, -0.05, -0.07, -0.03, 0.001, "contradicted")]
    [InlineData(Direction.Lower, -27.0, -0.01, -0.03, 0.01, 0.4, "contradicted: so large a difference would have shown")]
    [InlineData(Direction.Higher, 27.0, 0.01, -0.01, 0.03, 0.4, "contradicted: so large a difference would have shown")]
    [InlineData(Direction.Equal, 0.0, 0.001, -0.005, 0.006, 0.8, "confirmed (within 1 point)")]
    [InlineData(Direction.Equal, 0.0, 0.04, 0.02, 0.06, 0.001, "contradicted")]
    [InlineData(Direction.Lower, null, 0.0, -0.01, 0.01, 1.0, "cannot tell: no difference found")]
    public void EveryItemOfTheRuleHasItsCase(
        object direction, double? points, double difference, double low, double high, double p, string expected) =>
        Assert.Equal(expected, Verdict.Describe(Claim((Direction)direction, points), Ours(difference, low, high), p));

    [Theory]
    [InlineData(Direction.Lower, -4.0, -0.05, -0.07, -0.03, 0.001, VerdictKind.Confirmed, "and -4 points is inside our interval")]
    [InlineData(Direction.Lower, null, -0.05, -0.07, -0.03, 0.001, VerdictKind.Confirmed, "a significant difference")]
    [InlineData(Direction.Lower, -66.0, -0.05, -0.07, -0.03, 0.001, VerdictKind.ConfirmedInDirection, "-66 points is outside our interval")]
    [InlineData(Direction.Lower, -4.0, 0.05, 0.03, 0.07, 0.001, VerdictKind.Contradicted, "in the opposite direction")]
    [InlineData(Direction.Higher, 27.0, 0.01, -0.01, 0.03, 0.4, VerdictKind.Contradicted, "one of +27 points would have shown")]
    [InlineData(Direction.Equal, 0.0, 0.04, 0.02, 0.06, 0.001, VerdictKind.Contradicted, "a significant difference")]
    [InlineData(Direction.Equal, 0.0, 0.001, -0.005, 0.006, 0.8, VerdictKind.Confirmed, "within 1 point of zero")]
    [InlineData(Direction.Lower, null, 0.0, -0.01, 0.01, 1.0, VerdictKind.CannotTell, "no difference found")]
    public void EveryVerdictHasItsReason(
        object direction, double? points, double difference, double low, double high, double p, object kind, string reason)
    {
        var verdict = Verdict.Decide(Claim((Direction)direction, points), Ours(difference, low, high), p);
        Assert.Equal((VerdictKind)kind, verdict.Kind);
        Assert.EndsWith(reason, verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUndecidedVerdictStatesTheNumberOfRecordingsNeeded()
    {
        var verdict = Verdict.Describe(Claim(Direction.Lower, -0.2), Ours(0.001, -0.006, 0.008), 0.9);
        Assert.StartsWith("cannot tell: needs about ", verdict, StringComparison.Ordinal);

        // 21 of 1001 pairs are discordant: 41,000 segments by Connor's formula, times a design effect of 2, at 8 segments per recording.
        Assert.Contains("11,000 test recordings", verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void AnIntervalThatExcludesZeroIsNotEnoughIfTheAdjustedPValueIsLarge() =>
        Assert.StartsWith("cannot tell", Verdict.Describe(Claim(Direction.Lower, null), Ours(-0.02, -0.04, -0.001), 0.3),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(Direction.Lower, -0.1, -0.02, -0.039, -0.002, 0.12)]
    [InlineData(Direction.Higher, 0.1, 0.02, 0.002, 0.039, 0.12)]
    public void AClaimOfASmallerDifferenceThanMeasuredIsNotContradicted(
        object direction, double points, double difference, double low, double high, double p) =>
        Assert.StartsWith(
            "cannot tell: needs about ", Verdict.Describe(Claim((Direction)direction, points), Ours(difference, low, high), p),
            StringComparison.Ordinal);

    [Fact]
    public void EqualityIsNotConfirmedByASingleRecording()
    {
        Answer[] answers = [new("r", -1, 1, 0, 0)];
        Assert.StartsWith("cannot tell", Verdict.Describe(Claim(Direction.Equal, 0), Comparison.Compute(answers, answers), 1),
            StringComparison.Ordinal);
    }

    private static PublishedClaim Claim(Direction direction, double? points) => new("one", "other", direction, points, "");

    private static Comparison Ours(double difference, double low, double high) =>
        new(difference, new Interval(low, high, 0.95), new McNemar(10, 10, 1000), DesignEffect: 2, ItemsPerRecording: 8);
}
