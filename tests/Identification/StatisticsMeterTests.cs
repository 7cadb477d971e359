using DeviceId.Audio;
using DeviceId.Foundation;
using DeviceId.Identification;
using static TorchSharp.torch;

namespace DeviceId.Tests.Identification;

/// <summary>Statistics of recordings that arrive in blocks.</summary>
[Collection(TensorCollection.Name)]
public sealed class StatisticsMeterTests
{
    private const int Rate = 8000;

    [Fact]
    public void StatisticsDoNotDependOnTheDivisionIntoBlocks()
    {
        var samples = Noise(50_001);
        var whole = RecordingStatistics.Measure(new AudioClip(samples, Rate));
        foreach (var size in new[] { 50, 129, 10_000 })
            Assert.Equal(whole, Measure(samples, Rate, size));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(128)]
    [InlineData(50_001)]
    public void OfAShortRecordingEveryFrameIsUsed(int count)
    {
        ComputeDevice.Load();
        using var scope = NewDisposeScope();
        var samples = Noise(count);
        var padded = tensor((float[])[.. samples, .. new float[Math.Max(0, 128 - count)]]);
        var window = hann_window(128);
        var power = fft.rfft(padded.unfold(0, 128, 64) * window, dim: 1).abs().square().mul(2 / (128 * window.square().sum()));
        var measured = RecordingStatistics.Measure(new AudioClip(samples, Rate));
        Assert.Equal(RecordingStatistics.From(Rate, count / (double)Rate, measured.Levels, power), measured);
    }

    [Fact]
    public void OfALongRecordingSomeFramesAreEnough()
    {
        // 200 s are 25,000 frames, of which every second is kept.
        var samples = Noise(200 * Rate);
        var (whole, part) = (Measure(samples, Rate, 4000), RecordingStatistics.Measure(new AudioClip(samples[..(100 * Rate)], Rate)));
        Assert.Equal(200, whole.Seconds);
        Assert.Equal(part.BandHertz, whole.BandHertz, 0.02 * part.BandHertz);
        // The first percentile and the median of 12,500 frames each: their standard errors are below 0.1 dB.
        Assert.Equal(part.TrebleDrop, whole.TrebleDrop, 0.5);
    }

    [Fact]
    public void AtHighRatesFewerFramesAreKept() =>
        Assert.InRange(Measure(Noise(400_000), 384_000, 100_000).BandHertz, 150_000, 192_000);

    private static RecordingStatistics Measure(float[] samples, int rate, int size)
    {
        using var meter = new StatisticsMeter(rate);
        foreach (var block in samples.Chunk(size))
            meter.Add(block);
        return meter.Finish();
    }

    private static float[] Noise(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(i => 0.2f * (random.NextSingle() - 0.5f))];
    }
}
