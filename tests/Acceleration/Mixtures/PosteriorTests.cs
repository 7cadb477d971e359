using System.Runtime.InteropServices;
using DeviceId.Acceleration.Mixtures;
using DeviceId.Mixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration.Mixtures;

/// <summary>Posteriors of frames that are far from all components but one.</summary>
[Collection(TensorCollection.Name)]
public sealed class PosteriorTests
{
    [Fact]
    public void NoPosteriorIsDenormalWhichMadeTheEStepFourTimesSlowerOnIntel()
    {
        using var scope = NewDisposeScope();
        var (kernel, values) = CreateKernel(40);
        var statistics = kernel.Statistics(moments: 2);
        kernel.Accumulate(values, statistics);
        foreach (var posterior in statistics.Posteriors.Span)
            Assert.True(float.IsNormal(posterior), $"{posterior}");
    }

    [Fact]
    public void StatisticsAreBitIdenticalHoweverFramesAreSplit()
    {
        using var scope = NewDisposeScope();
        var (kernel, values) = CreateKernel(20);
        var (whole, split) = (kernel.Statistics(moments: 2), kernel.Statistics(moments: 2));
        kernel.Accumulate(values, whole);
        kernel.Accumulate(values.AsSpan(0, 7 * 20), split);
        kernel.Accumulate(values.AsSpan(7 * 20), split);
        Assert.Equal(whole.LogLikelihood, split.LogLikelihood);
        Assert.Equal(whole.Sums.Span.ToArray(), split.Sums.Span.ToArray());
    }

    // 64 components about a dozen standard deviations apart, and a whole number of blocks of frames around them.
    private static (FrameKernel Kernel, float[] Values) CreateKernel(int dimension)
    {
        const int Components = 64, Frames = 20 * FrameKernel.BlockFrames;
        random.manual_seed(4);
        var means = randn(Components, dimension, ScalarType.Float64) * 3;
        var weights = full(Components, 1.0 / Components, ScalarType.Float64);
        var model = new DiagonalGmm(weights, means, ones(Components, dimension, ScalarType.Float64));
        var centres = means.index_select(0, randint(0, Components, Frames, ScalarType.Int64));
        var frames = centres.to(ScalarType.Float32) + randn(Frames, dimension);
        return (FrameKernel.For(ScoringTables.For(model).Operands()), MemoryMarshal.Cast<byte, float>(frames.contiguous().bytes).ToArray());
    }
}
