using DeviceId.Audio;
using DeviceId.Data;
using DeviceId.Features;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class FeaturesAtRateTests
{
    [Fact]
    public void OneSoundAtTwoRatesHasTheSameFeaturesUpToTheResamplersBand()
    {
        using var scope = NewDisposeScope();
        // A chord within the lower rate's pass band.
        AudioClip At(int rate) => new([.. Enumerable.Range(0, rate)
            .Select(i => (float)(new[] { 300.0, 1100, 2500 }.Sum(f => 0.2 * Math.Sin(2 * Math.PI * f * i / rate))))], rate);
        var options = new FrontEndOptions
        {
            SampleRate = 16_000,
            Features = [MfccOptions.AsWritten with { Deltas = false, HighHertz = 6000 }]
        };
        var features = options.CreateFeatures(CPU);
        Assert.Contains("brought to 16000 Hz", features.Description, StringComparison.Ordinal);
        var (low, high) = (features.Extract([At(16_000)])[0], features.Extract([At(44_100)])[0]);
        Assert.Equal(low.shape, high.shape);
        // Away from the ends, which the resampler fades. Between the tones there is only the resampler's noise, 80 dB down, which the
        // logarithm sees.
        var apart = (low - high).narrow(0, 5, low.shape[0] - 10).narrow(1, 0, 2).abs().max().item<float>();
        Assert.InRange(apart, 0, 2);
        Assert.NotEqual(options.CreateFeatures(CPU).Description, (options with { SampleRate = null }).CreateFeatures(CPU).Description);
        Assert.Single((options with { SampleRate = 100 }).Problems());
    }
}
