using DeviceId.Audio;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class RecordingNormalisationTests
{
    private static readonly AudioClip Tone = new(
        [.. Enumerable.Range(0, 16_000).Select(i => (float)(0.02 + (0.1 * Math.Sin(2 * Math.PI * 500 * i / 16_000))))], 16_000);

    [Fact]
    public void NothingIsChangedByDefault()
    {
        Assert.True(new FrontEndOptions().Normalisation.IsNone);
        Assert.Equal(Tone.Samples, new RecordingNormalisation(null, false, null, null).Apply(Tone).Samples);
    }

    [Fact]
    public void TheLengthIsCutAndShorterRecordingsStay()
    {
        Assert.Equal(8000, new RecordingNormalisation(0.5, false, null, null).Apply(Tone).Samples.Length);
        Assert.Equal(16_000, new RecordingNormalisation(2, false, null, null).Apply(Tone).Samples.Length);
    }

    /// <summary>Tolerances: rounding to float32 of values of about 0.1, relative 6e-8 a sample.</summary>
    [Fact]
    public void OffsetAndLevelBecomeEqual()
    {
        var result = new RecordingNormalisation(null, true, -30, null).Apply(Tone).Samples;
        Assert.Equal(0, result.Average(s => (double)s), 1e-7);
        Assert.Equal(-30, 10 * Math.Log10(result.Average(s => (double)s * s)), 1e-4);
    }

    [Fact]
    public void DigitalSilenceStaysSilent() =>
        Assert.All(new RecordingNormalisation(null, true, -30, null).Apply(new AudioClip(new float[100], 8000)).Samples,
            s => Assert.Equal(0, s));

    /// <summary>
    /// A recording whose values are all even (a digital gain of two) has even and odd values alike after dither over two of its steps: the
    /// share of even ones is one half within five standard deviations of a binomial count.
    /// </summary>
    [Fact]
    public void DitherHidesGapsInTheHistogram()
    {
        var random = new SplitMix64(2);
        var even = new AudioClip([.. Tone.Samples.Select(_ => (float)(Math.Round(random.Normal() * 100) / 16_384))], 16_000);
        var result = new RecordingNormalisation(null, false, null, 14).Apply(even).Samples;
        Assert.All(result, s => Assert.Equal(Math.Round(s * 8192.0), s * 8192.0, 1e-9));
        var share = result.Count(s => (long)Math.Round(s * 8192.0) % 2 == 0) / (double)result.Length;
        Assert.Equal(0.5, share, 5 * 0.5 / Math.Sqrt(result.Length));
    }

    [Fact]
    public void TwoCopiesOfDifferentLevelAndOffsetHaveEqualFeatures()
    {
        using var scope = NewDisposeScope();
        var options = (new FrontEndOptions { Features = [MfccOptions.AsWritten] }).WithoutFileFacts(maxSeconds: 0.5);
        var features = options.CreateFeatures(CPU);
        Assert.Contains("scaled to -30 dB", features.Description, StringComparison.Ordinal);
        var random = new SplitMix64(1);
        var noise = new AudioClip([.. Enumerable.Range(0, 16_000).Select(_ => (float)(0.1 * random.Normal()))], 16_000);
        var louder = noise with { Samples = Array.ConvertAll(noise.Samples, s => (4 * s) + 0.125f) };
        var (one, other) = (features.Extract([noise])[0], features.Extract([louder])[0]);
        Assert.Equal(one.shape, other.shape);
        // Rounding may take the same sample to two neighbouring steps of the 12-bit requantisation: -72 dB, far below the noise.
        Assert.InRange((one - other).abs().max().item<float>(), 0, 0.05);
    }
}
