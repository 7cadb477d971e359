using DeviceId.Audio;
using DeviceId.Features;
using DeviceId.Foundation;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class LongTermSpectrumTests
{
    private const int Rate = 16000;

    private static AudioClip Clip(int samples, Func<int, double> value) =>
        new([.. Enumerable.Range(0, samples).Select(t => (float)value(t))], Rate);

    /// <summary>
    /// A sine of amplitude A at the centre of a bin: with a Hann window the bin has the power A^2 / 2 x 2/3, and its neighbours the rest.
    /// The bin spacing is 62.5 Hz (16 ms at 16 kHz).
    /// </summary>
    [Fact]
    public void ASineHasItsFrequencyAndLevel()
    {
        var spectrum = LongTermSpectrum.Compute(Clip(8000, t => 0.5 * Math.Sin(2 * Math.PI * 1000 * t / Rate)));
        Assert.Equal(129, spectrum.Levels.Count);
        var loudest = Enumerable.Range(0, 129).MaxBy(bin => spectrum.Levels[bin]);
        Assert.Equal(1000, spectrum.Frequencies[loudest], 1e-9);
        Assert.Equal(10 * Math.Log10(0.125 * 2 / 3), spectrum.Levels[loudest], 1e-4);
        Assert.Equal(8000, spectrum.Frequencies[^1], 1e-9);
    }

    /// <summary>
    /// The bins add up to the mean square; 400 windows with 50 % overlap estimate it within a few percent. Odd window lengths have no bin
    /// at half the sampling rate.
    /// </summary>
    [Theory]
    [InlineData(16)]
    [InlineData(15.9375)]
    public void NoiseAddsUpToItsMeanSquare(double windowMilliseconds)
    {
        var random = new SplitMix64(7);
        var noise = Clip(51200, _ => 0.1 * random.Normal());
        var sum = LongTermSpectrum.Compute(noise, windowMilliseconds).Levels.Sum(level => Math.Pow(10, level / 10));
        Assert.Equal(1, sum / noise.Samples.Average(s => (double)s * s), 0.05);
    }

    /// <summary>Frames beyond the first block have the same weight.</summary>
    [Fact]
    public void EveryPartOfALongClipCounts()
    {
        const int Samples = 600 * 128 + 128;
        var spectrum = LongTermSpectrum.Compute(Clip(Samples, t => t < Samples / 2 ? 0 : Math.Sin(2 * Math.PI * 1000 * t / Rate)));
        Assert.Equal(10 * Math.Log10(0.5 * 2 / 3 / 2), spectrum.Levels[16], 0.05);
    }

    [Fact]
    public void SilenceHasTheDocumentedMinimumLevel() =>
        Assert.All(LongTermSpectrum.Compute(Clip(1000, _ => 0)).Levels, level => Assert.Equal(-220, level, 1e-9));

    [Fact]
    public void AClipShorterThanAWindowIsPadded() =>
        Assert.All(LongTermSpectrum.Compute(Clip(10, _ => 0.5)).Levels, level => Assert.InRange(level, -219, 0));

    [Fact]
    public void AnEmptyClipIsRefused() => Assert.Throws<ArgumentException>(() => LongTermSpectrum.Compute(new AudioClip([], Rate)));
}
