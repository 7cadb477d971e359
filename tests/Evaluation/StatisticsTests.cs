using DeviceId.Evaluation;
using DeviceId.Foundation;

namespace DeviceId.Tests.Evaluation;

/// <summary>
/// Statistical tests and intervals against SciPy, the published example of statsmodels, and simulations with a known truth.
/// </summary>
public sealed class StatisticsTests
{
    [Fact]
    public void AnIntervalOverDevicesIsThatOfTheSameAnswersWithOneRecordingPerDevice()
    {
        // Ten devices with four recordings each; device d is right in d of ten segments of each recording.
        var answers = Enumerable.Range(0, 400).Select(i => (Device: i / 40, Recording: i / 10, Segment: i % 10))
            .Select(i => new Answer($"{i.Recording}", i.Segment, 1, i.Device, i.Segment < i.Device ? i.Device : -1)).ToList();
        var merged = answers.Select((answer, i) => answer with { Recording = $"{answer.Truth}", Segment = i }).ToList();
        var overDevices = ClusterBootstrap.AccuracyInterval(answers, overDevices: true);
        Assert.Equal(ClusterBootstrap.AccuracyInterval(merged), overDevices);
        var overRecordings = ClusterBootstrap.AccuracyInterval(answers);
        // Four times as many clusters that differ as much: half the width, within the noise of 2000 resamples.
        Assert.Equal(2, (overDevices.High - overDevices.Low) / (overRecordings.High - overRecordings.Low), 0.3);
        var allRight = answers.Select(answer => answer with { Given = answer.Truth }).ToList();
        Assert.Equal(ClusterBootstrap.DifferenceInterval(merged, merged.Select(a => a with { Given = a.Truth }).ToList()),
            ClusterBootstrap.DifferenceInterval(answers, allRight, overDevices: true));
    }

