using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class PnccTests
{
    private const int Length = 240; // 30 ms at 8 kHz

    /// <summary>
    /// The steps of the paper in plain loops over [frame][channel]. Tolerance: pre-emphasised samples and powers are float32, the results
    /// of the power law near 1.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CepstraAgreeWithAPlainProgram(bool mediumTime)
    {
        var clip = SlowFeatures.Bursts(6000);
        var options = new PnccOptions { Channels = 20, MediumTimeProcessing = mediumTime, Deltas = false };
        var p = Powers(clip, 20);
        var t = mediumTime ? Suppressed(p) : p;
        var mean = t.Average(row => row.Average());
        var expected = t.Select(row =>
        {
            mean = 0.999 * mean + 0.001 * row.Average();
            return SlowFeatures.Dct([.. row.Select(power => Math.Pow(power / mean, 1 / 15.0))], 13);
        }).ToArray();
        Assert.InRange(SlowFeatures.MaxDifference(expected, SlowFeatures.Extract(options, clip)), 0, 1e-4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AGainIsLostAndDigitalSilenceGivesZeros(bool mediumTime)
    {
        var options = new PnccOptions { MediumTimeProcessing = mediumTime };
        var clip = SlowFeatures.Bursts(8000);
        var (loud, quiet) = (SlowFeatures.Extract(options, clip), SlowFeatures.Extract(options, SlowFeatures.Gain(clip, 1 / 64f)));
        Assert.InRange(SlowFeatures.MaxDifference(loud, quiet), 0, 1e-5);
        Assert.All(SlowFeatures.Extract(options, clip with { Samples = new float[4000] }), row => Assert.All(row, c => Assert.Equal(0, c)));
    }

    /// <summary>
    /// With as many coefficients as channels the DCT is invertible. The logarithms of the power law differ by 2 / 15 ln |H| and the
    /// logarithm of the mean power, the same in each channel. Tolerance: a channel averages |H|^2 over its width.
    /// </summary>
    [Fact]
    public void WithoutSuppressionAConstantChannelIsAFactorInEachChannel()
    {
        var options = new PnccOptions { Channels = 20, Coefficients = 20, MediumTimeProcessing = false, Deltas = false };
        var clip = SlowFeatures.Noise(40000);
        double[] Channels(DeviceId.Audio.AudioClip sound) => SlowFeatures.Means([.. SlowFeatures.Extract(options, sound)
            .Select(c => Enumerable.Range(0, 20).Select(j => Math.Log(Enumerable.Range(0, 20).Sum(i =>
                Math.Sqrt((i == 0 ? 1 : 2) / 20.0) * c[i] * Math.Cos(Math.PI * i * (j + 0.5) / 20)))).ToArray())]);
        var difference = Channels(SlowFeatures.Channel(clip, 0.5)).Zip(Channels(clip), (with, without) => with - without).ToArray();
        var expected = options.FiltersFor(8000).CentreHertz
            .Select(f => 2 / 15.0 * SlowFeatures.LogResponse(0.5, 2 * Math.PI * f / 8000)).ToArray();
        var common = difference.Zip(expected, (d, e) => d - e).Average();
        Assert.InRange(SlowFeatures.MaxDifference([.. expected.Select(e => e + common)], difference), 0, 0.01);
        Assert.True(expected.Max() - expected.Min() > 0.1);
    }

    /// <summary>Suppression removes what is stationary: noise 20 dB below the sound changes the features less than without it.</summary>
    [Fact]
    public void SuppressionRemovesAStationaryNoiseFloor()
    {
        var clip = SlowFeatures.Bursts(24000);
        var floor = SlowFeatures.Noise(24000, seed: 11);
        var noisy = clip with { Samples = [.. clip.Samples.Zip(floor.Samples, (s, n) => s + 0.05f * n)] };
        double Change(bool mediumTime)
        {
            var options = new PnccOptions { MediumTimeProcessing = mediumTime, Deltas = false };
            var (with, without) = (SlowFeatures.Extract(options, noisy), SlowFeatures.Extract(options, clip));
            var spread = without.Average(row => row.Zip(SlowFeatures.Means(without), (c, mean) => (c - mean) * (c - mean)).Sum());
            return with.Zip(without, (a, b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum()).Average() / spread;
        }

        Assert.True(Change(true) < Change(false), $"{Change(true)} with suppression, {Change(false)} without");
    }

    [Fact]
    public void InvalidSettingsAreRefused()
    {
        Assert.Equal(2, Assert.Throws<OptionsException>(new PnccOptions { LowHertz = 0, Coefficients = 41 }.Validate).Problems.Count);
        var high = new PnccOptions { LowHertz = 5000 };
        Assert.Contains("5000", Assert.Throws<ArgumentException>(() => high.Create(CPU).Extract([SlowFeatures.Noise(1000)])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ThePresetHasThePapersFrames() => Assert.Equal((410, 160), (PnccOptions.AsWritten.Grid(16000).Length,
        PnccOptions.AsWritten.Grid(16000).Hop));

    private static double[][] Powers(DeviceId.Audio.AudioClip clip, int channels)
    {
        var emphasised = clip with
        {
            Samples = [.. clip.Samples.Select((s, i) => (float)(s - 0.97 * (i == 0 ? 0 : clip.Samples[i - 1])))],
        };
        double Erb(double hertz) => 24.7 * (4.37 * hertz / 1000 + 1);
        var (low, high) = (Math.Log(Erb(200)), Math.Log(Erb(4000)));
        var weights = Enumerable.Range(0, channels).Select(l =>
        {
            var erb = Math.Exp(low + l * (high - low) / (channels - 1));
            var centre = (erb / 24.7 - 1) * 1000 / 4.37;
            var squared = Enumerable.Range(0, Length / 2 + 1)
                .Select(bin => 1 / Math.Pow(1 + Math.Pow((bin * 8000.0 / Length - centre) / (1.019 * erb), 2), 4)).ToArray();
            return squared.Select(w => w / squared.Sum()).ToArray();
        }).ToArray();
        return [.. SlowFeatures.Powers(SlowFeatures.Frames(emphasised, Length, Length / 2), Length)
            .Select(row => weights.Select(w => w.Zip(row, (a, b) => a * b).Sum()).ToArray())];
    }

    private static double[][] Suppressed(double[][] p)
    {
        var (frames, channels) = (p.Length, p[0].Length);
        double[][] New() => [.. p.Select(row => new double[channels])];
        var (q, floor, q0, lower, r) = (New(), New(), New(), New(), New());
        var peak = new double[channels];
        double Follow(double before, double x) => x >= before ? 0.999 * before + 0.001 * x : 0.5 * before + 0.5 * x;
        for (var m = 0; m < frames; m++)
        {
            for (var l = 0; l < channels; l++)
            {
                q[m][l] = Enumerable.Range(m - 2, 5).Where(i => i >= 0 && i < frames).Average(i => p[i][l]);
                floor[m][l] = Follow(m == 0 ? 0.9 * q[0][l] : floor[m - 1][l], q[m][l]);
                q0[m][l] = Math.Max(q[m][l] - floor[m][l], 0);
                lower[m][l] = Follow(m == 0 ? 0.9 * q0[0][l] : lower[m - 1][l], q0[m][l]);
                var isPeak = m == 0 || q0[m][l] >= 0.85 * peak[l];
                var masked = isPeak ? q0[m][l] : 0.2 * peak[l];
                peak[l] = m == 0 ? q0[0][l] : Math.Max(0.85 * peak[l], q0[m][l]);
                r[m][l] = q[m][l] >= 2 * floor[m][l] ? Math.Max(masked, lower[m][l]) : lower[m][l];
            }
        }

        return [.. p.Select((row, m) => row.Select((power, l) => power
            * Enumerable.Range(l - 4, 9).Where(i => i >= 0 && i < channels).Average(i => r[m][i] / q[m][i])).ToArray())];
    }
}
