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
    public void ValuesAndGradientsAgreeWithLibtorchsLayer(int samples, bool usesGemm)
    {
        using var choice = new GemmChoice(usesGemm);
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        using var layer = new AcceleratedLinear(70, 37, CPU);
        random.manual_seed(3);
        using var reference = Linear(70, 37);
        Assert.Equal(reference.named_parameters().Select(p => p.name), layer.named_parameters().Select(p => p.name));
        Assert.All(layer.parameters().Zip(reference.parameters()), pair => Assert.True(pair.First.Equals(pair.Second)));
        var (x, y) = (randn(samples, 70, requires_grad: true), randn(samples, 70));
        y.copy_(x.detach()).requires_grad_();
        var gradOutput = randn(samples, 37);
        var (output, expected) = (layer.call(x), reference.call(y));
        // Twice, because gradients accumulate.
        output.backward([gradOutput]);
        expected.backward([gradOutput]);
        layer.call(x).backward([gradOutput]);
        reference.call(y).backward([gradOutput]);
        // Sums of up to 125 products of standard normal values, in a different order.
        Close(expected, output);
        Close(y.grad!, x.grad!);
        Assert.All(layer.parameters().Zip(reference.parameters()), pair => Close(pair.Second.grad!, pair.First.grad!));

        static void Close(Tensor expected, Tensor actual) => Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-4);
    }

    [Fact]
    public void AnInputWithoutGradientAndNoGradModeAreSupported()
    {
        using var scope = NewDisposeScope();
        using var layer = new AcceleratedLinear(20, 5, CPU);
        var x = randn(32, 20);
        layer.call(x).sum().backward();
        Assert.Null(x.grad);
        Assert.Equal(32, layer.parameters().Last().grad![0].item<float>());
        using var noGradients = no_grad();
        foreach (var samples in new[] { 1, 7, 32 })
        {
            // Small batches use SmallBatchGemm.
            var few = x.narrow(0, 0, samples);
            var output = layer.call(few);
            Assert.False(output.requires_grad);
            var expected = functional.linear(few, layer.parameters().First(), layer.parameters().Last());
            Assert.InRange((expected - output).abs().max().item<float>(), 0, 1e-5);
        }
    }

    [Fact]
    public void WithoutADisposeScopeGradientsSurviveAGarbageCollectionAndAreFreed()
    {
        using var choice = new GemmChoice(true);
        using var layer = new AcceleratedLinear(20, 5, CPU);
        void Step()
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

        Step();
        var before = LiveTensors.CountSettled();
        for (var i = 0; i < 5; i++)
            Step();
        Assert.Equal(before, LiveTensors.CountSettled());
    }

    [Fact]
    public void ForwardAndBackwardLeakNoTensor()
    {
        using var choice = new GemmChoice(true);
        using var layer = new AcceleratedLinear(20, 5, CPU);
        void Step()
        {
            using var scope = NewDisposeScope();
            var hidden = layer.call(randn(32, 20, requires_grad: true)).sum([1], keepdim: true).expand(32, 20).contiguous();
            layer.call(hidden).sum().backward();
        }

        Step();
        var before = LiveTensors.CountSettled();
        for (var i = 0; i < 5; i++)
            Step();
        Assert.Equal(before, LiveTensors.CountSettled());
    }
}
