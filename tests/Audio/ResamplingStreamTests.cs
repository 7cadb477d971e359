using System.Diagnostics;
using DeviceId.Audio;

namespace DeviceId.Tests.Audio;

/// <summary>Resampling in blocks.</summary>
public sealed class ResamplingStreamTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(44100, 16000)]
    [InlineData(48000, 16000)]
    [InlineData(16000, 44100)]
    [InlineData(44101, 16007)]
    [InlineData(8000, 96001)]
    [InlineData(96000, 100)]
    [InlineData(16000, 16000)]
    public void TheResultIsTheSameToTheLastBitForAnyDivisionIntoBlocks(int from, int to)
    {
        var random = new Random(1);
        foreach (var length in new[] { 1, 2, 150, 20_011 })
        {
            float[] samples = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
            var whole = Resampler.Resample(new AudioClip(samples, from), to).Samples;
            foreach (var maximum in new[] { 1, 7, 300, 5000 })
                Assert.Equal(whole, InBlocks(samples, from, to, () => random.Next(0, maximum + 1)));
        }
    }

    [Fact]
    public void NoSamplesGiveNoSamples() => Assert.Empty(InBlocks([], 44100, 16000, () => 1));

    [Theory]
    [InlineData(44100, 16000)]
    [InlineData(44101, 16007)]
    [InlineData(16000, 44100)]
    public void EachSampleIsTheSumOfItsDefinition(int from, int to)
    {
        var random = new Random(2);
        float[] samples = [.. Enumerable.Range(0, 2000).Select(_ => random.NextSingle() - 0.5f)];
        var result = Resampler.Resample(new AudioClip(samples, from), to).Samples;
        // Float32 weights and sums of some 200 products below 0.5: rounding errors of about 1e-7 (-134 dB).
        for (var i = 0; i < result.Length; i++)
            Assert.Equal(Definition(samples, from, to, i), result[i], 1e-6);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void ResamplingIsMuchFasterThanEvaluatingTheDefinition()
    {
        var clip = new AudioClip([.. Enumerable.Range(0, 60 * 44100).Select(i => (float)Math.Sin(0.1 * i))], 44100);
        float[] samples = clip.Samples[..400];
        Resampler.Resample(clip, 16000);
        _ = Definition(samples, 44100, 16000, 70);
        int[] outputs = [.. Enumerable.Range(60, 20)];
        // The time of an output sample; the shortest of five, in turn, so that other load affects both alike.
        var (fast, plain) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var round = 0; round < 5; round++)
        {
            fast = Math.Min(fast, Seconds(() => Resampler.Resample(clip, 16000)) / (60 * 16000));
            plain = Math.Min(plain, Seconds(() => Array.ConvertAll(outputs, i => Definition(samples, 44100, 16000, i))) / outputs.Length);
        }

        output.WriteLine($"44.1 to 16 kHz: {1 / (16000 * fast):0} x real time on one core, {plain / fast:0} x the definition's speed");
        // The definition computes the window's Bessel function for each product; a fifth of the ratio that was measured (1,200).
        Assert.InRange(plain / fast, 240, double.PositiveInfinity);
    }

    private static double Seconds(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }

    private static double Definition(float[] samples, int from, int to, int output)
    {
        var scale = Math.Min(1, to / (double)from) * 0.91;
        var position = output * (double)from / to;
        return samples.Select((sample, n) =>
        {
            var x = Math.Abs(n - position) * scale;
            return x >= 32 ? 0 : sample * scale * MathNet.Numerics.Trig.Sinc(x)
                * MathNet.Numerics.SpecialFunctions.BesselI0(9 * Math.Sqrt(1 - (x / 32 * (x / 32))))
                / MathNet.Numerics.SpecialFunctions.BesselI0(9);
        }).Sum();
    }

    private static float[] InBlocks(float[] samples, int from, int to, Func<int> size)
    {
        var stream = new ResamplingStream(from, to);
        var (result, block) = (new List<float>(), new SampleBuffer());
        void Take()
        {
            result.AddRange(block.Span);
            block.RemoveFirst(block.Count);
        }

        for (var first = 0; first < samples.Length;)
        {
            var count = Math.Min(size(), samples.Length - first);
            stream.Push(samples.AsSpan(first, count), block);
            Take();
            first += count;
        }

        stream.Finish(block);
        Take();
        return [.. result];
    }
}
