using DeviceId.Acceleration.Layers;
using DeviceId.Acceleration.Simd;
using DeviceId.Models;
using TorchSharp;
using TorchSharp.Modules;
using static DeviceId.Tests.TensorGap;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Tests.Acceleration.Layers;

[Collection(TensorCollection.Name)]
public sealed class NormalisedReluTests
{
    /// <summary>libtorch's operations in double precision are the truth. Units: one register of the widest, several pieces of work with a rest; samples: the fewest there can be, more.</summary>
    [Theory]
    [InlineData(2, 16, false)]
    [InlineData(31, 80, true)]
    [InlineData(128, 208, false)]
    public void ValuesSlopesAndRunningMomentsAgreeWithLibtorchForEveryWidth(int samples, int units, bool masked)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(units);
        var (input, slope) = (randn(samples, units) * 2 + 0.3, randn(samples, units));
        var mask = masked ? (rand(samples, units) > 0.4).to(ScalarType.Float32) / 0.6 : null;
        // A unit that never answers: its variance is nothing.
        input.select(1, 3).fill_(-1);
        var (ours, exact) = (Norm(units), Norm(units));
        exact.load_state_dict(ours.state_dict());
        exact.to(ScalarType.Float64);
        var x = input.to(ScalarType.Float64).requires_grad_();
        var expected = exact.call(x.relu()) * (mask?.to(ScalarType.Float64) ?? ones(1, ScalarType.Float64));
        expected.backward([slope.to(ScalarType.Float64)]);
        var before = ours.state_dict().ToDictionary(p => p.Key, p => p.Value.clone());
        Check<Lanes512>();
        Check<Lanes256>();
        Check<Lanes128>();

        void Check<T>()
            where T : struct, ILanes<T>
        {
            if (!T.IsSupported)
                return;
            using var gradient = no_grad();
            ours.load_state_dict(before);
            // Some roundings of numbers up to 10.
            Assert.InRange(Gap(expected, NormalisedRelu.Forward<T>(input, ours, mask, out var moments)), 0, 1e-5);
            Assert.InRange(Gap(exact.running_mean!, ours.running_mean!), 0, 1e-6);
            Assert.InRange(Gap(exact.running_var!, ours.running_var!), 0, 1e-5);
            var slopes = NormalisedRelu.Backward<T>(input, ours.weight!, mask, moments, slope);
            foreach (var (truth, single) in new[] { x.grad!, exact.weight!.grad!, exact.bias!.grad! }.Zip(slopes))
                // Relative to the largest: those of a unit that never answers are multiplied by 300.
                Assert.InRange(Gap(truth, single) / Math.Max(1, truth.abs().max().item<double>()), 0, 1e-5);
        }
    }

    /// <summary>Widths that fill no register, networks at rest, no gradients: libtorch's way, and the same numbers.</summary>
    [Fact]
    public void InTheGraphOfGradientsItIsTheChainOfThreeLayersWhateverTheShapeAndMode()
    {
        using var scope = NewDisposeScope();
        foreach (var (samples, units) in new[] { (40, 64), (40, 17) })
        {
            var (ours, theirs) = (Norm(units), Norm(units));
            theirs.load_state_dict(ours.state_dict());
            var dropout = new RandomDropout(0.25);
            foreach (var training in new[] { true, false, true })
            {
                Assert.All(new Module[] { ours, theirs, dropout }, m => m.train(training));
                var (x, slope) = (randn(samples, units), randn(samples, units));
                var (left, right) = (x.clone().requires_grad_(), x.clone().requires_grad_());
                random.manual_seed(5);
                var output = NormalisedRelu.Of(left, ours, dropout);
                random.manual_seed(5);
                var expected = dropout.call(theirs.call(right.relu()));
                ours.zero_grad();
                theirs.zero_grad();
                output.backward([slope]);
                expected.backward([slope]);
                Assert.InRange(Gap(expected, output), 0, 1e-5);
                Assert.InRange(Gap(right.grad!, left.grad!), 0, 1e-5);
                Assert.All(ours.parameters().Zip(theirs.parameters()), pair => Assert.InRange(Gap(pair.Second.grad!, pair.First.grad!), 0, 1e-4));
            }

            // Two batches of training, the one between left no trace.
            Assert.All(ours.state_dict().Zip(theirs.state_dict()), pair => Assert.InRange(Gap(pair.Second.Value, pair.First.Value), 0, 1e-6));
            Assert.Equal(2, ours.num_batches_tracked!.item<long>());
            using (no_grad())
                Assert.False(NormalisedRelu.Of(randn(samples, units), ours, dropout).requires_grad);
        }
    }

    [Fact]
    public void NoBitDependsOnTheNumberOfThreads()
    {
        using var scope = NewDisposeScope();
        var (norm, x) = (Norm(208), randn(50, 208));
        Assert.All(Slopes(1).Zip(Slopes(3)), pair => Assert.Equal(pair.First, pair.Second));

        List<float[]> Slopes(int count)
        {
            using var threads = new TorchThreads(count);
            var input = x.clone().requires_grad_();
            norm.zero_grad();
            var output = NormalisedRelu.Of(input, norm, null);
            output.square().sum().backward();
            return [.. new[] { output, input.grad!, norm.weight!.grad!, norm.bias!.grad! }.Select(t => t.data<float>().ToArray())];
        }
    }

    [Fact]
    public void NoTensorIsLeftBehind()
    {
        var (norm, dropout) = (Norm(32), new RandomDropout(0.5));
        void Once()
        {
            using var scope = NewDisposeScope();
            NormalisedRelu.Of(randn(8, 32).requires_grad_(), norm, dropout).sum().backward();
            norm.zero_grad();
        }

        // A second time replaces what the first has handed back to libtorch.
        Once();
        var before = LiveTensors.Settled();
        for (var i = 0; i < 5; i++)
            Once();
        Assert.Equal(before, Tensor.TotalCount);
    }

    private static BatchNorm1d Norm(int units)
    {
        var norm = BatchNorm1d(units);
        using var gradient = no_grad();
        norm.weight!.normal_();
        norm.bias!.normal_();
        return norm;
    }
}
