using DeviceId.Features;
using DeviceId.Foundation;

namespace DeviceId.Tests.Features;

/// <summary>Log spectrum and blind channel response.</summary>
[Collection(TensorCollection.Name)]
public sealed class LogSpectrumTests
{
    private const int Length = 240; // 30 ms at 8 kHz

    /// <summary>
    /// More frequencies than bins (interpolated), the bins themselves, every second and every fourth (averaged). Tolerance: float32 of
    /// logarithms near 10.
    /// </summary>
    [Theory]
    [InlineData(151)]
    [InlineData(121)]
    [InlineData(65)]
    [InlineData(61)]
    [InlineData(33)]
    public void SpectraAgreeWithAPlainProgram(int bins)
    {
        var clip = SlowFeatures.Bursts(1000);
        var averaged = (int)Math.Ceiling(Length / (2.0 * (bins - 1)));
        var powers = SlowFeatures.Frames(clip, Length, 120).Select(Windowed).Select(frame => Enumerable.Range(0, bins).Select(b =>
        {
            var sum = 0.0;
            for (var j = -averaged; j <= averaged; j++)
                sum += (1 - Math.Abs(j) / (double)averaged) * SlowFeatures.Power(frame, Math.PI * (b + j / (double)averaged) / (bins - 1));
            return 0.5 * Math.Log(sum / averaged);
        }).ToArray()).ToArray();
        var actual = SlowFeatures.Extract(new LogSpectrumOptions { Bins = bins }, clip);
        Assert.InRange(SlowFeatures.MaxDifference(powers, actual), 0, 1e-5);
    }

    [Fact]
    public void AConstantChannelAddsItsLogResponse()
    {
        var options = new LogSpectrumOptions { Bins = 121 };
        var clip = SlowFeatures.Noise(40000);
        var difference = Difference(options, clip);
        // Frames begin and end within the channel's response: the single values differ, their mean over 332 frames by less.
        for (var bin = 0; bin < 121; bin++)
            Assert.Equal(SlowFeatures.LogResponse(0.5, Math.PI * bin / 120), difference[bin], 0.05);
    }

    /// <summary>
    /// Steps as in the remarks of the feature, with a window of three frames. Tolerance: the pre-emphasised samples are float32.
    /// </summary>
    [Fact]
    public void BlindResponsesAgreeWithAPlainProgram()
    {
        const double Ceiling = -26;
        var clip = SlowFeatures.Bursts(2000);
        var rms = Math.Sqrt(clip.Samples.Average(s => (double)s * s));
        var emphasised = clip with
        {
            Samples = [.. clip.Samples.Select((s, i) => (float)((s - 0.97 * (i == 0 ? 0 : clip.Samples[i - 1])) / rms))],
        };
        var energy = SlowFeatures.Hamming(Length).Sum(w => w * w);
        var limit = Ceiling * Math.Log(10) / 20;
        var levels = SlowFeatures.Powers(SlowFeatures.Frames(emphasised, Length, 120), Length)
            .Select(row => row.Select(p => Math.Log(1e-9 + Math.Sqrt(p / energy))).ToArray()).ToArray();
        var expected = levels.Select((row, t) => row.Select((_, bin) =>
        {
            var near = Enumerable.Range(t - 1, 3).Where(i => i >= 0 && i < levels.Length).Select(i => levels[i][bin]).ToList();
            return near.Where(v => v <= limit).DefaultIfEmpty(limit).Average();
        }).ToArray()).ToArray();
        Assert.Contains(expected, row => row.Contains(limit));
        Assert.Contains(expected, row => row.Any(v => v < limit));

        // 48 ms: a hop of 15 ms fits once on each side.
        var options = new BlindChannelOptions { Bins = 121, WindowSeconds = 0.048, CeilingDecibels = Ceiling };
        Assert.InRange(SlowFeatures.MaxDifference(expected, SlowFeatures.Extract(options, clip)), 0, 1e-4);
    }

    /// <summary>Nothing is left out, and the recording's level is divided out: ln |H| less ln of the level's ratio.</summary>
    [Fact]
    public void WithoutACeilingTheShapeOfAConstantChannelIsKeptAndItsGainLost()
    {
        var clip = SlowFeatures.Noise(40000);
        var difference = Difference(new BlindChannelOptions { Bins = 121, CeilingDecibels = 100 }, clip);
        // White noise through 1 + 0.5 z^-1 has 1.25 times the power.
        for (var bin = 0; bin < 121; bin++)
            Assert.Equal(SlowFeatures.LogResponse(0.5, Math.PI * bin / 120) - 0.5 * Math.Log(1.25), difference[bin], 0.05);
        var options = new BlindChannelOptions { Bins = 65 };
        var (loud, quiet) = (SlowFeatures.Extract(options, clip), SlowFeatures.Extract(options, SlowFeatures.Gain(clip, 0.125f)));
        Assert.InRange(SlowFeatures.MaxDifference(loud, quiet), 0, 1e-5);
    }

    [Fact]
    public void LongWindowsGiveEachFrameTheMeanOfTheRecording()
    {
        var rows = SlowFeatures.Extract(new BlindChannelOptions { Bins = 65, WindowSeconds = 100 }, SlowFeatures.Bursts(8000));
        Assert.InRange(SlowFeatures.MaxDifference([.. rows.Select(_ => rows[0])], rows), 0, 1e-6);
    }

    [Fact]
    public void InvalidSettingsAreRefused()
    {
        Assert.Throws<OptionsException>(new LogSpectrumOptions { Bins = 1 }.Validate);
        Assert.Throws<OptionsException>(new LogSpectrumOptions { Bins = 20000 }.Validate);
        var invalid = new BlindChannelOptions { Bins = 0, WindowSeconds = double.NaN, CeilingDecibels = double.PositiveInfinity };
        Assert.Equal(3, Assert.Throws<OptionsException>(invalid.Validate).Problems.Count);
    }

    private static double[] Windowed(double[] frame) => [.. frame.Zip(SlowFeatures.Hamming(frame.Length), (s, w) => s * w)];

    private static double[] Difference(FeatureOptions options, DeviceId.Audio.AudioClip clip) =>
        [.. SlowFeatures.Means(SlowFeatures.Extract(options, SlowFeatures.Channel(clip, 0.5)))
            .Zip(SlowFeatures.Means(SlowFeatures.Extract(options, clip)), (with, without) => with - without)];
}
