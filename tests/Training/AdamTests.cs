using System.Runtime.InteropServices;
using DeviceId.Acceleration.Layers;
using DeviceId.Acceleration.Optimiser;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Tests.Acceleration;
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
    public void StepsAgreeWithLibtorchs()
    {
        using var scope = NewDisposeScope();
        using var ours = Pstnn.Create(TinyNetwork.Options with { Dropout = 0 }, TinyNetwork.Shape, 1);
        using var theirs = Pstnn.Create(TinyNetwork.Options with { Dropout = 0 }, TinyNetwork.Shape, 1);
        ours.to(float64);
        theirs.to(float64);
        using var adam = new Adam(ours.parameters());
        using var reference = optim.Adam(theirs.parameters(), lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8);
        var (supervectors, segments, labels) = TinyNetwork.Batch(6, float64);
        for (var step = 0; step < 10; step++)
        {
            TakeStep(adam, Loss(ours), 0.01);
            reference.zero_grad();
            Loss(theirs).backward();
            reference.step();
        }

        // The same formula in another order of operations: double rounding, amplified by sqrt(v) where gradients are tiny, and by ten
        // steps.
        Assert.All(
            ours.parameters().Zip(theirs.parameters()), pair => Assert.True(pair.First.allclose(pair.Second, rtol: 1e-7, atol: 1e-9)));
        Assert.Equal(10, adam.Steps);

        Tensor Loss(Pstnn network)
        {
            var output = network.call(supervectors, segments);
            return new DeepAndShallowLoss(DeepAndShallowLossOptions.Paper).Compute(output, labels);
        }
    }

    [Fact]
    public void TheFirstStepMovesByTheLearningRateAgainstTheGradient()
    {
        using var scope = NewDisposeScope();
        var start = tensor(new[] { 1.0, -2.0, 3.0 });
        using var parameter = new TorchSharp.Modules.Parameter(start.clone());
        using var adam = new Adam([parameter]);
        TakeStep(adam, (parameter * tensor(new[] { 2.0, -0.5, 1e-3 })).sum(), 0.1);
        // m / (1 - 0.9) = g and v / (1 - 0.999) = g g: the step is the sign of the gradient, except for the 1e-8 added to sqrt(v).
        Assert.True(parameter.allclose(start - tensor(new[] { 0.1, -0.1, 0.1 }), rtol: 0, atol: 2e-6));
    }

    /// <summary>Gradients divided by their norm give the same first step, as Adam is scale-invariant; only its moments differ.</summary>
    [Fact]
    public void EveryParameterHasAGradientSoThatNormsCanBeTakenAndClipped()
    {
        using var scope = NewDisposeScope();
        // Wide enough for every kernel.
        var (options, shape) = (TinyNetwork.Options with { Embedding = 64 }, TinyNetwork.Shape with { Components = 32 });
        using var network = Pstnn.Create(options, shape, 1);
        using var adam = new Adam(network.parameters());
        var (supervectors, segments, labels) = TinyNetwork.Batch(shape, 40);
        adam.ZeroGradients();
        new DeepAndShallowLoss(DeepAndShallowLossOptions.Paper).Compute(network.call(supervectors, segments), labels).backward();
        Assert.All(network.named_parameters(), p => Assert.True(
            p.parameter.grad is { } gradient && gradient.isfinite().all().item<bool>() && gradient.any().item<bool>(), p.name));
        var norm = Math.Sqrt(network.parameters().Sum(p => p.grad!.to(float64).square().sum().item<double>()));
        var limit = norm / 3;
        // Single precision: a sum of some hundred thousand squares.
        Assert.Equal(norm, nn.utils.clip_grad_norm_(network.parameters(), limit), norm * 1e-4);
        Assert.Equal(limit, Math.Sqrt(network.parameters().Sum(p => p.grad!.to(float64).square().sum().item<double>())), limit * 1e-4);
        adam.Step(1e-3);
        Assert.Equal(0.1 * limit, Math.Sqrt(adam.FirstMoments.Sum(m => m.to(float64).square().sum().item<double>())), limit * 1e-4);
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

    [Fact]
    public void AFrozenWeightStaysAndAWeightOnAnotherDeviceIsSteppedInTensors()
    {
        using var scope = NewDisposeScope();
        using var layer = new AcceleratedLinear(20, 5, CPU);
        var weight = layer.parameters().First();
        var before = weight.detach().clone();
        weight.requires_grad = false;
        using var adam = new Adam(layer.parameters());
        TakeStep(adam, layer.call(randn(64, 20)).square().sum(), 0.01);
        Assert.True(weight.Equals(before));
        Assert.NotNull(layer.parameters().Last().grad);
        // A tensor without memory stands for one on a GPU: code that reads its values on the CPU fails.
        using var elsewhere = new TorchSharp.Modules.Parameter(ones(3, 4, device: META));
        using var other = new Adam([elsewhere]);
        TakeStep(other, (elsewhere * 2).sum(), 0.01);
        Assert.Equal(1, other.Steps);
    }

    [Fact]
    public void AStepLeavesNoTensorBehind()
    {
        using var layer = new AcceleratedLinear(20, 5, CPU);
        using var adam = new Adam(layer.parameters());
        void Once()
        {
            using var scope = NewDisposeScope();
            TakeStep(adam, layer.call(randn(32, 20)).square().sum(), 0.01);
        }

        Once();
        var before = LiveTensors.CountSettled();
        for (var i = 0; i < 5; i++)
            Once();
        Assert.Equal(before, LiveTensors.CountSettled());
    }

    [Fact]
    public void TheKernelTakesTheSameStepAsTensorOperations()
    {
        using var scope = NewDisposeScope();
        SupportedWidths.Each(Check<Simd128>);

        static void Check<T>()
            where T : struct, ISimdVector<T>
        {
            // Longer than a block, and not a multiple of a SIMD register.
            const int Count = 70_003;
            var (p, g, m, v) = (randn(Count), randn(Count), randn(Count) * 0.1, rand(Count) * 0.01);
            g[5] = 0;
            v[5] = 0;
            var expected = new[] { p.clone(), g, m.clone(), v.clone() };
            var (rate, scale) = (1e-3 / (1 - Math.Pow(0.9, 3)), 1 / Math.Sqrt(1 - Math.Pow(0.999, 3)));
            Adam.StepInTensors(expected[0], g, expected[2], expected[3], rate, scale);
            AdamKernel.Pass<T>(GetSpan(p), GetSpan(g), GetSpan(m), GetSpan(v), new AdamKernel.Coefficients(0.9, 0.999, scale, 1e-8, rate));
            // A few rounding errors of values near 1.
            Assert.True(p.allclose(expected[0], rtol: 1e-6, atol: 1e-7) && m.allclose(expected[2], rtol: 1e-6, atol: 1e-8)
                && v.allclose(expected[3], rtol: 1e-6, atol: 1e-9));
        }

        static Span<float> GetSpan(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
    }

    [Fact]
    public void TheNumberOfThreadsDoesNotChangeABit()
    {
        using var scope = NewDisposeScope();
        byte[] Train(int count)
        {
            using var threads = new TorchThreads(count);
            random.manual_seed(1);
            using var parameter = new TorchSharp.Modules.Parameter(randn(300, 700));
            using var adam = new Adam([parameter]);
            TakeStep(adam, (parameter * randn(300, 700)).sum(), 0.1);
            return parameter.bytes.ToArray();
        }

        Assert.Equal(Train(1), Train(2));
    }

    private static void TakeStep(Adam adam, Tensor loss, double learningRate)
    {
        adam.ZeroGradients();
        loss.backward();
        adam.Step(learningRate);
    }
}
