using DeviceId.Features;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class CmvnTests
{
    [Fact]
    public void ColumnsGetMeanZeroAndVarianceOne()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var normalised = Cmvn.Normalise(randn(200, 3) * tensor(new[] { 0.01f, 1, 300 }) + tensor(new[] { 5f, -40, 1000 }));
        Assert.Equal(ScalarType.Float32, normalised.dtype);
        var values = normalised.to(ScalarType.Float64);

        // Float32 represents each value to about 1e-7.
        Assert.True(values.mean([0]).abs().max().item<double>() < 1e-6);
        Assert.True((values.square().mean([0]) - 1).abs().max().item<double>() < 1e-6);
    }

    [Fact]
    public void ConstantColumnsAndSingleFramesBecomeZero()
    {
        using var scope = NewDisposeScope();
        Assert.All(GoldenFeatures.Values(Cmvn.Normalise(full(7, 2, -486.27f))), v => Assert.Equal(0, v, 1e-6));
        Assert.All(GoldenFeatures.Values(Cmvn.Normalise(randn(1, 4))), v => Assert.Equal(0, v));
    }
}
