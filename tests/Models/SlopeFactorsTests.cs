using DeviceId.Foundation.Simd;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Tests.Models;

[Collection(TensorCollection.Name)]
public sealed class SlopeFactorsTests
{
    [Fact]
    public void WhileSomebodyCollectsALayerLeavesFactorsWhoseProductIsItsWeightsGradient()
    {
        using var scope = NewDisposeScope();
        using var layer = new Dense(70, 37) { InPanels = true };
        var (x, slope) = (randn(64, 70, requires_grad: true), randn(64, 37));
        layer.call(x).backward([slope]);
        var (weight, bias) = (layer.parameters().First(), layer.parameters().Last());
        var (byWeight, byBias, byInput) = (weight.grad!.clone(), bias.grad!.clone(), x.grad!.clone());
        weight.grad = bias.grad = x.grad = null;

        using var factors = SlopeFactors.Collect();
        layer.call(x).backward([slope]);
        Assert.Null(weight.grad);
        Assert.True(bias.grad!.Equals(byBias) && x.grad!.Equals(byInput));
        var (left, right) = factors.Of(weight)!.Value;
        Assert.True(MatrixProduct.Of(left, right).Equals(byWeight));
        Assert.Null(factors.Of(bias));
    }

    [Fact]
    public void OneWayBackLeavesFactorsAndTheNextOneAGradient()
    {
        using var scope = NewDisposeScope();
        using var layer = new Dense(20, 5) { InPanels = true };
        var weight = layer.parameters().First();
        using var factors = SlopeFactors.Collect();
        layer.call(ones(32, 20)).sum().backward();
        layer.call(ones(32, 20)).sum().backward();
        Assert.NotNull(factors.Of(weight));
        // 32 samples of ones.
        Assert.True(weight.grad!.Equals(full(5, 20, 32)));
    }

    [Fact]
    public void MoreSamplesThanAProductThatIsNotKeptTakesBecomeAGradient()
    {
        using var scope = NewDisposeScope();
        using var layer = new Dense(20, 5) { InPanels = true };
        using var factors = SlopeFactors.Collect();
        layer.call(ones(PassingProduct.MostSteps + 1, 20)).sum().backward();
        Assert.Null(factors.Of(layer.parameters().First()));
        Assert.NotNull(layer.parameters().First().grad);
    }

    [Fact]
    public void AWeightOnAnotherDeviceOrInPiecesHasNone()
    {
        using var scope = NewDisposeScope();
        using var factors = SlopeFactors.Collect();
        // A tensor without memory stands for one on a GPU: its numbers cannot be read here either.
        Assert.Null(factors.Of(ones(2, 3, device: META)));
        Assert.Null(factors.Of(ones(3, 2).t()));
    }

    [Fact]
    public void NobodyElsesWorkIsCollected()
    {
        using var scope = NewDisposeScope();
        using var layer = new Dense(20, 5) { InPanels = true };
        var weight = layer.parameters().First();
        using var outer = SlopeFactors.Collect();
        using (var inner = SlopeFactors.Collect())
        {
            layer.call(ones(32, 20)).sum().backward();
            Assert.NotNull(inner.Of(weight));
        }

        Assert.Null(outer.Of(weight));
        var thread = new Thread(() => layer.call(ones(32, 20)).sum().backward());
        thread.Start();
        thread.Join();
        Assert.Null(outer.Of(weight));
        Assert.NotNull(weight.grad);
    }
}
