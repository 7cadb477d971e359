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
    /// <summary>Samples: one, less than a micro-kernel, a slice and one more. Units: less than a register, not a multiple of one.</summary>
    public static TheoryData<int, int, int, int, bool> Shapes => new()
    {
        { 1, 1, 3, 2, false },
        { 5, 4, 7, 5, true },
        { 25, 3, 39, 39, true },
        { 70, 9, 78, 78, true },
        { 24, 6, 40, 33, false },
    };

    /// <summary>The reference is libtorch's layer in double precision; float32 sums of a hundred products stay within 1e-5 of it.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void OutputAndEveryGradientAgreeWithLibtorchForEveryWidth(int samples, int steps, int inputs, int units, bool bidirectional)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(samples);
        var layer = nn.LSTM(inputs, units, batchFirst: true, bidirectional: bidirectional);
        var parameters = layer.parameters().ToArray();
        var input = randn(samples, steps, inputs);
        var gradOutput = randn(samples, steps, (bidirectional ? 2 : 1) * units);
        var reference = nn.LSTM(inputs, units, batchFirst: true, bidirectional: bidirectional, dtype: ScalarType.Float64);
        using (no_grad())
        {
            foreach (var (exact, single) in reference.parameters().Zip(parameters))
                exact.copy_(single);
        }

        var exactInput = input.to(ScalarType.Float64).requires_grad_();
        var expected = reference.call(exactInput).Item1;
        expected.backward([gradOutput.to(ScalarType.Float64)]);
        Tensor[] expectedGradients = [exactInput.grad!, .. reference.parameters().Select(p => p.grad!)];
        SupportedWidths.Each(Check<Simd128>);

        void Check<T>()
            where T : struct, ISimdVector<T>
        {
            using var gradient = no_grad();
            var (output, activations) = LstmKernel.Forward<T>(input, parameters, savesActivations: true);
            Assert.InRange(MaxDifference(expected, output), 0, 1e-5);
            var inference = LstmKernel.Forward<T>(input, parameters, savesActivations: false).Output;
            Assert.Equal(output.data<float>().ToArray(), inference.data<float>().ToArray());
            var gradients = LstmKernel.Backward<T>(input, parameters, activations, gradOutput, withInput: true);
            Assert.Equal(expectedGradients.Length, gradients.Count);
            foreach (var (exact, single) in expectedGradients.Zip(gradients))
                // Relative to the largest value: weight gradients are sums over all samples and steps.
                Assert.InRange(MaxDifference(exact, single!) / Math.Max(1, exact.abs().max().item<double>()), 0, 1e-5);
            Assert.Null(LstmKernel.Backward<T>(input, parameters, activations, gradOutput, withInput: false)[0]);
        }
    }

    [Fact]
    public void BitsDependNeitherOnThreadsNorOnOtherSamples()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var layer = nn.LSTM(39, 39, batchFirst: true, bidirectional: true);
        var parameters = layer.parameters().ToArray();
        var (input, gradOutput) = (randn(60, 12, 39), randn(60, 12, 78));
        using var gradient = no_grad();
        var oneThread = Bits(1);
        foreach (var (one, four) in oneThread.Zip(Bits(4)))
            Assert.Equal(one, four);
        var single = LstmKernel.Forward(input.narrow(0, 59, 1), parameters, savesActivations: false).Output;
        Assert.Equal(oneThread[0][^(12 * 78)..], single.data<float>().ToArray());

        float[][] Bits(int count)
        {
            using var threads = new TorchThreads(count);
            var (output, activations) = LstmKernel.Forward(input, parameters, savesActivations: true);
            var gradients = LstmKernel.Backward(input, parameters, activations, gradOutput, withInput: true);
            return [output.data<float>().ToArray(), .. gradients.Select(g => g!.data<float>().ToArray())];
        }
    }

    [Fact]
    public void NaNPropagatesAndSaturatedGatesAreExact()
    {
        using var scope = NewDisposeScope();
        using var layer = new AcceleratedLstm(2, 3, bidirectional: false, CPU);
        var input = full([2, 4, 2], 1e6f);
        input[1, 2, 0] = float.NaN;
        using var gradient = no_grad();
        var output = layer.Accelerated(input);
        Assert.InRange(MaxDifference(layer.Reference(input)[0], output[0]), 0, 1e-6);
        Assert.True(output[1, 2].isnan().all().item<bool>());
        Assert.False(output[1, 1].isnan().any().item<bool>());
    }

    [Fact]
    public void ANetworkBuiltWithinADisposeScopeWorksAfterwards()
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
    public void TrainingLeaksNoTensor()
    {
        using var layer = new AcceleratedLstm(5, 4, bidirectional: true, CPU);
        var input = randn(10, 6, 5);
        void Step()
        {
            using var scope = NewDisposeScope();
            layer.Accelerated(input).mean().backward();
        }

        Step();
        var before = LiveTensors.CountSettled();
        for (var i = 0; i < 5; i++)
            Step();
        Assert.Equal(before, LiveTensors.CountSettled());
    }

    [Fact]
    public void ParametersHaveTheNamesAndValuesOfLibtorchsLayerAndCanChangePrecision()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        using var layer = new AcceleratedLstm(4, 3, bidirectional: true, CPU);
        random.manual_seed(5);
        using var reference = nn.LSTM(4, 3, batchFirst: true, bidirectional: true);
        Assert.Equal(reference.named_parameters().Select(p => p.name), layer.named_parameters().Select(p => p.name));
        Assert.All(reference.parameters().Zip(layer.parameters()), pair =>
            Assert.Equal(pair.First.data<float>().ToArray(), pair.Second.data<float>().ToArray()));
        layer.to(ScalarType.Float64);
        reference.to(ScalarType.Float64);
        var input = randn([2, 5, 4], ScalarType.Float64);
        Assert.Equal(0, MaxDifference(reference.call(input).Item1, layer.call(input)));
        // The layer computes with the registered parameters, which an optimiser changes in place.
        using (no_grad())
            foreach (var parameter in reference.parameters().Concat(layer.parameters()))
                parameter.mul_(0.5);
        Assert.Equal(0, MaxDifference(reference.call(input).Item1, layer.call(input)));
    }
}
