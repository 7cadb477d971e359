using DeviceId.Audio;
using DeviceId.Features;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class MfccBatchTests
{
    /// <summary>Two rates, lengths from no frame over one frame to several blocks, none a multiple of the hop by design.</summary>
    private static AudioClip[] Clips()
    {
        var speech = GoldenFeatures.Clip("spA_32k");
        var names = new[] { "noise_32k", "odd_32k", "spA_16k", "noise_16k", "halfsil_32k", "silence_32k", "sine_32k" };
        return [speech, .. names.Select(GoldenFeatures.Clip), Part(speech, 100), Part(speech, 960), Part(speech, 5000),
            speech with { Samples = [.. Enumerable.Repeat(speech.Samples, 5).SelectMany(s => s)] }, Part(speech, 30001)];
    }

    private static AudioClip Part(AudioClip clip, int samples) => clip with { Samples = clip.Samples[..samples] };

    /// <summary>
    /// Bit-equal, not merely close: blocks have one shape and tables one alignment, so that each row of every operation is summed in the
    /// same order. Should another processor's library break this, the numbers are still right (rounding, 1e-15 and 1e-6); only the claim in
    /// Mfcc's comments would need that processor's name.
    /// </summary>
    [Theory]
    [InlineData(1, ScalarType.Float32)]
    [InlineData(2, ScalarType.Float32)]
    [InlineData(3, ScalarType.Float32)]
    [InlineData(1, ScalarType.Float64)]
    [InlineData(2, ScalarType.Float64)]
    [InlineData(3, ScalarType.Float64)]
    [Trait("Speed", "Slow")]
    public void ARecordingsNumbersAreTheSameBitsAloneAndInAnyBatch(int threads, ScalarType type)
    {
        using var held = new TorchThreads(threads);
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

    /// <summary>The floor belongs to the recording: a loud neighbour must not lift the floor of a quiet one.</summary>
    [Fact]
    public void ALoudNeighbourDoesNotLiftTheFloor()
    {
        var half = GoldenFeatures.Clip("halfsil_32k");
        var quiet = half with { Samples = [.. half.Samples.Select(s => s / 1024)] };
        using var scope = NewDisposeScope();
        var mfcc = new Mfcc(MfccOptions.AsWritten with { Deltas = false }, CPU, ScalarType.Float64);
        var difference = mfcc.Extract([half, quiet])[1] - mfcc.Extract(half);

        // A gain of 1/1024 moves each filter, floored or not, by ln 1024; so c0 by that times sqrt(31), the rest not at all.
        var expected = zeros_like(difference);
        expected[.., 0] = -Math.Log(1024) * Math.Sqrt(31);
        Assert.True(allclose(expected, difference, rtol: 0, atol: 1e-9));
    }

    [Fact]
    public void NoClipsGiveNoMatrices() => Assert.Empty(new Mfcc(MfccOptions.AsWritten, CPU).Extract([]));

    [Fact]
    public void RepeatedExtractionLeavesNoTensorBehind()
    {
        var clips = Clips();
        var mfcc = new Mfcc(MfccOptions.AsWritten with { Cmvn = true }, CPU);
        var steady = LiveTensors.Settled();
        for (var i = 0; i < 5; i++)
        {
            foreach (var matrix in mfcc.Extract(clips))
                matrix.Dispose();
            Assert.Equal(steady, Tensor.TotalCount);
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
