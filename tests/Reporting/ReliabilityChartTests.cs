using DeviceId.Evaluation;
using DeviceId.Reporting;

namespace DeviceId.Tests.Reporting;

public sealed class ReliabilityChartTests
{
    /// <summary>Ten items with probability 0.9, nine of them correct, and two with probability 0.55, one of them correct.</summary>
    private static readonly float[][] Probabilities =
        [.. Enumerable.Repeat<float[]>([0.9f, 0.1f], 10), .. Enumerable.Repeat<float[]>([0.45f, 0.55f], 2)];

    private static readonly int[] Truth = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0];

    [Fact]
    public void ALineHasTheMeanProbabilityAndTheAccuracyOfEachBinWithWilsonsInterval()
    {
        var answers = ReliabilityChart.Answers(Probabilities, Truth);
        Assert.Equal(10, answers.Count(answer => answer.IsRight));
        var line = ReliabilityChart.Line("deep", answers);
        Assert.Equal([55, 90], line.X.Select(x => Math.Round(x)));
        Assert.Equal([50, 90], line.Y);
        var interval = Interval.Wilson(9, 10);
        Assert.Equal(Math.Round(100 * interval.Low, 2), line.Band!.Value.Low[1]);
        Assert.Equal(Math.Round(100 * interval.High, 2), line.Band!.Value.High[1]);
    }

    [Fact]
    public void TheChartHasALineForEachOutputAndTheDiagonal()
    {
        var html = ReliabilityChart.Draw("How sure is it?", [("deep", Probabilities, Truth), ("spatial", Probabilities, Truth)]).ToHtml();
        Assert.All(["How sure is it?", "deep", "spatial", "perfect", "probability (%)", "correct (%)", "toself"],
            text => Assert.Contains(text, html, StringComparison.Ordinal));
    }

    [Fact]
    public void OfEqualProbabilitiesTheFirstIsTheAnswerAndRoundingAboveOneIsClipped() => Assert.Equal(
        [(0.5, true), (1, false)], ReliabilityChart.Answers([[0.5f, 0.5f], [1.0001f, 0]], [0, 1]));

    [Fact]
    public void ValuesThatAreNotProbabilitiesAndMissingLabelsAreRefused()
    {
        Assert.Throws<ArgumentException>(() => ReliabilityChart.Draw("t", [("sum of three", [[2.5f, 0.5f]], [0])]));
        Assert.Throws<ArgumentException>(() => ReliabilityChart.Draw("t", [("raw", [[-1, 0.5f]], [0])]));
        Assert.Throws<ArgumentException>(() => ReliabilityChart.Draw("t", [("NaN", [[float.NaN, 0.5f]], [0])]));
        Assert.Throws<ArgumentException>(() => ReliabilityChart.Draw("t", [("deep", Probabilities, [0])]));
        Assert.Throws<ArgumentException>(() => ReliabilityChart.Draw("t", [("empty", [], [])]));
    }
}
