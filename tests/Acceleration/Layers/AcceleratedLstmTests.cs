using DeviceId.Acceleration.Layers;
using DeviceId.Acceleration.Simd;
using DeviceId.Data;
using DeviceId.Models;
using TorchSharp;
using static DeviceId.Tests.TensorGap;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration.Layers;

[Collection(TensorCollection.Name)]
public sealed class AcceleratedLstmTests
{
    /// <summary>Samples: one, fewer than a micro-kernel, a slice and one more. Units: below a register, no multiple of one.</summary>
    public static TheoryData<int, int, int, int, bool> Shapes => new()
    {
        { 1, 1, 3, 2, false },
        { 5, 4, 7, 5, true },
        { 25, 3, 39, 39, true },
        { 70, 9, 78, 78, true },
        { 24, 6, 40, 33, false },
    };

    /// <summary>The reference is libtorch's layer in double precision: float32 sums of a hundred products stay within 1e-5 of it.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void OutputAndEveryGradientAgreeWithLibtorchForEveryWidth(int samples, int steps, int inputs, int units, bool both)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(samples);
        var layer = nn.LSTM(inputs, units, batchFirst: true, bidirectional: both);
        var parameters = layer.parameters().ToArray();
        var input = randn(samples, steps, inputs);
        var gradOutput = randn(samples, steps, (both ? 2 : 1) * units);
        var truth = nn.LSTM(inputs, units, batchFirst: true, bidirectional: both, dtype: ScalarType.Float64);
        using (no_grad())
        {
            foreach (var (exact, single) in truth.parameters().Zip(parameters))
                exact.copy_(single);
        }

        var exactInput = input.to(ScalarType.Float64).requires_grad_();
        var expected = truth.call(exactInput).Item1;
        expected.backward([gradOutput.to(ScalarType.Float64)]);
        Tensor[] expectedGradients = [exactInput.grad!, .. truth.parameters().Select(p => p.grad!)];
        SupportedWidths.Each(Check<Simd128>);

        void Check<T>()
            where T : struct, ISimdVector<T>
        {
            using var gradient = no_grad();
            var (output, activations) = LstmKernel.Forward<T>(input, parameters, savesActivations: true);
            Assert.InRange(Gap(expected, output), 0, 1e-5);
            var inference = LstmKernel.Forward<T>(input, parameters, savesActivations: false).Output;
            Assert.Equal(output.data<float>().ToArray(), inference.data<float>().ToArray());
            var gradients = LstmKernel.Backward<T>(input, parameters, activations, gradOutput, withInput: true);
            Assert.Equal(expectedGradients.Length, gradients.Count);
            foreach (var (exact, single) in expectedGradients.Zip(gradients))
                // Relative to the largest: gradients by weights are sums over all samples and steps.
                Assert.InRange(Gap(exact, single!) / Math.Max(1, exact.abs().max().item<double>()), 0, 1e-5);
            Assert.Null(LstmKernel.Backward<T>(input, parameters, activations, gradOutput, withInput: false)[0]);
        }
    }

    [Fact]
    public void NoBitDependsOnThreadsOrOnTheOtherSamples()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var layer = nn.LSTM(39, 39, batchFirst: true, bidirectional: true);
        var parameters = layer.parameters().ToArray();
        var (input, gradOutput) = (randn(60, 12, 39), randn(60, 12, 78));
        using var gradient = no_grad();
        var alone = Bits(1);
        foreach (var (mine, shared) in alone.Zip(Bits(4)))
            Assert.Equal(mine, shared);
        var single = LstmKernel.Forward(input.narrow(0, 59, 1), parameters, savesActivations: false).Output;
        Assert.Equal(alone[0][^(12 * 78)..], single.data<float>().ToArray());

        float[][] Bits(int count)
        {
            using var threads = new TorchThreads(count);
            var (output, activations) = LstmKernel.Forward(input, parameters, savesActivations: true);
            var gradients = LstmKernel.Backward(input, parameters, activations, gradOutput, withInput: true);
            return [output.data<float>().ToArray(), .. gradients.Select(s => s!.data<float>().ToArray())];
        }
    }

    [Fact]
    public void NaNIsNotHiddenAndSaturatedGatesAreExact()
    {
        using var scope = NewDisposeScope();
        using var layer = new AcceleratedLstm(2, 3, bidirectional: false, CPU);
        var input = full([2, 4, 2], 1e6f);
        input[1, 2, 0] = float.NaN;
        using var gradient = no_grad();
        var output = layer.Accelerated(input);
        Assert.InRange(Gap(layer.Reference(input)[0], output[0]), 0, 1e-6);
        Assert.True(output[1, 2].isnan().all().item<bool>());
        Assert.False(output[1, 1].isnan().any().item<bool>());
    }

    [Fact]
    public void ANetworkThatWasMadeWithinAScopeComputesAfterIt()
    {
        var shape = new SampleShape(Devices: 2, Components: 2, Frames: 4);
        Pstnn network;
        using (NewDisposeScope())
            network = Pstnn.Create(new PstnnOptions { Embedding = 16, LstmUnits = [3, 3] }, shape, 1);
        using (network)
        using (var output = network.call(randn(3, shape.SupervectorLength), randn(3, 4, shape.Coefficients)))
            Assert.Equal([3L, 2L], output.Deep.shape);
    }

    [Fact]
    public void TrainingLeavesNoTensorBehind()
    {
        using var layer = new AcceleratedLstm(5, 4, bidirectional: true, CPU);
        var input = randn(10, 6, 5);
        void Step()
        {
            using var scope = NewDisposeScope();
            layer.Accelerated(input).mean().backward();
        }

        Step();
        var steady = LiveTensors.Settled();
        for (var i = 0; i < 5; i++)
            Step();
        Assert.Equal(steady, LiveTensors.Settled());
    }

    [Fact]
    public void ParametersHaveTheNamesAndValuesOfLibtorchsLayerAndFollowToAnotherPrecision()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        using var ours = new AcceleratedLstm(4, 3, bidirectional: true, CPU);
        random.manual_seed(5);
        using var theirs = nn.LSTM(4, 3, batchFirst: true, bidirectional: true);
        Assert.Equal(theirs.named_parameters().Select(p => p.name), ours.named_parameters().Select(p => p.name));
        Assert.All(theirs.parameters().Zip(ours.parameters()), pair =>
            Assert.Equal(pair.First.data<float>().ToArray(), pair.Second.data<float>().ToArray()));
        ours.to(ScalarType.Float64);
        theirs.to(ScalarType.Float64);
        var input = randn([2, 5, 4], ScalarType.Float64);
        Assert.Equal(0, Gap(theirs.call(input).Item1, ours.call(input)));
        // What an optimiser does to the registered parameters is what the layer computes with.
        using (no_grad())
            foreach (var parameter in theirs.parameters().Concat(ours.parameters()))
                parameter.mul_(0.5);
        Assert.Equal(0, Gap(theirs.call(input).Item1, ours.call(input)));
    }
}
