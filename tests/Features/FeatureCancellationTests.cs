using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class FeatureCancellationTests : IDisposable
{
    private const int SampleRate = 48_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cepstra")]
    [InlineData("log mel energies")]
    [InlineData("band energy differences")]
    [InlineData("wavelet packets")]
    [InlineData("cepstra of resampled recordings")]
    [Trait("Speed", "Slow")]
    public void CancellationIsNoticedWhileRecordingsAreComputed(string features)
    {
        var feature = Create(features);
        // Its constant tables are made for the first recording, and stay as long as the feature.
        foreach (var matrix in feature.Extract([new AudioClip(new float[SampleRate / 10], SampleRate)]))
            matrix.Dispose();
        var store = new FeatureStore(_folder.File("cache"), feature);
        // Five hours of audio, which no feature can process in 200 ms.
        var recordings = Enumerable.Repeat(Recording(seconds: 60), 300).ToList();
        Cancellation.IsNoticed(token => store.Load(recordings, cancellationToken: token));
        GC.KeepAlive(feature);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void CancellationIsNoticedWhileClipsAreComputed()
    {
        var store = new FeatureStore(_folder.File("cache"), Create("band energy differences"));
        var clips = Enumerable.Repeat(AudioFile.Read(Recording(seconds: 60).Path), 300).ToList();
        Cancellation.IsNoticed(token => store.Compute(clips, token));
    }

    private static IFrameFeatures Create(string features) => features switch
    {
        "cepstra" => new Mfcc(MfccOptions.AsWritten, CPU),
        "log mel energies" => new LogMelOptions().Create(CPU),
        "band energy differences" => new BandEnergyDifferenceOptions().Create(CPU),
        "wavelet packets" => WaveletOptions.Packets.Create(CPU),
        _ => new FeaturesAtRate(new Mfcc(MfccOptions.AsWritten, CPU), 16_000),
    };

    private Recording Recording(int seconds)
    {
        var random = new SplitMix64(1);
        var path = _folder.File("noise.wav");
        float[] samples = [.. Enumerable.Range(0, seconds * SampleRate).Select(_ => (float)random.Uniform(-0.5, 0.5))];
        WaveFile.Write(path, new AudioClip(samples, SampleRate));
        return new Recording(path, "a", "1", ContentHash.HashFile(path), SampleRate, seconds);
    }
}
