using DeviceId.Corpora;
using DeviceId.Evaluation;
using DeviceId.Experiments;

namespace DeviceId.Tests.Experiments;

public sealed class TrialScoresTests
{
    [Fact]
    public void ProbabilitiesAreStoredAsLogarithmsAboveTheFloorAndTheirSumIsComputed()
    {
        var scores = TrialScores.Collect(new SystemPredictions(
            Spatial: Predict([0.25f, 0.75f]), Temporal: null, Deep: Predict([1.00001f, 0]), Sum: Predict([1.25f, 0.75f]),
            AreProbabilities: true))!;
        Assert.Equal((true, 1, 2), (scores.AreLogProbabilities, scores.Segments, scores.Devices));
        Assert.Equal([TrialOutput.Deep, TrialOutput.Spatial], scores.Outputs.Keys);
        Assert.Equal([0, TrialScores.LogFloor], scores.Outputs[TrialOutput.Deep][0]);
        Assert.Equal(MathF.Log(0.25f), scores.Outputs[TrialOutput.Spatial][0][0]);
        Assert.Equal(9.9e-8, scores.Probabilities(TrialOutput.Deep)[0][1], 1e-9);
        Assert.Equal(1.25, scores.Probabilities(TrialOutput.Sum)[0][0], 1e-6);
        Assert.Equal(0.75, scores.Probabilities(TrialOutput.Sum)[0][1], 1e-6);
        var error = Assert.Throws<ArgumentException>(() => scores.Probabilities(TrialOutput.Temporal));
        Assert.Contains("'temporal'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RawScoresAreStoredUnchangedAndHaveNoProbabilities()
    {
        var scores = TrialScores.Collect(new SystemPredictions(null, null, Predict([-3.5f, 12]), null, AreProbabilities: false))!;
        Assert.False(scores.AreLogProbabilities);
        Assert.Equal([-3.5f, 12], scores.Outputs[TrialOutput.Deep][0]);
        Assert.Throws<InvalidOperationException>(() => scores.Probabilities(TrialOutput.Deep));
    }

    [Fact]
    public void AValueThatIsNotAProbabilityIsRefused()
    {
        Assert.Throws<ArgumentException>(() => TrialScores.LogProbabilities([[1.25f]]));
        Assert.Throws<ArgumentException>(() => TrialScores.LogProbabilities([[-0.1f]]));
        Assert.Throws<ArgumentException>(() => TrialScores.LogProbabilities([[float.NaN]]));
    }

    [Fact]
    public void InconsistentScoresAreRefused()
    {
        AssertRefused(true, [[0.1f]]);
        AssertRefused(true, [[-17]]);
        AssertRefused(true, [[float.NaN]]);
        AssertRefused(false, [[float.NaN]]);
        AssertRefused(false, []);
        AssertRefused(false, [[]]);
        AssertRefused(false, [[1, 2], [3]]);
        Assert.Throws<ArgumentException>(() => new TrialScores(false, new Dictionary<string, float[][]>()));
        var unequal = new Dictionary<string, float[][]> { ["a"] = [[1]], ["b"] = [[1], [2]] };
        Assert.Throws<ArgumentException>(() => new TrialScores(false, unequal));
    }

    private static void AssertRefused(bool areLogProbabilities, float[][] rows) =>
        Assert.Throws<ArgumentException>(() => new TrialScores(areLogProbabilities, new Dictionary<string, float[][]> { ["deep"] = rows }));

    private static Predictions Predict(float[] scores)
    {
        var recording = new Recording("a/1.wav", "a", "1", "hash", 8000, 1);
        return new Predictions([.. scores.Select((_, device) => $"d{device}")], [recording], [0], [0], [scores]);
    }
}
