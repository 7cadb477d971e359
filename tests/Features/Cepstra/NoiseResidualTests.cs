using DeviceId.Features;
using DeviceId.Foundation;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class NoiseResidualTests
{
    private const int Length = 240; // 30 ms at 8 kHz
    private static readonly NoiseResidualOptions Options = new() { Filters = 20, Deltas = false, NoiseSeconds = 0.3 };

    /// <summary>Minimum statistics, gains and filters in plain loops. Tolerance: magnitudes are stored as float32.</summary>
    [Fact]
    public void CepstraAgreeWithAPlainProgram()
    {
        var clip = SlowFeatures.Bursts(6000);
        var powers = SlowFeatures.Powers(SlowFeatures.Frames(clip, Length, 120), Length);
        var frames = powers.Length;
        double Smoothed(int t, int bin) => Enumerable.Range(t - 3, 7).Where(i => i >= 0 && i < frames).Average(i => powers[i][bin]);
        // Half of 0.3 s are ten hops of 15 ms.
        double Noise(int t, int bin) => Enumerable.Range(t - 10, 21).Where(i => i >= 0 && i < frames).Min(i => Smoothed(i, bin));
        var bank = new MfccOptions { Filters = 20 }.FiltersFor(8000).Weights;
        var peak = Math.Sqrt(powers.Max(row => row[1..120].Max()));
        var expected = powers.Select((row, t) =>
        {
            var noise = Enumerable.Range(0, row.Length).Select(bin => Noise(t, bin)).ToArray();
            var a = Math.Clamp(4 - 1.5 * Math.Log10(row.Sum() / noise.Sum()), 1, 4);
            double Gain(double x, double n) => Math.Sqrt(Math.Min(1, Math.Max(1 - a * n / x, 0.01 * n / x)));
            var residual = row.Zip(noise, (x, n) => (1 - Gain(x, n)) * Math.Sqrt(x)).ToArray();
            return SlowFeatures.Dct([.. bank.Select(w => Math.Log(Math.Max(1e-10 * peak, w.Zip(residual, (u, v) => u * v).Sum())))], 13);
        }).ToArray();
        Assert.InRange(SlowFeatures.MaxDifference(expected, SlowFeatures.Extract(Options, clip)), 0, 2e-4);
    }

    [Fact]
    public void AGainAffectsOnlyC0()
    {
        var clip = SlowFeatures.Bursts(8000);
        var (loud, quiet) = (SlowFeatures.Extract(Options, clip), SlowFeatures.Extract(Options, SlowFeatures.Gain(clip, 1 / 8f)));
        var expected = loud.Select(row => row.Select((c, i) => i == 0 ? c - Math.Log(8) * Math.Sqrt(20) : c).ToArray()).ToArray();
        Assert.InRange(SlowFeatures.MaxDifference(expected, quiet), 0, 1e-3);
    }

    /// <summary>The channel changes power and noise alike. Tolerance as for the MFCC: a filter averages the response.</summary>
    [Fact]
    public void AConstantChannelAddsItsCepstrum()
    {
        var clip = SlowFeatures.Noise(40000);
        var difference = SlowFeatures.Means(SlowFeatures.Extract(Options, SlowFeatures.Channel(clip, 0.5)))
            .Zip(SlowFeatures.Means(SlowFeatures.Extract(Options, clip)), (with, without) => with - without).ToArray();
        var responses = Options.FiltersFor(8000).CentreHertz.Select(f => SlowFeatures.LogResponse(0.5, 2 * Math.PI * f / 8000)).ToArray();
        Assert.InRange(SlowFeatures.MaxDifference(SlowFeatures.Dct(responses, 13), difference), 0, 0.1);
    }

    /// <summary>
    /// A tone 40 dB above the noise raises the loudest output of its filter by far in MFCC. The residual of a bin is at most about the
    /// square root of the subtracted power a N, with a up to 4: the output at most doubles.
    /// </summary>
    [Fact]
    public void ALoudToneIsMostlyAbsentFromTheResidual()
    {
        var noise = SlowFeatures.Gain(SlowFeatures.Noise(16000), 0.01f);
        var spoken = noise with
        {
            // The tone lasts 0.2 s in each 0.5 s, so that the minimum sees the pauses.
            Samples = [.. noise.Samples.Select((s, i) => i % 4000 < 1600 ? s + 0.1f * (float)Math.Sin(Math.PI * i / 4) : s)],
        };
        var centres = Options.FiltersFor(8000).CentreHertz.Select(hertz => Math.Abs(hertz - 1000)).ToList();
        var filter = centres.IndexOf(centres.Min());
        double Loudest(FeatureOptions options, DeviceId.Audio.AudioClip clip) => SlowFeatures.Extract(options, clip).Max(row => Enumerable
            .Range(0, 20).Sum(i => Math.Sqrt((i == 0 ? 1 : 2) / 20.0) * row[i] * Math.Cos(Math.PI * i * (filter + 0.5) / 20)));
        double Rise(FeatureOptions options) => Loudest(options, spoken) - Loudest(options, noise);
        Assert.True(Rise(new MfccOptions { Filters = 20, Coefficients = 20, Deltas = false }) > Math.Log(20));
        Assert.InRange(Rise(Options with { NoiseSeconds = 1, Coefficients = 20 }), -10, Math.Log(2));
    }

    [Fact]
    public void InvalidSettingsAreRefused()
    {
        var invalid = new NoiseResidualOptions { NoiseSeconds = double.NaN, Coefficients = 0 };
        Assert.Equal(2, Assert.Throws<OptionsException>(invalid.Validate).Problems.Count);
    }
}
