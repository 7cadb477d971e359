using DeviceId.Corpora;
using DeviceId.Evaluation;
using DeviceId.Foundation;
using DeviceId.Identification;

namespace DeviceId.Tests.Identification;

public sealed class LikenessCalibrationTests
{
    private static readonly LikenessCalibration Learnt = LikenessCalibration.Of(
    [
        .. new[] { 0.9, 0.8, 0.7, 0.6 }.Select(l => Question("A", l, 0)), // known, and most alike their own device
        .. new[] { 0.65, 0.3, 0.2, 0.1 }.Select(l => Question("X", l, 0)),
    ])!;

    [Theory]
    [InlineData(0.66, 0)]
    [InlineData(0.65, 0.25)]
    [InlineData(0.25, 0.5)]
    [InlineData(-1, 1)]
    public void FalseAlarmsAreTheUnknownRecordingsThatAreAsMuchAlike(double likeness, double share) => Assert.Equal(share, Learnt.FalseAlarms(likeness));

    [Fact]
    public void RatiosGrowWithLikenessAndNeverBeyondTheTrials()
    {
        // Four trials of one device; the unknown recordings were compared with two devices each.
        Assert.Equal((4, 8, 4), (Learnt.Same, Learnt.Different, Learnt.Unknown));
        Assert.True(Learnt.LogRatio(0.9) > Learnt.LogRatio(0.5));
        Assert.Equal(Math.Log(8), Learnt.LogRatio(1000), 1e-12);
        Assert.Equal(-Math.Log(4), Learnt.LogRatio(-1000), 1e-12);
    }

    [Fact]
    public void TheCurveComesBackFromJson()
    {
        var read = Json.Read<LikenessCalibration>(Json.WriteCompact(Learnt));
        Assert.Equal(Learnt.Curve, read.Curve);
        Assert.Equal(double.PositiveInfinity, read.Curve[0].Threshold);
        Assert.Equal(0.75, OpenSetCurve.At(read.Curve, 0.2).Identified);
    }

    [Fact]
    public void ProbabilitiesAreNeverSurerThanTheHeldOutRecordingsAllowAndKeepTheirOrder()
    {
        var calibration = new Calibration(0.2, 0.2, 10, 10);
        var p = calibration.OfRecording([[0.99f, 0.009f, 0.001f]]);
        // Laplace: after ten right answers the next is wrong once in twelve.
        Assert.InRange(p[0], 0.9, 11 / 12.0 + (1 / 36.0));
        Assert.True(p[0] > p[1] && p[1] > p[2]);
        Assert.Equal(1, p.Sum(), 1e-12);
        Assert.Equal(p[0], Math.Exp(calibration.LogOfSegment([0.99f, 0.009f, 0.001f])[0]), 1e-12);
    }

    [Fact]
    public void ARecordingFartherOffThanHeldOutOnesOfKnownDevicesIsNoted()
    {
        // Distances are 2 - likeness of the first device here: 1.1 to 1.4 for known recordings; the unknown ones, up to 1.9, do not count.
        Assert.InRange(Learnt.UsualDistance, 1.3, 1.4);
        Assert.Null(Learnt.Difference(Learnt.UsualDistance));
        var far = Learnt.Difference(2 * Learnt.UsualDistance)!.Value;
        Assert.Equal("spectrum", far.Trait);
        Assert.Contains("2.0 times as far", far.Sentence, StringComparison.Ordinal);
    }

    private static HeldOutQuestion Question(string made, double first, double second) =>
        new(new Recording("/r", made, "1", "h", 16000, 1), ["A", "B"], [first, second], 2 - first);
}
