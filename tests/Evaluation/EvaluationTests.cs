using DeviceId.Corpora;
using DeviceId.Evaluation;

namespace DeviceId.Tests.Evaluation;

public sealed class EvaluationTests
{
    private static readonly string[] Devices = ["a", "b", "c"];

    [Theory]
    // Wilson (1927); values of SciPy 1.10, binomtest(k, n).proportion_ci(0.95, 'wilson'): the same closed form, so 1e-10.
    [InlineData(0, 10, 0, 0.27753279986288926)]
    [InlineData(10, 10, 0.7224672001371109, 1)]
    [InlineData(81, 263, 0.2552885198782742, 0.36620957698280004)]
    [InlineData(5616, 5760, 0.9706404599876011, 0.9787263883364321)]
    public void WilsonIntervalsAgreeWithScipy(int successes, int trials, double low, double high)
    {
        var interval = Interval.Wilson(successes, trials);
        Assert.Equal(low, interval.Low, 10);
        Assert.Equal(high, interval.High, 10);
    }

    [Fact]
    public void TheIntervalOfThePapersTestSetIsLessThanOnePointWide()
    {
        var interval = new Accuracy(5616, 5760).Interval;
        Assert.InRange(interval.High - interval.Low, 0.007, 0.009);
    }

    [Fact]
    public void WithoutTrialsTheIntervalIsFromZeroToOne() =>
        Assert.Equal((0d, 1d), (Interval.Wilson(0, 0).Low, Interval.Wilson(0, 0).High));

    [Theory]
    [InlineData(-1, 5, 0.95)]
    [InlineData(6, 5, 0.95)]
    [InlineData(1, 5, 1.0)]
    [InlineData(1, 5, double.NaN)]
    public void ImpossibleCountsAndCoveragesAreRefused(int successes, int trials, double confidence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Interval.Wilson(successes, trials, confidence));

    [Fact]
    public void ARecordingIsDecidedByTheSumOfItsSegmentsScores()
    {
        // Two of three segments have b as their best device, but the sum of the scores is highest for a.
        var predictions = Make([0, 0, 0], [0, 0, 0], [0.9f, 0.1f, 0f], [0.4f, 0.6f, 0f], [0.45f, 0.55f, 0f]);
        Assert.Equal(new Accuracy(1, 3), Accuracy.Compute(predictions));
        Assert.Equal(new Accuracy(1, 1), Accuracy.Compute(predictions.ByRecording()));
    }

    [Fact]
    public void RecordingsOfJoinedFoldsStaySeparate()
    {
        var one = Make([0], [0], [1, 0, 0]);
        var two = Make([0], [1], [0, 1, 0]);
        var joined = Predictions.Join([one, two]).ByRecording();
        Assert.Equal(2, joined.Count);
        Assert.Equal(new Accuracy(2, 2), Accuracy.Compute(joined));
    }

    [Fact]
    public void InconsistentPredictionsAreRefused()
    {
        Assert.Throws<ArgumentException>(() => Make([0], [3], [1, 0, 0]));
        Assert.Throws<ArgumentException>(() => Make([0], [0], [1, 0]));
        Assert.Throws<ArgumentException>(() => Make([0], [0], [1, 0, float.NaN]));
        Assert.Throws<ArgumentException>(() => Make([7], [0], [1, 0, 0]));
        Assert.Throws<ArgumentException>(() => Make([0, 0], [0], [1, 0, 0]));
        Assert.Throws<ArgumentException>(() => Predictions.Join([]));
    }

    [Fact]
    public void TheConfusionMatrixCountsByActualAndPredictedDevice()
    {
        var matrix = new ConfusionMatrix(Make([0, 0, 1, 1, 2], [0, 0, 1, 1, 2], [1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]));
        Assert.Equal(1, matrix[0, 1]);
        Assert.Equal(1, matrix[1, 0]);
        Assert.Equal(0, matrix[0, 2]);
        Assert.Equal(new Accuracy(1, 2), matrix.Recall(0));
        Assert.Equal(new Accuracy(1, 1), matrix.Recall(2));
        Assert.Equal(new ConfusedPair("a", "b", 1, 1, 4), Assert.Single(matrix.MostConfused(5)));
    }

    [Fact]
    public void AccuracyReadsWithItsIntervalWhateverTheCulture()
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        System.Globalization.CultureInfo.CurrentCulture = new("de-DE");
        try
        {
            Assert.Equal("97.5 % [97.1, 97.9], n = 5760", new Accuracy(5616, 5760).ToString());
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    private static Predictions Make(int[] recordingOf, int[] labels, params float[][] scores)
    {
        var recordings = Enumerable.Range(0, 3).Select(i => new Recording($"/{i}.wav", Devices[i], "1", "hash", 32000, 8)).ToList();
        return new Predictions(Devices, recordings, recordingOf, labels, scores);
    }
}
