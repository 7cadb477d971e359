using System.Runtime.InteropServices;
using DeviceId.Acceleration.Layers;
using DeviceId.Acceleration.Optimiser;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Tests.Models;
using DeviceId.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Training;

[Collection(TensorCollection.Name)]
public sealed class AdamTests : IDisposable
{
    private readonly SingleThread _thread = new();

    public void Dispose() => _thread.Dispose();

    [Fact]
    public void ItStepsAsTorchDoes()
    {
        using var scope = NewDisposeScope();
        using var ours = Pstnn.Create(TinyNetwork.Options with { Dropout = 0 }, 1);
        using var theirs = Pstnn.Create(TinyNetwork.Options with { Dropout = 0 }, 1);
        ours.to(float64);
        theirs.to(float64);
        using var adam = new Adam(ours.parameters());
        using var reference = optim.Adam(theirs.parameters(), lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8);
        var (supervectors, segments, labels) = TinyNetwork.Batch(ours.Options, 6, float64);
        for (var step = 0; step < 10; step++)
        {
            adam.Descend(Loss(ours), 0.01);
            reference.zero_grad();
            Loss(theirs).backward();
            reference.step();
        }

        // The same formula in another order: double rounding, made larger by sqrt(v) where gradients are tiny, and by ten steps.
        Assert.All(ours.parameters().Zip(theirs.parameters()), pair => Assert.True(pair.First.allclose(pair.Second, rtol: 1e-7, atol: 1e-9)));
        Assert.Equal(10, adam.Steps);

        Tensor Loss(Pstnn network)
        {
            var output = network.call(supervectors, segments);
            return new DeepAndShallowLoss(LossWeights.Paper).Of(output, labels);
        }
    }

    [Fact]
    public void TheFirstStepGoesByTheLearningRateAgainstTheGradient()
    {
        using var scope = NewDisposeScope();
        var start = tensor(new[] { 1.0, -2.0, 3.0 });
        using var parameter = new TorchSharp.Modules.Parameter(start.clone());
        using var adam = new Adam([parameter]);
        adam.Descend((parameter * tensor(new[] { 2.0, -0.5, 1e-3 })).sum(), 0.1);
        // m / (1 - 0.9) = g and v / (1 - 0.999) = g g: the step is the sign of the gradient, but for the 1e-8 beside sqrt(v).
        Assert.True(parameter.allclose(start - tensor(new[] { 0.1, -0.1, 0.1 }), rtol: 0, atol: 2e-6));
    }

    [Fact]
    public void AParameterWithoutAGradientStaysAsItIs()
    {
        using var scope = NewDisposeScope();
        using var parameter = new TorchSharp.Modules.Parameter(ones(3));
        using var adam = new Adam([parameter]);
        adam.Step(0.1);
        Assert.True(parameter.Equals(ones(3)));
    }

    [Theory]
    [InlineData(64, 1)]
    [InlineData(64, 2)]
    [InlineData(300, 1)]
    public void ASlopeThatIsNeverWrittenDownMovesWeightsAsOneThatIs(int samples, int times)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        // Square, so that the same layer can follow itself, and in tiles with a rest.
        using var ours = new Dense(70, 70) { InPanels = true };
        using var theirs = new Dense(70, 70) { InPanels = true };
        theirs.load_state_dict(ours.state_dict());
        var x = randn(samples, 70);
        using var one = new Adam(ours.parameters());
        using var other = new Adam(theirs.parameters());
        for (var step = 0; step < 3; step++)
        {
            one.Descend(Loss(ours), 0.01);
            foreach (var parameter in theirs.parameters())
                parameter.grad = null;
            Loss(theirs).backward();
            other.Step(0.01);
        }

