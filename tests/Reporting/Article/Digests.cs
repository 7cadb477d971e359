using DeviceId.Experiments;
using DeviceId.Reporting;

namespace DeviceId.Tests.Reporting.Article;

/// <summary>Digests made by hand.</summary>
internal static class Digests
{
    /// <summary>An experiment whose reference is right for 90 % of the segments, with one variant.</summary>
    /// <param name="title">Title; also the beginning of the variant's name.</param>
    /// <param name="difference">Variant minus reference (points); the interval is 2 points to each side.</param>
    /// <param name="p">p-value.</param>
    /// <param name="claims">Claims of the paper.</param>
    public static ExperimentDigest Experiment(string title, double difference, double p = 1e-6, params ClaimDigest[] claims) => new(
        title, title, "Table 1", "standard", new CorpusDigest("corpus", "0123", false, 45, 180),
        [
            Variant($"{title} reference", 90, null, 100, 4),
            Variant($"{title} variant", 90 + difference, new DifferenceDigest(difference, difference - 2, difference + 2, p), 50, 2),
        ], claims);

    /// <summary>A claim with its verdict.</summary>
    public static ClaimDigest Claim(string first, string second, double? points, VerdictKind kind, string statement = "a statement") =>
        new(first, second, statement, Direction.Lower, points, new DifferenceDigest(-5, -7, -3, 0.01),
            new ClaimVerdict(kind, "words", "a reason"));

    /// <summary>A variant with four trials; the times of trial i are (1 + i) times the given ones.</summary>
    public static VariantDigest Variant(
        string name, double segments, DifferenceDigest? difference, double seconds, double milliseconds) => new(
        name, TrialOutput.Deep, segments, segments, difference, false, 1000,
        [.. Enumerable.Range(0, 4).Select(i => new TrialDigest($"{name} {i}", $"split {i}", seconds * (1 + i), milliseconds * (1 + i)))]);
}
