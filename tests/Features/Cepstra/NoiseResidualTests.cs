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
            var residual = row.Zip(noise, (x, n) => (1 - Math.Sqrt(Math.Min(1, Math.Max(1 - a * n / x, 0.01 * n / x)))) * Math.Sqrt(x)).ToArray();
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

    /// <summary>The residual is the noise: a tone 40 dB above it changes the filters that hold the tone far less than it changes MFCC.</summary>
    [Fact]
    public void ALoudToneIsMostlyAbsentFromTheResidual()
    {
        var noise = SlowFeatures.Gain(SlowFeatures.Noise(16000), 0.01f);
        var spoken = noise with
        {
            // The tone lasts 0.2 s in each 0.5 s, so that the minimum sees the pauses.
            Samples = [.. noise.Samples.Select((s, i) => s + (i % 4000 < 1600 ? 0.1f * (float)Math.Sin(2 * Math.PI * 1000 * i / 8000) : 0))],
        };
        double Change(FeatureOptions options) => SlowFeatures.Extract(options, spoken).Zip(SlowFeatures.Extract(options, noise))
            .Average(pair => Math.Abs(pair.First[0] - pair.Second[0]));
        var options = Options with { NoiseSeconds = 1 };
        Assert.True(2 * Change(options) < Change(new MfccOptions { Filters = 20, Deltas = false }));
    }

    [Fact]
    public void InvalidSettingsAreRefused()
    {
        var invalid = new NoiseResidualOptions { NoiseSeconds = double.NaN, Coefficients = 0 };
        Assert.Equal(2, Assert.Throws<OptionsException>(invalid.Validate).Problems.Count);
    }
}
