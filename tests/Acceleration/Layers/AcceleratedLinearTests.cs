using DeviceId.Acceleration.Layers;
using DeviceId.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Tests.Acceleration.Layers;

[Collection(TensorCollection.Name)]
public sealed class AcceleratedLinearTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(125, false)]
    [InlineData(125, true)]
    public void ValuesAndGradientsAreThoseOfLibtorchsLayer(int samples, bool byGemm)
    {
        using var choice = new GemmChoice(byGemm);
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        using var ours = new AcceleratedLinear(70, 37, CPU);
        random.manual_seed(3);
        using var theirs = Linear(70, 37);
        Assert.Equal(theirs.named_parameters().Select(p => p.name), ours.named_parameters().Select(p => p.name));
        Assert.All(ours.parameters().Zip(theirs.parameters()), pair => Assert.True(pair.First.Equals(pair.Second)));
        var (x, y) = (randn(samples, 70, requires_grad: true), randn(samples, 70));
        y.copy_(x.detach()).requires_grad_();
        var gradOutput = randn(samples, 37);
        var (one, other) = (ours.call(x), theirs.call(y));
        // Twice: gradients add up.
        one.backward([gradOutput]);
        other.backward([gradOutput]);
        ours.call(x).backward([gradOutput]);
        theirs.call(y).backward([gradOutput]);
        // Sums of up to 125 products of unit normals in another order.
        Close(other, one);
        Close(y.grad!, x.grad!);
        Assert.All(ours.parameters().Zip(theirs.parameters()), pair => Close(pair.Second.grad!, pair.First.grad!));

        static void Close(Tensor expected, Tensor actual) => Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-4);
    }

    [Fact]
    public void AnInputWithoutGradientAndNoGradientAtAllAreServed()
    {
        using var scope = NewDisposeScope();
        using var layer = new AcceleratedLinear(20, 5, CPU);
        var x = randn(32, 20);
        layer.call(x).sum().backward();
        Assert.Null(x.grad);
        Assert.Equal(32, layer.parameters().Last().grad![0].item<float>());
        using var gradless = no_grad();
        foreach (var samples in new[] { 1, 7, 32 })
        {
            // Few samples are multiplied by code of our own.
            var part = x.narrow(0, 0, samples);
            var output = layer.call(part);
            Assert.False(output.requires_grad);
            var expected = functional.linear(part, layer.parameters().First(), layer.parameters().Last());
            Assert.InRange((expected - output).abs().max().item<float>(), 0, 1e-5);
        }
    }

    [Fact]
    public void WithoutADisposeScopeGradientsSurviveACollectionAndAreFreed()
    {
        using var choice = new GemmChoice(true);
        using var layer = new AcceleratedLinear(20, 5, CPU);
        void Once()
        {
            using var x = randn(32, 20);
            using var y = layer.call(x);
            using var loss = y.sum();
            loss.backward();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using var gradient = layer.parameters().First().grad!;
            Assert.InRange((gradient[0] - x.sum([0])).abs().max().item<float>(), 0, 1e-4);
            layer.parameters().First().grad = null;
        }

        Once();
        var before = LiveTensors.Settled();
        for (var i = 0; i < 5; i++)
            Once();
        Assert.Equal(before, LiveTensors.Settled());
    }

    [Fact]
    public void ForwardAndBackwardLeaveNoTensorBehind()
    {
        using var choice = new GemmChoice(true);
        using var layer = new AcceleratedLinear(20, 5, CPU);
        void Once()
        {
            using var scope = NewDisposeScope();
            layer.call(layer.call(randn(32, 20, requires_grad: true)).sum([1], keepdim: true).expand(32, 20).contiguous()).sum().backward();
        }

        Once();
        var before = LiveTensors.Settled();
        for (var i = 0; i < 5; i++)
            Once();
        Assert.Equal(before, LiveTensors.Settled());
    }
}
