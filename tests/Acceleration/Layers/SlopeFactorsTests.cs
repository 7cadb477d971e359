using DeviceId.Acceleration.Layers;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration.Layers;

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

        using var factors = SlopeFactors.Collect(layer.parameters());
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
        using var factors = SlopeFactors.Collect(layer.parameters());
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
        using var factors = SlopeFactors.Collect(layer.parameters());
        layer.call(ones(PassingProduct.MostSteps + 1, 20)).sum().backward();
        Assert.Null(factors.Of(layer.parameters().First()));
        Assert.NotNull(layer.parameters().First().grad);
    }

    [Fact]
    public void AWeightOnAnotherDeviceOrInPiecesHasNone()
    {
        using var scope = NewDisposeScope();
        // A tensor without memory stands for one on a GPU: its numbers cannot be read here either.
        Tensor[] weights = [ones(2, 3, device: META, requires_grad: true), ones(3, 2).t().requires_grad_(), ones(2, 3, ScalarType.Float64, requires_grad: true)];
        using var factors = SlopeFactors.Collect(weights);
        Assert.All(weights, weight => Assert.Null(factors.Of(weight)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AFrozenWeightOrOneThatNobodyAskedForLeavesNone(bool frozen)
    {
        using var scope = NewDisposeScope();
        using var layer = new Dense(20, 5) { InPanels = true };
        var weight = layer.parameters().First();
        weight.requires_grad = !frozen;
        using var factors = SlopeFactors.Collect(frozen ? layer.parameters() : []);
        var x = ones(32, 20, requires_grad: true);
        layer.call(x).sum().backward();
        Assert.NotNull(x.grad);
        Assert.Null(factors.Of(weight));
        Assert.Equal(frozen, weight.grad is null);
    }

    [Fact]
    public void NobodyElsesWorkIsCollected()
    {
        using var scope = NewDisposeScope();
        using var layer = new Dense(20, 5) { InPanels = true };
        var weight = layer.parameters().First();
        using var outer = SlopeFactors.Collect(layer.parameters());
        using (var inner = SlopeFactors.Collect(layer.parameters()))
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
