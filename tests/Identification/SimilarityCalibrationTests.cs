using DeviceId.Corpora;
using DeviceId.Evaluation;
using DeviceId.Foundation;
using DeviceId.Identification;

namespace DeviceId.Tests.Identification;

public sealed class SimilarityCalibrationTests
{
    private static readonly SimilarityCalibration Fitted = SimilarityCalibration.Fit(
    [
        .. new[] { 0.9, 0.8, 0.7, 0.6, 0.6 }.Select(s => Trial("A", s, 0)), // known, and most similar to their own device
        .. new[] { 0.65, 0.3, 0.2, 0.1 }.Select(s => Trial("X", s, 0)),
    ])!;

    [Theory]
    [InlineData(0.66, 0)]
    [InlineData(0.65, 0.25)]
    [InlineData(0.25, 0.5)]
    [InlineData(-1, 1)]
    public void FalseAlarmsAreTheUnknownRecordingsThatAreAtLeastAsSimilar(double similarity, double expected) =>
        Assert.Equal(expected, Fitted.FalseAlarms(similarity));

    [Fact]
    public void RatiosGrowWithSimilarityButNotBeyondTheNumberOfTrials()
    {
        // Four recordings compared with their own device, one of them twice; the unknown recordings are compared with two devices each.
        Assert.Equal((4, 8, 4), (Fitted.Same, Fitted.Different, Fitted.Unknown));
        Assert.True(Fitted.LogRatio(0.9) > Fitted.LogRatio(0.5));
        Assert.Equal(Math.Log(8), Fitted.LogRatio(1000), 1e-12);
        Assert.Equal(-Math.Log(4), Fitted.LogRatio(-1000), 1e-12);
    }

    [Fact]
    public void TheCurveIsRestoredFromJson()
    {
        var read = Json.Read<SimilarityCalibration>(Json.WriteCompact(Fitted));
        Assert.Equal(Fitted.Curve, read.Curve);
        Assert.Equal(double.PositiveInfinity, read.Curve[0].Threshold);
        Assert.Equal(0.6, OpenSetCurve.At(read.Curve, 0.2).Identified);
    }

    [Fact]
    public void ProbabilitiesAreLimitedByTheNumberOfHeldOutRecordingsAndKeepTheirOrder()
    {
        var calibration = new Calibration(0.2, 0.2, 1, 10, 10);
        var p = calibration.CalibrateRecording([[0.99f, 0.009f, 0.001f]]);
        // Laplace: after ten correct answers the next is wrong once in twelve.
        Assert.InRange(p[0], 0.9, 11 / 12.0 + (1 / 36.0));
        Assert.True(p[0] > p[1] && p[1] > p[2]);
        Assert.Equal(1, p.Sum(), 1e-12);
        // A single segment: 0.99 to the fifth power, normalised over all three, without the error probability.
        Assert.Equal(Math.Log(Math.Pow(0.99, 5) / (Math.Pow(0.99, 5) + Math.Pow(0.009, 5) + Math.Pow(0.001, 5))),
            calibration.SegmentLogProbabilities([0.99f, 0.009f, 0.001f])[0], 1e-6);
    }

    [Fact]
    public void ConfidenceGrowsWithTheNumberOfSegmentsUpToTheLengthOfTheCalibrationRecordings()
    {
        // Temperature 4 for one segment, 0.25 for ten, and a power of the number of segments in between (1 for sqrt(10) segments). With
        // very many recordings the error probability is 0, and the expected probabilities can be computed by hand.
        var calibration = new Calibration(4, 0.25, 10, int.MaxValue - 2, 0);
        float[] row = [0.8f, 0.2f];
        double[] Calibrate(int segments) => calibration.CalibrateRecording(Enumerable.Repeat(row, segments).ToList());
        double Expected(double temperature) => 1 / (1 + Math.Pow(0.25, 1 / temperature));
        Assert.Equal(Expected(4), Calibrate(1)[0], 1e-6);
        Assert.Equal(calibration.CalibrateSegment(row)[0], Calibrate(1)[0], 1e-12);
        Assert.Equal(Expected(4 * Math.Pow(0.25 / 4, Math.Log(3) / Math.Log(10))), Calibrate(3)[0], 1e-6);
        Assert.Equal(Expected(0.25), Calibrate(10)[0], 1e-6);
        Assert.Equal(Calibrate(10)[0], Calibrate(30)[0], 1e-12);
    }

    /// <summary>
    /// Recordings with independent errors of their segments, and an overconfident network: the probabilities of their beginnings must match
    /// the proportion of correct answers. With the temperature of whole recordings the probability of a single segment would be 0.85, with
    /// 0.35 correct.
    /// </summary>
    [Fact]
    public void ProbabilitiesOfBeginningsMatchTheProportionOfCorrectAnswers()
    {
        const int Devices = 10, Segments = 10;
        var random = new SplitMix64(1);
        var calibration = Calibration.Fit(Predictions(60));
        Assert.Equal((Segments, 60), (calibration.Segments, calibration.Recordings));
        var test = Predictions(2000);
        foreach (var count in new[] { 1, 2, 5, 10 })
        {
            var answers = test.Scores.Chunk(Segments).Select(rows => calibration.CalibrateRecording(rows[..count])).ToList();
            var correct = answers.Where((p, i) => Array.IndexOf(p, p.Max()) == test.Labels[i * Segments]).Count() / (double)answers.Count;
            // Sixty calibration recordings leave an error of some points; the power law between the ends is conservative.
            Assert.InRange(answers.Average(p => p.Max()) - correct, -0.1, 0.05);
        }

        Predictions Predictions(int recordings)
        {
            var labels = Enumerable.Range(0, recordings).SelectMany(_ => Enumerable.Repeat(random.Below(Devices), Segments)).ToList();
            var scores = labels.Select(label =>
            {
                // Logits: 1.5 for the true device, a standard deviation of 1.5, all doubled by the network's overconfidence.
                var e = Enumerable.Range(0, Devices).Select(d => Math.Exp(2 * ((d == label ? 1.5 : 0) + (1.5 * random.Normal()))))
                    .ToArray();
                return e.Select(x => (float)(x / e.Sum())).ToArray();
            }).ToList();
            return new Predictions(
                [.. Enumerable.Range(0, Devices).Select(d => $"d{d}")],
                [.. Enumerable.Range(0, recordings)
                    .Select(r => new Recording($"/{r}", $"d{labels[r * Segments]}", $"{r}", $"{r}", 16000, 1))],
                [.. Enumerable.Range(0, recordings * Segments).Select(i => i / Segments)], labels, scores);
        }
    }

    [Fact]
    public void ARecordingFartherAwayThanHeldOutOnesOfKnownDevicesIsReported()
    {
        // Distances are 2 - similarity to the first device here: 1.1 to 1.4 for known recordings; unknown ones, up to 1.9, are ignored.
        Assert.InRange(Fitted.UsualDistance, 1.3, 1.4);
        Assert.Null(Fitted.Difference(Fitted.UsualDistance));
        var far = Fitted.Difference(2 * Fitted.UsualDistance)!.Value;
        Assert.Equal("spectrum", far.Aspect);
        Assert.Contains("2.0 times the distance", far.Sentence, StringComparison.Ordinal);
    }

    private static HeldOutTrial Trial(string device, double first, double second) =>
        new(new Recording($"/{device}{first}", device, "1", "h", 16000, 1), ["A", "B"], [first, second], 2 - first);
}
