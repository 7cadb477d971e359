using DeviceId.Audio;
using DeviceId.Data;
using DeviceId.Features;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class FeaturesAtRateTests
{
    [Fact]
    public void TheSameSoundAtTwoRatesHasSimilarFeaturesAfterResampling()
    {
        using var scope = NewDisposeScope();
        // A chord within the lower rate's pass band.
        AudioClip ChordAt(int rate) => new([.. Enumerable.Range(0, rate)
            .Select(i => (float)(new[] { 300.0, 1100, 2500 }.Sum(f => 0.2 * Math.Sin(2 * Math.PI * f * i / rate))))], rate);
        var options = new FrontEndOptions
        {
            SampleRate = 16_000,
            Features = [MfccOptions.AsWritten with { Deltas = false, HighHertz = 6000 }],
        };
        var features = options.CreateFeatures(CPU);
        Assert.Contains("brought to 16000 Hz", features.Description, StringComparison.Ordinal);
        var (low, high) = (features.Extract([ChordAt(16_000)])[0], features.Extract([ChordAt(44_100)])[0]);
        Assert.Equal(low.shape, high.shape);
        // Without the ends, where the resampler's filter extends beyond the clip. Between the tones there is only resampling noise at -80
        // dB, which affects the logarithms.
        var difference = (low - high).narrow(0, 5, low.shape[0] - 10).narrow(1, 0, 2).abs().max().item<float>();
        Assert.InRange(difference, 0, 2);
        Assert.NotEqual(options.CreateFeatures(CPU).Description, (options with { SampleRate = null }).CreateFeatures(CPU).Description);
        Assert.Single((options with { SampleRate = 100 }).Problems());
    }
}
