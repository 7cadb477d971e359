using DeviceId.Corpora;
using DeviceId.Evaluation;
using DeviceId.Foundation;
using DeviceId.Identification;

namespace DeviceId.Tests.Identification;

public sealed class SimilarityCalibrationTests
{
    private static readonly SimilarityCalibration Learnt = SimilarityCalibration.Fit(
    [
        .. new[] { 0.9, 0.8, 0.7, 0.6, 0.6 }.Select(l => Question("A", l, 0)), // known, and most alike their own device
        .. new[] { 0.65, 0.3, 0.2, 0.1 }.Select(l => Question("X", l, 0)),
    ])!;

    [Theory]
    [InlineData(0.66, 0)]
    [InlineData(0.65, 0.25)]
    [InlineData(0.25, 0.5)]
    [InlineData(-1, 1)]
    public void FalseAlarmsAreTheUnknownRecordingsThatAreAsMuchAlike(double likeness, double share) =>
        Assert.Equal(share, Learnt.FalseAlarms(likeness));

    [Fact]
    public void RatiosGrowWithLikenessAndNeverBeyondTheTrials()
    {
        // Four recordings asked about their own device, one of them twice; the unknown recordings were compared with two devices each.
        Assert.Equal((4, 8, 4), (Learnt.Same, Learnt.Different, Learnt.Unknown));
        Assert.True(Learnt.LogRatio(0.9) > Learnt.LogRatio(0.5));
        Assert.Equal(Math.Log(8), Learnt.LogRatio(1000), 1e-12);
        Assert.Equal(-Math.Log(4), Learnt.LogRatio(-1000), 1e-12);
    }

    [Fact]
    public void TheCurveComesBackFromJson()
    {
        var read = Json.Read<SimilarityCalibration>(Json.WriteCompact(Learnt));
        Assert.Equal(Learnt.Curve, read.Curve);
        Assert.Equal(double.PositiveInfinity, read.Curve[0].Threshold);
        Assert.Equal(0.6, OpenSetCurve.At(read.Curve, 0.2).Identified);
    }

    [Fact]
    public void ProbabilitiesAreNeverSurerThanTheHeldOutRecordingsAllowAndKeepTheirOrder()
    {
        var calibration = new Calibration(0.2, 0.2, 1, 10, 10);
        var p = calibration.Recording([[0.99f, 0.009f, 0.001f]]);
        // Laplace: after ten right answers the next is wrong once in twelve.
        Assert.InRange(p[0], 0.9, 11 / 12.0 + (1 / 36.0));
        Assert.True(p[0] > p[1] && p[1] > p[2]);
        Assert.Equal(1, p.Sum(), 1e-12);
        // A segment by itself: 0.99 to the fifth power, as a share of all three, and no doubt.
        Assert.Equal(Math.Log(Math.Pow(0.99, 5) / (Math.Pow(0.99, 5) + Math.Pow(0.009, 5) + Math.Pow(0.001, 5))),
            calibration.LogOfSegment([0.99f, 0.009f, 0.001f])[0], 1e-6);
    }

    [Fact]
    public void AShorterRecordingIsAsSureAsItsSegmentsAllowAndALongerOneNoSurerThanWhatWasLearnt()
    {
        // Ten segments: T = 4 for one, 0.25 for all ten. Of the power between them, sqrt(10) segments have 1; so two recordings of doubt 0
        // (very many) can be compared by hand.
        var calibration = new Calibration(4, 0.25, 10, int.MaxValue - 2, 0);
        float[] row = [0.8f, 0.2f];
        double[] Of(int segments) => calibration.Recording(Enumerable.Repeat(row, segments).ToList());
        double Expected(double temperature) => 1 / (1 + Math.Pow(0.25, 1 / temperature));
        Assert.Equal(Expected(4), Of(1)[0], 1e-6);
        Assert.Equal(calibration.Segment(row)[0], Of(1)[0], 1e-12);
        Assert.Equal(Expected(4 * Math.Pow(0.25 / 4, Math.Log(3) / Math.Log(10))), Of(3)[0], 1e-6);
        Assert.Equal(Expected(0.25), Of(10)[0], 1e-6);
        Assert.Equal(Of(10)[0], Of(30)[0], 1e-12);
    }

    /// <summary>
    /// Recordings whose segments err independently, by a network that is too sure: what is said of their beginnings must be right about as
    /// often as it says. With the temperature of whole recordings the probability of a single segment would be 0.85 for 0.35 right.
    /// </summary>
    [Fact]
    public void ProbabilitiesOfBeginningsAreRightAboutAsOftenAsTheySay()
    {
        const int Devices = 10, Segments = 10;
        var random = new SplitMix64(1);
        var learnt = Calibration.Fit(Predictions(60));
        Assert.Equal((Segments, 60), (learnt.Segments, learnt.Recordings));
        var asked = Predictions(2000);
        foreach (var count in new[] { 1, 2, 5, 10 })
        {
            var said = asked.Scores.Chunk(Segments).Select(rows => learnt.Recording(rows[..count])).ToList();
            var right = said.Where((p, i) => Array.IndexOf(p, p.Max()) == asked.Labels[i * Segments]).Count() / (double)said.Count;
            // Sixty recordings to learn from leave some points; the power between the ends is on the careful side.
            Assert.InRange(said.Average(p => p.Max()) - right, -0.1, 0.05);
        }

        Predictions Predictions(int recordings)
        {
            var labels = Enumerable.Range(0, recordings).SelectMany(_ => Enumerable.Repeat(random.Below(Devices), Segments)).ToList();
            var scores = labels.Select(label =>
            {
                // Logits: 1.5 for the right device, a deviation of 1.5, all doubled by the network's haste.
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
    public void ARecordingFartherOffThanHeldOutOnesOfKnownDevicesIsNoted()
    {
        // Distances are 2 - likeness of the first device here: 1.1 to 1.4 for known recordings; the unknown ones, up to 1.9, do not count.
        Assert.InRange(Learnt.UsualDistance, 1.3, 1.4);
        Assert.Null(Learnt.Difference(Learnt.UsualDistance));
        var far = Learnt.Difference(2 * Learnt.UsualDistance)!.Value;
        Assert.Equal("spectrum", far.Aspect);
        Assert.Contains("2.0 times as far", far.Sentence, StringComparison.Ordinal);
    }

    private static HeldOutTrial Question(string made, double first, double second) =>
        new(new Recording($"/{made}{first}", made, "1", "h", 16000, 1), ["A", "B"], [first, second], 2 - first);
}
