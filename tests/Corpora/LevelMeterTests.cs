using DeviceId.Audio;
using DeviceId.Corpora;

namespace DeviceId.Tests.Corpora;

/// <summary>Levels of recordings that arrive in blocks.</summary>
public sealed class LevelMeterTests
{
    private const int Rate = 16_000;

    [Theory]
    [InlineData(0.3f)]
    [InlineData(0.9f)]
    [InlineData(3f)]
    public void LevelsDoNotDependOnTheDivisionIntoBlocks(float gain)
    {
        var samples = Clipped(1, 30_123, gain);
        var whole = RecordingLevels.Measure(new AudioClip(samples, Rate));
        foreach (var size in new[] { 1, 7, 319, 320, 4096 })
        {
            var meter = new LevelMeter(Rate);
            foreach (var block in samples.Chunk(size))
                meter.Add(block);
            Assert.Equal(whole, meter.Finish());
        }
    }

    [Fact]
    public void LevelsAreThoseOfTheirDefinition()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var samples = Clipped(seed, 10_000, 0.1f * (seed + 1));
            var levels = RecordingLevels.Measure(new AudioClip(samples, Rate));
            var peak = samples.Max(Math.Abs);
            Assert.Equal(20 * Math.Log10(peak), levels.PeakDecibels);
            Assert.Equal(10 * Math.Log10(samples.Average(s => (double)s * s)), levels.RmsDecibels);
            Assert.Equal(CountClipped(samples, peak) / 10_000.0, levels.ClippedFraction);
        }
    }

    [Fact]
    public void SamplesNearAnEarlierPeakAreNotClippedOnceThePeakRises()
    {
        const float Step = 1 / 32768f;
        float[] Square(float peak, int length) => [.. Enumerable.Repeat(peak, length)];
        double Fraction(params float[][] parts) =>
            RecordingLevels.Measure(new AudioClip([.. parts.SelectMany(p => p)], Rate)).ClippedFraction;
        Assert.Equal(1, Fraction(Square(0.5f, 100)));
        Assert.Equal(1, Fraction(Square(0.5f, 100), Square(0.5f + Step, 1)));
        Assert.Equal(0, Fraction(Square(0.5f, 99), Square(0.5f + (4 * Step), 1)));
        Assert.Equal(0.5, Fraction(Square(0.5f, 50), Square(-0.5f - (4 * Step), 50)));
    }

    /// <summary>The definition: runs of three or more samples of one sign within two 16-bit steps of the peak.</summary>
    private static int CountClipped(float[] samples, float peak)
    {
        var (clipped, run) = (0, 0);
        for (var i = 0; i <= samples.Length; i++)
        {
            var near = i < samples.Length && Math.Abs(samples[i]) >= peak - (2 / 32768f);
            if (near && run > 0 && Math.Sign(samples[i]) == Math.Sign(samples[i - 1]))
            {
                run++;
                continue;
            }

            clipped += run >= 3 ? run : 0;
            run = near ? 1 : 0;
        }

        return clipped;
    }

    private static float[] Clipped(int seed, int count, float gain)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
            Math.Clamp((float)Math.Round(32768 * gain * (Math.Sin(0.05 * i) + (0.1 * random.NextDouble()))) / 32768f, -1, 1))];
    }
}