        // Used once, not a bit differs; used twice, the two slopes are added in another order.
        var tolerance = times == 1 ? 0 : 1e-5;
        Assert.All(ours.parameters().Zip(theirs.parameters()), pair => Assert.InRange((pair.First - pair.Second).abs().max().item<float>(), 0, tolerance));
        Assert.All(one.SecondMoments.Zip(other.SecondMoments), pair => Assert.True(pair.First.allclose(pair.Second, rtol: times == 1 ? 0 : 1e-4, atol: times == 1 ? 0 : 1e-7)));

        Tensor Loss(Dense layer)
        {
            var values = x;
            for (var time = 0; time < times; time++)
                values = layer.call(values);
            return values.square().mean();
        }
    }

    [Fact]
    public void AFrozenWeightStaysAndAnotherDevicesIsSteppedInTensors()
    {
        using var scope = NewDisposeScope();
        using var layer = new Dense(20, 5) { InPanels = true };
        var weight = layer.parameters().First();
        var before = weight.detach().clone();
        weight.requires_grad = false;
        using var adam = new Adam(layer.parameters());
        adam.Descend(layer.call(randn(64, 20)).square().sum(), 0.01);
        Assert.True(weight.Equals(before));
        Assert.NotNull(layer.parameters().Last().grad);
        // A tensor without memory stands for one on a GPU: whatever reads numbers on this side of it fails.
        using var elsewhere = new TorchSharp.Modules.Parameter(ones(3, 4, device: META));
        using var other = new Adam([elsewhere]);
        other.Descend((elsewhere * 2).sum(), 0.01);
        Assert.Equal(1, other.Steps);
    }

    [Fact]
    public void AStepLeavesNoTensorBehind()
    {
        using var layer = new Dense(20, 5) { InPanels = true };
        using var adam = new Adam(layer.parameters());
        void Once()
        {
            using var scope = NewDisposeScope();
            adam.Descend(layer.call(randn(32, 20)).square().sum(), 0.01);
            KeptSlopes.LetGo();
        }

        Once();
        var before = LiveTensors.Settled();
        for (var i = 0; i < 5; i++)
            Once();
        Assert.Equal(before, LiveTensors.Settled());
    }

    [Fact]
    public void OnePassOverTheMemoryIsTheSameStepAsInTensors()
    {
        using var scope = NewDisposeScope();
        Check<Lanes512>();
        Check<Lanes256>();
        Check<Lanes128>();

        static void Check<T>()
            where T : struct, ILanes<T>
        {
            if (!T.IsSupported)
                return;
            // Longer than a block, and no multiple of a register.
            const int Count = 70_003;
            var (p, g, m, v) = (randn(Count), randn(Count), randn(Count) * 0.1, rand(Count) * 0.01);
            g[5] = 0;
            v[5] = 0;
            var expected = new[] { p.clone(), g, m.clone(), v.clone() };
            var (rate, scale) = (1e-3 / (1 - Math.Pow(0.9, 3)), 1 / Math.Sqrt(1 - Math.Pow(0.999, 3)));
            Adam.StepInTensors(expected[0], g, expected[2], expected[3], rate, scale);
            AdamKernel.Pass<T>(Floats(p), Floats(g), Floats(m), Floats(v), new AdamKernel.Factors(0.9, 0.999, scale, 1e-8, rate));
            // A few roundings of numbers of size 1.
            Assert.True(p.allclose(expected[0], rtol: 1e-6, atol: 1e-7) && m.allclose(expected[2], rtol: 1e-6, atol: 1e-8) && v.allclose(expected[3], rtol: 1e-6, atol: 1e-9));
        }

        static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
    }

    [Fact]
    public void ThreadsDoNotChangeABit()
    {
        using var scope = NewDisposeScope();
        byte[] Train(int count)
        {
            using var threads = new TorchThreads(count);
            random.manual_seed(1);
            using var parameter = new TorchSharp.Modules.Parameter(randn(300, 700));
            using var adam = new Adam([parameter]);
            adam.Descend((parameter * randn(300, 700)).sum(), 0.1);
            return parameter.bytes.ToArray();
        }

        Assert.Equal(Train(1), Train(2));
    }
}
