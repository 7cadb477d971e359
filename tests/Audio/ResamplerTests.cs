using DeviceId.Audio;

namespace DeviceId.Tests.Audio;

public sealed class ResamplerTests
{
    [Theory]
    [InlineData(44100, 32000, 1000)]
    [InlineData(44100, 32000, 13000)]
    [InlineData(48000, 32000, 13000)]
    [InlineData(16000, 32000, 6500)]
    [InlineData(8000, 32000, 100)]
    [InlineData(44101, 32000, 13000)]
    [InlineData(32000, 16000, 6500)]
    public void ToneInThePassBandKeepsLevelAndPhase(int from, int to, double hertz)
    {
        var result = Resampler.Resample(Tone(from, hertz, 0.5), to);
        Assert.Equal((int)Math.Round(0.5 * to), result.Samples.Length);
        // 0.01 dB of a full-scale tone is 1.2e-3; the ends, where the filter extends beyond the clip, are excluded.
        var worst = InnerSamples(result).Max(i => Math.Abs(result.Samples[i] - Math.Sin(2 * Math.PI * hertz * i / to)));
        Assert.InRange(worst, 0, 1.2e-3);
    }

    [Theory]
    [InlineData(44100, 32000, 17500)]
    [InlineData(44100, 32000, 21000)]
    [InlineData(32000, 16000, 9000)]
    [InlineData(96000, 8000, 40000)]
    public void AliasesAreAttenuatedByEightyDecibels(int from, int to, double hertz)
    {
        var result = Resampler.Resample(Tone(from, hertz, 0.5), to);
        Assert.InRange(InnerSamples(result).Max(i => Math.Abs(result.Samples[i])), 0, 1e-4f);
    }

    [Fact]
    public void AConstantIsPreserved()
    {
        var result = Resampler.Resample(new AudioClip([.. Enumerable.Repeat(0.5f, 20000)], 44100), 32000);
        Assert.All(InnerSamples(result), i => Assert.Equal(0.5, result.Samples[i], 1e-3));
    }

    [Fact]
    public void AtTheSameRateTheSamplesAreTheSame()
    {
        var clip = Tone(32000, 440, 0.1);
        Assert.Same(clip.Samples, Resampler.Resample(clip, 32000).Samples);
    }

    [Fact]
    public void VeryShortClipsAndOddRatesWork()
    {
        Assert.Single(Resampler.Resample(new AudioClip([0.5f], 44100), 8000).Samples);
        Assert.Empty(Resampler.Resample(new AudioClip([], 44100), 8000).Samples);
        Assert.Throws<ArgumentOutOfRangeException>(() => Resampler.Resample(Tone(8000, 100, 0.01), 0));
    }

    private static IEnumerable<int> InnerSamples(AudioClip clip)
    {
        var margin = clip.Samples.Length / 10;
        return Enumerable.Range(margin, clip.Samples.Length - 2 * margin);
    }

    private static AudioClip Tone(int rate, double hertz, double seconds) =>
        new([.. Enumerable.Range(0, (int)Math.Round(seconds * rate)).Select(i => (float)Math.Sin(2 * Math.PI * hertz * i / rate))], rate);
}
