using DeviceId.Acceleration.Layers;
using DeviceId.Acceleration.Simd;
using DeviceId.Models;
using TorchSharp;
using TorchSharp.Modules;
using static DeviceId.Tests.TensorGap;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration.Layers;

[Collection(TensorCollection.Name)]
public sealed class LstmTests
{
    /// <summary>Samples: one, fewer than a tile, a slice and one more, several slices. Units: fewer than a register, neither a multiple of one nor of a tile.</summary>
    public static TheoryData<int, int, int, int, bool> Shapes => new()
    {
        { 1, 1, 3, 2, false },
        { 5, 4, 7, 5, true },
        { 25, 3, 39, 39, true },
        { 70, 9, 78, 78, true },
        { 24, 6, 40, 33, false },
    };

    /// <summary>libtorch's own layer in double precision is the truth; sums of a hundred products in single, passed on from step to step, stay within 1e-5 of it.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void OutputAndEverySlopeAgreeWithLibtorchForEveryWidth(int samples, int steps, int inputs, int units, bool both)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(samples);
        var layer = nn.LSTM(inputs, units, batchFirst: true, bidirectional: both);
        var parameters = layer.parameters().ToArray();
        var input = randn(samples, steps, inputs);
        var slope = randn(samples, steps, (both ? 2 : 1) * units);
        var truth = nn.LSTM(inputs, units, batchFirst: true, bidirectional: both, dtype: ScalarType.Float64);
        using (no_grad())
        {
            foreach (var (exact, single) in truth.parameters().Zip(parameters))
                exact.copy_(single);
        }

        var exactInput = input.to(ScalarType.Float64).requires_grad_();
        var expected = truth.call(exactInput).Item1;
        expected.backward([slope.to(ScalarType.Float64)]);
        Tensor[] expectedSlopes = [exactInput.grad!, .. truth.parameters().Select(p => p.grad!)];
        Check<Lanes512>();
        Check<Lanes256>();
        Check<Lanes128>();

        void Check<T>()
            where T : struct, ILanes<T>
        {
            if (!T.IsSupported)
                return;
            using var gradient = no_grad();
            var output = Lstm.Forward<T>(input, parameters, out var trace, stepsKept: true);
            Assert.InRange(Gap(expected, output), 0, 1e-5);
            Assert.Equal(output.data<float>().ToArray(), Lstm.Forward<T>(input, parameters, out _, stepsKept: false).data<float>().ToArray());
            var slopes = Lstm.Backward<T>(input, parameters, trace, slope, withInput: true);
            Assert.Equal(expectedSlopes.Length, slopes.Count);
            foreach (var (exact, single) in expectedSlopes.Zip(slopes))
                // Relative to the largest: slopes by weights are sums over all samples and steps.
                Assert.InRange(Gap(exact, single!) / Math.Max(1, exact.abs().max().item<double>()), 0, 1e-5);
            Assert.Null(Lstm.Backward<T>(input, parameters, trace, slope, withInput: false)[0]);
        }
    }

    [Fact]
    public void InTheGraphOfGradientsTwoLayersGiveTheSlopesOfLibtorch()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(7);
        var (first, second) = (nn.LSTM(6, 5, batchFirst: true, bidirectional: true), nn.LSTM(10, 4, batchFirst: true, bidirectional: true));
        Parameter[] all = [.. first.parameters(), .. second.parameters()];
        var (input, slope) = (randn(30, 8, 6), randn(30, 8, 8));
        List<Tensor> Slopes(Func<LSTM, Tensor, Tensor> run)
        {
            foreach (var parameter in all)
                parameter.grad = null;
            run(second, run(first, input)).backward([slope]);
            return [.. all.Select(p => p.grad!.clone())];
        }

        var ours = Slopes(Lstm.Of);
        var theirs = Slopes((layer, x) => layer.call(x).Item1);
        foreach (var (mine, other) in ours.Zip(theirs))
            Assert.InRange(Gap(mine, other) / Math.Max(1, other.abs().max().item<float>()), 0, 2e-5);
        Assert.True(ours.All(s => s.abs().max().item<float>() > 0));
    }

    [Fact]
    public void NoBitDependsOnThreadsOrOnTheOtherSamples()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var layer = nn.LSTM(39, 39, batchFirst: true, bidirectional: true);
        var parameters = layer.parameters().ToArray();
        var (input, slope) = (randn(60, 12, 39), randn(60, 12, 78));
        using var gradient = no_grad();
        var alone = Bits(1);
        foreach (var (mine, shared) in alone.Zip(Bits(4)))
            Assert.Equal(mine, shared);
        Assert.Equal(alone[0][^(12 * 78)..], Lstm.Forward(input.narrow(0, 59, 1), parameters, out _, stepsKept: false).data<float>().ToArray());

        float[][] Bits(int count)
        {
            using var threads = new TorchThreads(count);
            var output = Lstm.Forward(input, parameters, out var trace, stepsKept: true);
            return [output.data<float>().ToArray(), .. Lstm.Backward(input, parameters, trace, slope, withInput: true).Select(s => s!.data<float>().ToArray())];
        }
    }

    [Fact]
    public void WhatIsNoNumberIsNotHiddenAndSaturatedGatesAreExact()
    {
        using var scope = NewDisposeScope();
        var layer = nn.LSTM(2, 3, batchFirst: true);
        var input = full([2, 4, 2], 1e6f);
        input[1, 2, 0] = float.NaN;
        using var gradient = no_grad();
        var output = Lstm.Of(layer, input);
        Assert.InRange(Gap(layer.call(input).Item1[0], output[0]), 0, 1e-6);
        Assert.True(output[1, 2].isnan().all().item<bool>());
        Assert.False(output[1, 1].isnan().any().item<bool>());
    }

    [Fact]
    public void ANetworkThatWasMadeWithinAScopeComputesAfterIt()
    {
        var options = new PstnnOptions { Components = 2, Embedding = 16, Frames = 4, FirstLstmUnits = 3, SecondLstmUnits = 3, Devices = 2 };
        Pstnn network;
        using (NewDisposeScope())
            network = Pstnn.Create(options, 1);
        using (network)
        using (var output = network.call(randn(3, options.SupervectorLength), randn(3, 4, options.Coefficients)))
            Assert.Equal([3L, 2L], output.Deep.shape);
    }

    [Fact]
    public void TrainingLeavesNoTensorBehind()
    {
        var layer = nn.LSTM(5, 4, batchFirst: true, bidirectional: true);
        var input = randn(10, 6, 5);
        void Step()
        {
            using var scope = NewDisposeScope();
            Lstm.Of(layer, input).mean().backward();
        }

        Step();
        var steady = LiveTensors.Settled();
        for (var i = 0; i < 5; i++)
            Step();
        Assert.Equal(steady, LiveTensors.Settled());
    }
}
