using CsCheck;
using DeviceId.Evaluation;
using DeviceId.Foundation;
using MathNet.Numerics.Distributions;

namespace DeviceId.Tests.Evaluation;

public sealed class CalibrationTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(3)]
    public void TheTemperatureThatTheLabelsWereDrawnWithIsRecovered(double temperature)
    {
        var random = new SplitMix64(1);
        var logits = Enumerable.Range(0, 20_000).Select(_ => Enumerable.Range(0, 5).Select(_ => 6 * random.Uniform()).ToArray()).ToList();
        var labels = logits.Select(l => Draw(TemperatureScaling.Probabilities(l, temperature), random)).ToList();

        // 20,000 draws determine the temperature to about 1 %.
        Assert.Equal(temperature, TemperatureScaling.Fit(logits, labels), 0.05 * temperature);
    }

    [Fact]
    public void ExtremesStayWithinTheRangeAndBadInputIsRefused()
    {
        Assert.Equal(0.01, TemperatureScaling.Fit([[2, 0], [0, 3]], [0, 1]), 1e-6);
        Assert.Equal(100, TemperatureScaling.Fit([[2, 0], [0, 3]], [1, 0]), 1e-2);
        Assert.Throws<ArgumentException>(() => TemperatureScaling.Fit([], []));
        Assert.Throws<ArgumentException>(() => TemperatureScaling.Fit([[1, 2]], [2]));
        Assert.Throws<ArgumentException>(() => TemperatureScaling.Fit([[1, double.NaN]], [0]));
        Assert.Equal([0.5, 0.5], TemperatureScaling.Probabilities([1e6, 1e6], 1));
    }

    [Fact]
    public void ReliabilityIsTheWeightedGapOfTheBins()
    {
        // 10 answers of 0.95, 8 of them correct, and 10 of 0.55, 6 of them correct: gaps of 0.15 and 0.05, each with weight 1/2.
        var answers = Enumerable.Range(0, 10).Select(i => (0.95, i < 8)).Concat(Enumerable.Range(0, 10).Select(i => (0.55, i < 6)))
            .ToList();
        var reliability = Reliability.Compute(answers, 10);
        Assert.Equal(0.1, reliability.ExpectedCalibrationError, 1e-12);
        Assert.Equal(
            (10, 0.95, 0.8),
            (reliability.Bins[9].Count, Math.Round(reliability.Bins[9].Confidence, 12), reliability.Bins[9].Accuracy));
        Assert.Equal(20, reliability.Bins.Sum(b => b.Count));
        Assert.Equal(1, Reliability.Compute([(1.0, true)]).Bins[^1].Count);
        Assert.Throws<ArgumentException>(() => Reliability.Compute([(1.1, true)]));
        Assert.Throws<ArgumentException>(() => Reliability.Compute([]));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(3.0)]
    public void TwoNormalDistributionsGiveTheKnownErrorAndCost(double separation)
    {
        // Scores from two normal distributions of standard deviation d and means +-d^2/2 are their own log-likelihood ratios: perfectly
        // calibrated, with an equal error rate of Phi(-d/2).
        var half = separation * separation / 2;
        var same = Quantiles(20_000).Select(q => half + (separation * q)).ToList();
        var scores = new VerificationScores(same, same.Select(s => s - (2 * half)));

        // Quantiles instead of random draws: the distributions are sampled evenly, in 20,000 steps.
        Assert.Equal(Normal.CDF(0, 1, -separation / 2), scores.EqualErrorRate, 1e-4);
        var expected = Quantiles(100_000).Average(q => Math.Log2(1 + Math.Exp(-half - (separation * q))));
        Assert.Equal(expected, scores.Cllr, 1e-3);
        Assert.InRange(scores.MinimumCllr, scores.Cllr - 0.01, scores.Cllr);

        var calibrated = LogisticCalibration.Fit(
            new VerificationScores(scores.Same.Select(s => (3 * s) + 7), scores.Different.Select(s => (3 * s) + 7)));
        Assert.Equal(1, calibrated.LogRatio(10) - calibrated.LogRatio(7), 0.01);
        Assert.Equal(0, calibrated.LogRatio(7), 0.01);
    }

    [Fact]
    public void TheNumbersOfTrialsOfEachKindDoNotChangeTheRatios()
    {
        double[] same = [-1, 0, 1, 2, 3], different = [-3, -2, -1, 0, 1];
        var equal = LogisticCalibration.Fit(new VerificationScores(same, different), penalty: 1e-9);
        var unequal = LogisticCalibration.Fit(
            new VerificationScores(same, Enumerable.Repeat(different, 10).SelectMany(d => d)), penalty: 1e-9);

        // Without weights the log-likelihood ratios would differ by ln 10. The two kinds are symmetric about 0, where the ratio is 1.
        Assert.Equal(0, equal.LogRatio(0), 1e-6);
        Assert.Equal(equal.LogRatio(0), unequal.LogRatio(0), 1e-6);
        Assert.Equal(equal.LogRatio(2), unequal.LogRatio(2), 1e-6);
    }

    [Fact]
    public void CostsOfSmallSetsAreThoseComputedByHand()
    {
        // Ratios of 1 cost one bit; certain and correct ratios cost nothing.
        Assert.Equal(1, new VerificationScores([0], [0]).Cllr, 1e-12);
        Assert.Equal(0, new VerificationScores([40], [-40]).Cllr, 1e-12);
        Assert.Equal(0, new VerificationScores([1, 2], [-1, 0]).MinimumCllr, 1e-12);
        Assert.Equal(0, new VerificationScores([1, 2], [-1, 0]).EqualErrorRate, 1e-12);

        // One pooled group of 1 same and 1 different, with a ratio of 1, and two pure groups: one bit for half of each kind.
        Assert.Equal(0.5, new VerificationScores([0, 9], [1, -9]).MinimumCllr, 1e-12);
        Assert.Equal(0.5, new VerificationScores([0, 9], [1, -9]).EqualErrorRate, 1e-12);
        Assert.Equal((0.5, 0.0), new VerificationScores([0, 9], [1, -9]).TippettPoint(5));
        Assert.Throws<ArgumentException>(() => new VerificationScores([], [1]));
        Assert.Throws<ArgumentException>(() => new VerificationScores([1], [double.NaN]));
    }

    [Fact]
    public void NoIncreasingMapCostsLessThanTheMinimum() =>
        Gen.Select(Gen.Int[-50, 50].Array[1, 20], Gen.Int[-50, 50].Array[1, 20], Gen.Double[0.1, 3], Gen.Double[-2, 2])
            .Sample((same, different, slope, offset) =>
        {
            // Multiples of 0.1, far enough apart to stay distinct after the map.
            var scores = new VerificationScores(same.Select(s => s / 10.0), different.Select(s => s / 10.0));
            var mapped = new VerificationScores(scores.Same.Select(s => (slope * s) + offset),
                scores.Different.Select(s => (slope * s) + offset));
            Assert.True(scores.MinimumCllr <= mapped.Cllr + 1e-12);
            Assert.Equal(scores.MinimumCllr, mapped.MinimumCllr, 1e-9);
            Assert.InRange(scores.EqualErrorRate, 0, 1);
            Assert.True(double.IsFinite(LogisticCalibration.Fit(scores).Slope));
        });

    [Fact]
    public void ScoresThatSeparateCompletelyGiveModerateRatiosWhenTheyAreFew()
    {
        var few = LogisticCalibration.Fit(new VerificationScores([2, 3], [-2, -3]));
        var many = LogisticCalibration.Fit(new VerificationScores(Enumerable.Repeat(2.5, 500), Enumerable.Repeat(-2.5, 500)));
        Assert.True(few.LogRatio(2.5) > 0 && few.LogRatio(-2.5) < 0);
        Assert.True(few.LogRatio(2.5) < many.LogRatio(2.5));
    }

    [Fact]
    public void TheOpenSetCurveCountsCorrectIdentificationsAndFalseAlarms()
    {
        OpenSetAnswer[] answers =
        [
            new(0.9, true, true), new(0.8, false, false), new(0.7, true, false), new(0.6, true, true), new(0.5, false, false),
        ];
        var curve = OpenSetCurve.Compute(answers);
        Assert.Equal([(0.0, 0.0), (1 / 3.0, 0), (1 / 3.0, 0.5), (1 / 3.0, 0.5), (2 / 3.0, 0.5), (2 / 3.0, 1)],
            curve.Select(p => (p.Identified, p.FalseAlarms)));
        Assert.Equal(0.6, OpenSetCurve.At(curve, 0.5).Threshold);
        Assert.Equal(0.9, OpenSetCurve.At(curve, 0.05).Threshold);
        Assert.Throws<ArgumentException>(() => OpenSetCurve.Compute([new(1, true, true)]));
    }

    [Theory]
    [InlineData(1, "no support for either")]
    [InlineData(0.6, "no support for either")]
    [InlineData(2, "weak support for the same device")]
    [InlineData(10, "moderate support for the same device")]
    [InlineData(0.01, "moderately strong support for another device")]
    [InlineData(5000, "strong support for the same device")]
    [InlineData(1e5, "very strong support for the same device")]
    [InlineData(1e-7, "extremely strong support for another device")]
    public void RatiosHaveTheVerbalEquivalentsOfTheGuideline(double ratio, string words) =>
        Assert.Equal(words, VerbalScale.Describe(Math.Log(ratio)));

    private static IEnumerable<double> Quantiles(int count) =>
        Enumerable.Range(0, count).Select(i => Normal.InvCDF(0, 1, (i + 0.5) / count));

    private static int Draw(double[] probabilities, SplitMix64 random)
    {
        var remaining = random.Uniform();
        var label = 0;
        while (label < probabilities.Length - 1 && (remaining -= probabilities[label]) > 0)
            label++;
        return label;
    }
}
