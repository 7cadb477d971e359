using CsCheck;
using DeviceId.Audio;

namespace DeviceId.Tests.Audio;

/// <summary>Properties that hold for every clip and every pair of rates.</summary>
public sealed class ResamplerPropertyTests
{
    private static readonly Gen<int> Rate = Gen.Int[1000, 96000];
    private static readonly Gen<float[]> Sound = Gen.Float[-1, 1].Array[1, 400];

    [Fact]
    public void TheLengthIsTheDurationAtTheNewRate() => Gen.Select(Sound, Rate, Rate).Sample((samples, from, to) =>
    {
        var result = Resampler.Resample(new AudioClip(samples, from), to);
        Assert.Equal(to, result.SampleRate);
        Assert.Equal(from == to ? samples.Length : Math.Max(1, (int)Math.Round(samples.Length * (double)to / from)), result.Samples.Length);
        // The magnitudes of the filter's weights add up to less than five.
        Assert.All(result.Samples, sample => Assert.InRange(sample, -5f, 5f));
    }, iter: 200);

    [Fact]
    public void ResamplingIsLinear() => Gen.Select(Sound, Rate, Rate).Sample((samples, from, to) =>
    {
        float[] other = [.. samples.Reverse()];
        var sum = Resampler.Resample(new AudioClip([.. samples.Zip(other, (a, b) => a + b)], from), to).Samples;
        var (one, two) = (Resampler.Resample(new AudioClip(samples, from), to).Samples,
            Resampler.Resample(new AudioClip(other, from), to).Samples);
        // Float32 rounding over at most a few hundred taps of magnitude one.
        Assert.All(Enumerable.Range(0, sum.Length), i => Assert.Equal(sum[i], one[i] + two[i], 1e-4f));
    }, iter: 200);
}
