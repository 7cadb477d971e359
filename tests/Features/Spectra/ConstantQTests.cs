using DeviceId.Audio;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class ConstantQTests
{
    private static readonly ConstantQOptions Small = new() { Bins = 30, LowHertz = 100, HighHertz = 3600 };

    /// <summary>The definition, summed in plain loops. Tolerance: float32 of logarithms near 10.</summary>
    [Fact]
    public void SpectraAgreeWithAPlainProgram()
    {
        var clip = SlowFeatures.Bursts(2400);
        var ratio = Math.Pow(36, 1 / 29.0);
        var expected = SlowFeatures.Frames(clip, 2048, 128).Select(frame => Enumerable.Range(0, 30).Select(k =>
        {
            var frequency = 100 * Math.Pow(36, k / 29.0);
            var length = Math.Min(2048, (int)Math.Ceiling(8000 / frequency / (ratio - 1)));
            var windowed = new double[length];
            for (var j = 0; j < length; j++)
                windowed[j] = frame[(2048 - length) / 2 + j] * (0.5 - 0.5 * Math.Cos(2 * Math.PI * j / length));
            return 0.5 * Math.Log(SlowFeatures.Power(windowed, 2 * Math.PI * frequency / 8000) / length / length);
        }).ToArray()).ToArray();
        Assert.InRange(SlowFeatures.MaxDifference(expected, SlowFeatures.Extract(Small, clip)), 0, 1e-5);
    }

    /// <summary>A sine of amplitude A at f_k gives A / 4: half for the negative frequency, half for the mean of the window.</summary>
    [Theory]
    [InlineData(12)]
    [InlineData(25)]
    public void ASineHasItsFrequencyAndAmplitude(int k)
    {
        var frequency = ConstantQ.Filters(Small, 8000)[k].Hertz;
        var samples = Enumerable.Range(0, 4000).Select(n => (float)(0.8 * Math.Sin(2 * Math.PI * frequency * n / 8000))).ToArray();
        var clip = new AudioClip(samples, 8000);
        foreach (var row in SlowFeatures.Extract(Small, clip))
        {
            Assert.Equal(k, row.ToList().IndexOf(row.Max()));
            Assert.Equal(Math.Log(0.2), row[k], 1e-3); // the negative frequency leaks a little
        }
    }

    [Fact]
    public void TheDefaultHas48BinsInAnOctaveAt32Kilohertz()
    {
        var filters = ConstantQ.Filters(new ConstantQOptions(), 32000);
        Assert.Equal(48, 1 / Math.Log2(filters[1].Hertz / filters[0].Hertz), 0.2);
        Assert.Equal((50, 15200), (Math.Round(filters[0].Hertz, 6), Math.Round(filters[^1].Hertz, 6)));
        Assert.Equal(8192, filters[0].Length);
        Assert.InRange(filters[^1].Length, 140, 150);
    }

    [Fact]
    public void AConstantChannelAddsItsLogResponse()
    {
        var clip = SlowFeatures.Noise(80000);
        var difference = SlowFeatures.Means(SlowFeatures.Extract(Small, SlowFeatures.Channel(clip, 0.5)))
            .Zip(SlowFeatures.Means(SlowFeatures.Extract(Small, clip)), (with, without) => with - without).ToArray();
        var expected = ConstantQ.Filters(Small, 8000).Select(f => SlowFeatures.LogResponse(0.5, 2 * Math.PI * f.Hertz / 8000)).ToArray();
        Assert.InRange(SlowFeatures.MaxDifference(expected, difference), 0, 0.05);
    }

    [Fact]
    public void FrequenciesThatDoNotFitAreRefused()
    {
        Assert.Throws<OptionsException>((Small with { Bins = 1 }).Validate);
        Assert.Throws<OptionsException>((Small with { LowHertz = 0 }).Validate);
        Assert.Throws<OptionsException>((Small with { LowHertz = 4000 }).Validate);
        Assert.Contains("3000 Hz", Assert.Throws<ArgumentException>(() =>
            Small.Create(CPU).Extract([SlowFeatures.Noise(8000, 6000)])).Message, StringComparison.Ordinal);
    }
}
