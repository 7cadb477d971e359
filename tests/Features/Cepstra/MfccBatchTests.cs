using DeviceId.Audio;
using DeviceId.Features;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class MfccBatchTests
{
    /// <summary>Two sampling rates, and lengths from no frame to several blocks, not multiples of the hop.</summary>
    private static AudioClip[] Clips()
    {
        var speech = GoldenFeatures.Clip("spA_32k");
        var names = new[] { "noise_32k", "odd_32k", "spA_16k", "noise_16k", "halfsil_32k", "silence_32k", "sine_32k" };
        return [speech, .. names.Select(GoldenFeatures.Clip), Beginning(speech, 100), Beginning(speech, 960), Beginning(speech, 5000),
            speech with { Samples = [.. Enumerable.Repeat(speech.Samples, 5).SelectMany(s => s)] }, Beginning(speech, 30001)];
    }

    private static AudioClip Beginning(AudioClip clip, int samples) => clip with { Samples = clip.Samples[..samples] };

    /// <summary>
    /// The results are bit-identical: all blocks have the same shape and all tables the same alignment, so that every operation sums each
    /// row in the same order. If this fails on another processor, the results are still correct up to rounding (1e-15 and 1e-6), but the
    /// comments of Mfcc must be restricted to the processors where it holds.
    /// </summary>
    [Theory]
    [InlineData(1, ScalarType.Float32)]
    [InlineData(2, ScalarType.Float32)]
    [InlineData(3, ScalarType.Float32)]
    [InlineData(1, ScalarType.Float64)]
    [InlineData(2, ScalarType.Float64)]
    [InlineData(3, ScalarType.Float64)]
    [Trait("Speed", "Slow")]
    public void TheFeaturesOfARecordingAreBitIdenticalAloneAndInAnyBatch(int threads, ScalarType type)
    {
        using var threadLimit = new TorchThreads(threads);
        var clips = Clips();
        foreach (var options in new[] { MfccOptions.AsWritten, MfccOptions.Melcepst, MfccOptions.AsWritten with { HopFraction = 0.3 } })
        {
            using var scope = NewDisposeScope();
            var mfcc = new Mfcc(options, CPU, type);
            var alone = clips.Select(clip => GoldenFeatures.Values(mfcc.Extract(clip))).ToArray();
            Assert.Single(alone, values => values.Length == 0);
            foreach (var rotation in new[] { 0, 4, 9 })
            {
                var order = Enumerable.Range(0, clips.Length).Select(i => (5 * i + rotation) % clips.Length).ToArray();
                Assert.Equal(clips.Length, order.Distinct().Count());
                var together = mfcc.Extract([.. order.Select(i => clips[i])]);
                for (var i = 0; i < order.Length; i++)
                    Assert.Equal(alone[order[i]], GoldenFeatures.Values(together[i]));
            }
        }
    }

    /// <summary>The floor depends on the recording: a loud clip in the batch must not raise the floor of a quiet one.</summary>
    [Fact]
    public void ALoudClipDoesNotRaiseTheFloorOfAnother()
    {
        var half = GoldenFeatures.Clip("halfsil_32k");
        var quiet = half with { Samples = [.. half.Samples.Select(s => s / 1024)] };
        using var scope = NewDisposeScope();
        var mfcc = new Mfcc(MfccOptions.AsWritten with { Deltas = false }, CPU, ScalarType.Float64);
        var difference = mfcc.Extract([half, quiet])[1] - mfcc.Extract(half);

        // A gain of 1/1024 lowers every log filter output, floored or not, by ln 1024: c0 by sqrt(31) ln 1024, the others not at all.
        var expected = zeros_like(difference);
        expected[.., 0] = -Math.Log(1024) * Math.Sqrt(31);
        Assert.True(allclose(expected, difference, rtol: 0, atol: 1e-9));
    }

    [Fact]
    public void AnEmptyBatchGivesNoMatrices() => Assert.Empty(new Mfcc(MfccOptions.AsWritten, CPU).Extract([]));

    [Fact]
    public void RepeatedExtractionLeavesNoTensorBehind()
    {
        var clips = Clips();
        var mfcc = new Mfcc(MfccOptions.AsWritten with { Cmvn = true }, CPU);
        var live = LiveTensors.CountSettled();
        for (var i = 0; i < 5; i++)
        {
            foreach (var matrix in mfcc.Extract(clips))
                matrix.Dispose();
            Assert.Equal(live, Tensor.TotalCount);
        }
    }

    [Fact]
    public void ResultsBelongToTheCallersScope()
    {
        var mfcc = new Mfcc(MfccOptions.AsWritten, CPU);
        Tensor matrix;
        using (NewDisposeScope())
        {
            matrix = mfcc.Extract(GoldenFeatures.Clip("spA_16k"));
            Assert.False(matrix.IsInvalid);
        }

        Assert.True(matrix.IsInvalid);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task MemoryGrowsWithTheFeaturesNotWithTheSpectra()
    {
        var (exitCode, output) = await ChildTest.RunAsync(typeof(MfccMemoryProcess), nameof(MfccMemoryProcess.TwentyMinutesAreExtracted));
        Assert.True(exitCode == 0 && output.Contains(MfccMemoryProcess.Done, StringComparison.Ordinal), output);
    }
}