    [Theory]
    // Values of SciPy 1.10, binomtest(min(b, c), b + c, 0.5).pvalue: exact sums of binomial terms.
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(10, 0, 0.001953125)]
    [InlineData(15, 5, 0.04138946533203125)]
    [InlineData(7, 7, 1)]
    [InlineData(40, 20, 0.01348929373119186)]
    public void McNemarsExactPValueAgreesWithScipy(int onlyFirst, int onlySecond, double expected)
    {
        Assert.Equal(expected, new McNemar(onlyFirst, onlySecond, 100).PValue, 1e-9);
        Assert.Equal(expected, new McNemar(onlySecond, onlyFirst, 100).PValue, 1e-9);
    }

    [Fact]
    public void McNemarPairsAnswersByItemAndNotByOrder()
    {
        Answer[] first = [new("a", 0, 1, 0, 0), new("a", 1, 1, 0, 1), new("b", 0, 1, 1, 1), new("c", 0, 1, 1, 1)];
        Answer[] second = [new("b", 0, 1, 1, 0), new("a", 1, 1, 0, 0), new("a", 0, 1, 0, 0), new("c", 0, 2, 1, 0)];

        // a0: both right; a1: only the second; b0: only the first; c: answered with different seeds, so left out.
        Assert.Equal(new McNemar(1, 1, 3), McNemar.Test(first, second));
    }

    [Fact]
    public void HolmsCorrectionIsThatOfTheTextbook()
    {
        // Holm (1979): the sorted values 0.01, 0.02, 0.03, 0.04 times 4, 3, 2, 1, made monotonic: 0.04, 0.06, 0.06, 0.06.
        var adjusted = Holm.Adjust([0.04, 0.01, 0.03, 0.02]);
        Assert.Equal([0.06, 0.04, 0.06, 0.06], adjusted.Select(p => Math.Round(p, 12)));
        Assert.Equal([1.0, 1.0], Holm.Adjust([0.9, 0.8]));
        Assert.Empty(Holm.Adjust([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Holm.Adjust([double.NaN]));
    }

    [Fact]
    public void IndependentSegmentsHaveTheIntervalOfTheirNumber()
    {
        // 1000 recordings of two independent segments: the bootstrap must be close to the binomial interval, +-1.96 sqrt(p q / n) = 0.0132.
        var answers = Answers(recordings: 1000, segments: 2, p: 0.9, correlated: 0, seed: 1);
        var value = Accuracy.Compute(answers).Value;
        var interval = ClusterBootstrap.AccuracyInterval(answers);
        var expected = 1.96 * Math.Sqrt(value * (1 - value) / 2000);

        // The bounds of a percentile interval from 2000 resamples vary by about 4 % of its width.
        Assert.InRange(interval.High - value, 0.85 * expected, 1.15 * expected);
        Assert.InRange(value - interval.Low, 0.85 * expected, 1.15 * expected);
        Assert.InRange(ClusterBootstrap.DesignEffect(answers), 1, 1.1);
    }

    [Fact]
    public void FullyCorrelatedSegmentsCountAsOneRecording()
    {
        var answers = Answers(recordings: 300, segments: 8, p: 0.9, correlated: 1, seed: 2);
        Assert.InRange(ClusterBootstrap.DesignEffect(answers), 7.5, 8.5);
        var interval = ClusterBootstrap.AccuracyInterval(answers);
        var asIfIndependent = Interval.Wilson(answers.Count(a => a.IsRight), answers.Count);
        Assert.True(interval.High - interval.Low > 2 * (asIfIndependent.High - asIfIndependent.Low));
    }

    [Fact]
    public void TheIntervalHasAboutItsNominalCoverage()
    {
        var covered = Enumerable.Range(0, 200).Count(trial =>
        {
            var interval = ClusterBootstrap.AccuracyInterval(Answers(recordings: 120, segments: 5, p: 0.85, correlated: 0.5,
                seed: 1000 + trial), seed: trial);
            return interval.Low <= 0.85 && 0.85 <= interval.High;
        });

        // 95 % of 200 is 190, with a standard deviation of 3.1. Percentile intervals cover slightly less, so the limit is 4 standard
        // deviations below; the seeds are fixed.
        Assert.InRange(covered, 178, 200);
    }

    [Fact]
    public void WhereEverythingIsRightTheIntervalIsWilsonsOverTheRecordings()
    {
        var answers = Answers(recordings: 45, segments: 8, p: 1, correlated: 0, seed: 3);
        Assert.Equal(Interval.Wilson(45, 45), ClusterBootstrap.AccuracyInterval(answers));
        Assert.Equal(new Interval(0, 1, 0.95), ClusterBootstrap.AccuracyInterval([]));
    }

    [Fact]
    public void WithOneAnswerPerRecordingTheIntervalIsWilsons()
    {
        var answers = Answers(recordings: 180, segments: 1, p: 0.99, correlated: 0, seed: 3);
        Assert.InRange(answers.Count(a => a.IsRight), 170, 179);
        Assert.Equal(Accuracy.Compute(answers).Interval, ClusterBootstrap.AccuracyInterval(answers));
    }

    [Fact]
    public void ADifferenceIsMeasuredOnTheSameItemsAndIsReproducible()
    {
        var first = Answers(recordings: 200, segments: 4, p: 0.95, correlated: 0.3, seed: 4);
        var second = Answers(recordings: 200, segments: 4, p: 0.80, correlated: 0.3, seed: 5);
        var comparison = Comparison.Compute(first, second);
        Assert.Equal(Accuracy.Compute(first).Value - Accuracy.Compute(second).Value, comparison.Difference, 12);
        Assert.InRange(comparison.Difference, comparison.Interval.Low, comparison.Interval.High);
        Assert.True(comparison.Interval.Low > 0);
        Assert.Equal(comparison.Interval, Comparison.Compute(first, second).Interval);
    }

    [Fact]
    public void TheIntervalOfSystemsThatNeverDisagreeIsWilsonsUpperBoundOverTheRecordings()
    {
        var answers = Answers(recordings: 180, segments: 4, p: 0.95, correlated: 0.3, seed: 4);
        var same = Comparison.Compute(answers, answers);
        Assert.Equal((0d, 1d), (same.Difference, same.Test.PValue));

        // No disagreement in 180 recordings: Wilson's upper bound is z^2 / (n + z^2) = 3.8415 / 183.8415.
        Assert.Equal((-0.020895, 0.020895), (Math.Round(same.Interval.Low, 6), Math.Round(same.Interval.High, 6)));

        // One recording: 3.8415 / 4.8415. It is hardly any evidence, however many segments it has.
        Answer[] right = [.. Enumerable.Range(0, 4).Select(s => new Answer("r", s, 1, 0, 0))];
        Answer[] halfRight = [.. right.Select(a => a with { Given = a.Segment % 2 })];
        Assert.Equal((-0.2935, 1), (Math.Round(Comparison.Compute(right, halfRight).Interval.Low, 4),
            Comparison.Compute(right, halfRight).Interval.High));
        Assert.Equal(Interval.WilsonOfProportion(0.5, 1), ClusterBootstrap.AccuracyInterval(halfRight));
    }

    [Fact]
    public void ItemsPerRecordingAreCountedOverTheRecordingsThatBothAnswered()
    {
        var first = Answers(recordings: 200, segments: 4, p: 0.9, correlated: 0.3, seed: 4);
        var second = Answers(recordings: 50, segments: 4, p: 0.9, correlated: 0.3, seed: 5);
        Assert.Equal((200, 4), (Comparison.Compute(first, second).Test.Items, Comparison.Compute(first, second).ItemsPerRecording));
        Assert.Equal(4, Comparison.Compute(second, first).ItemsPerRecording);
        Assert.Equal(0, Comparison.Compute(first, []).ItemsPerRecording);
    }

    [Fact]
    public void AProportionBetweenTwoCountsHasAnIntervalBetweenTheirs()
    {
        Assert.Equal(Interval.Wilson(179, 180), Interval.WilsonOfProportion(179 / 180.0, 180));
        var (low, between, high) = (Interval.Wilson(178, 180), Interval.WilsonOfProportion(178.5 / 180, 180), Interval.Wilson(179, 180));
        Assert.InRange(between.Low, low.Low, high.Low);
        Assert.InRange(between.High, low.High, high.High);
        Assert.Equal(new Interval(0, 1, 0.95), Interval.WilsonOfProportion(double.NaN, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Interval.WilsonOfProportion(1.1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Interval.WilsonOfProportion(double.NaN, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Interval.WilsonOfProportion(0.5, -1));
    }

    [Fact]
    public void TheSampleSizeDetectsTheDifferenceWith80PercentPower()
    {
        // Independent check: simulate McNemar's test at the sample size that the formula gives. The standard deviation of the power over
        // 400 experiments is 2 %.
        const double Better = 0.08, Worse = 0.03;
        var items = (int)SampleSize.ForMcNemar(Better - Worse, Better + Worse);
        var random = new SplitMix64(7);
        var significant = Enumerable.Range(0, 400).Count(_ =>
        {
            var (first, second) = (0, 0);
            for (var i = 0; i < items; i++)
            {
                var u = random.Uniform();
                first += u < Better ? 1 : 0;
                second += u >= Better && u < Better + Worse ? 1 : 0;
            }

            return new McNemar(first, second, items).PValue < 0.05;
        });

        // The exact test is slightly more conservative than the formula's normal approximation.
        Assert.InRange(significant, 400 * 0.70, 400 * 0.88);
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleSize.ForMcNemar(0, 0.1));
    }

    /// <summary>
    /// Answers that are right with probability p; with probability <paramref name="correlated"/> all segments of a recording are right or
    /// wrong together.
    /// </summary>
    private static List<Answer> Answers(int recordings, int segments, double p, double correlated, int seed)
    {
        var random = new SplitMix64((ulong)seed);
        var answers = new List<Answer>();
        for (var r = 0; r < recordings; r++)
        {
            var (isCorrelated, isRightTogether) = (random.Uniform() < correlated, random.Uniform() < p);
            for (var s = 0; s < segments; s++)
                answers.Add(new Answer($"r{r}", s, 1, 0, (isCorrelated ? isRightTogether : random.Uniform() < p) ? 0 : 1));
        }

        return answers;
    }
}
