using DeviceId.Foundation;
using DeviceId.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Models;

[Collection(TensorCollection.Name)]
public sealed class PstnnTests : IDisposable
{
    private readonly SingleThread _thread = new();

    public void Dispose() => _thread.Dispose();

    [Theory]
    [MemberData(nameof(TinyNetwork.Branches), MemberType = typeof(TinyNetwork))]
    public void EveryVariantComputesItsOutputsAndAGradientOfEveryParameter(SpatialNetwork spatial, TemporalNetwork temporal)
    {
        foreach (var fusion in Fusions(spatial, temporal))
        {
            foreach (var (layers, accelerated) in Enumerable.Range(0, 4).SelectMany(layers => new[] { (layers, true), (layers, false) }))
            {
                using var backend = new BackendSwitch(accelerated);
                var options = TinyNetwork.Options with { Spatial = spatial, Temporal = temporal, Fusion = fusion, BackEndLayers = layers };
                using var network = Pstnn.Create(options, TinyNetwork.Shape, 1);
                using var scope = NewDisposeScope();
                var (supervectors, segments, labels) = TinyNetwork.Batch(network.Shape, 4);
                var output = network.call(supervectors, segments);

                var present = new[] { output.Spatial, output.Temporal, output.Deep }.OfType<Tensor>().ToList();
                Assert.Equal(spatial == SpatialNetwork.None, output.Spatial is null);
                Assert.Equal(temporal == TemporalNetwork.None, output.Temporal is null);
                Assert.All(present, logits => Assert.Equal([4, network.Shape.Devices], logits.shape));
                foreach (var logits in present)
                    nn.functional.cross_entropy(logits, labels).backward(retain_graph: true);
                Assert.All(network.named_parameters(), p =>
                {
                    Assert.True(p.parameter.grad is not null, $"{p.name} has no gradient ({fusion}, {layers} layers)");
                    Assert.True(p.parameter.grad!.isfinite().all().item<bool>(), $"the gradient of {p.name} is not finite");
                });
            }
        }
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(TinyNetwork.Branches), MemberType = typeof(TinyNetwork))]
    public void GradientsAgreeWithFiniteDifferences(SpatialNetwork spatial, TemporalNetwork temporal)
    {
        foreach (var fusion in Fusions(spatial, temporal))
        {
            // Without dropout the loss is a deterministic function of the weights. In training mode, so that batch normalisation is
            // differentiated too.
            var options = TinyNetwork.Options with
            {
                Spatial = spatial,
                Temporal = temporal,
                Fusion = fusion,
                BackEndLayers = 1,
                Dropout = 0,
            };
            using var network = Pstnn.Create(options, TinyNetwork.Shape, 1);
            network.to(float64);
            using var scope = NewDisposeScope();
            var (supervectors, segments, labels) = TinyNetwork.Batch(network.Shape, 4, float64);

            Tensor Loss()
            {
                var output = network.call(supervectors, segments);
                return new[] { output.Spatial, output.Temporal, output.Deep }.OfType<Tensor>()
                    .Select(logits => nn.functional.cross_entropy(logits, labels)).Aggregate((a, b) => a + b);
            }

            Loss().backward();
            foreach (var (name, parameter) in network.named_parameters())
            {
                using var gradients = no_grad();
                var direction = randn_like(parameter);
                direction /= direction.norm();
                var expected = (parameter.grad! * direction).sum().item<double>();

                // A step across a kink of ReLU or pooling disagrees, but a smaller step agrees; a wrong gradient disagrees at every step
                // size. The rounding error is 1e-16 / step, amplified by batch normalisation over few samples.
                var differences = new[] { 1e-6, 1e-7, 1e-8 }
                    .Select(step => FiniteDifference(parameter, direction, step, () => Loss().item<double>()));
                Assert.True(
                    differences.Any(difference => Math.Abs(difference - expected) < 1e-6 + 1e-5 * Math.Abs(expected)),
                    $"{name}: {expected}, but finite differences are {string.Join(", ", differences)}");
            }
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameWeightsAndAnotherSeedDifferentOnes()
    {
        using var first = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1);
        using var again = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1);
        using var other = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 2);
        Assert.All(first.parameters().Zip(again.parameters()), pair => Assert.True(pair.First.Equals(pair.Second)));
        Assert.Contains(first.parameters().Zip(other.parameters()), pair => !pair.First.Equals(pair.Second));
    }

    [Fact]
    public void AttentionIsTheSumOfTheBranchesTimesTheirWeights()
    {
        using var scope = NewDisposeScope();
        Seeds.Set(1);
        using var fusion = new AttentionFusion(branches: 2, CPU);
        var (spatial, temporal) = (randn(5, 32), randn(5, 32));
        var weights = fusion.Weights([spatial, temporal]);
        Assert.Equal([5, 2], weights.shape);
        Assert.InRange(weights.min().item<float>(), 1e-6, 1);
        Assert.InRange(weights.max().item<float>(), 0, 1 - 1e-6);
        var expected = einsum("sb,sbe->se", weights, stack([spatial, temporal], 1));
        // Two products and a sum in float32.
        Assert.True(fusion.call([spatial, temporal]).allclose(expected, rtol: 1e-5, atol: 1e-6));
    }

    [Fact]
    public void AttentionWeightsExistOnlyWithAttentionAndLeaveTheNetworkUnchanged()
    {
        using var scope = NewDisposeScope();
        using var with = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1);
        using var without = Pstnn.Create(TinyNetwork.Options with { Fusion = Fusion.Concatenation }, TinyNetwork.Shape, 1);
        var (supervectors, segments, _) = TinyNetwork.Batch(4);
        Assert.Null(without.AttentionWeights(supervectors, segments));

        var before = with.named_buffers().Select(b => b.buffer.clone()).ToList();
        var weights = with.AttentionWeights(supervectors, segments)!;
        Assert.Equal([4, 2], weights.shape);
        Assert.False(weights.requires_grad);
        Assert.True(with.training);
        // Dropout is off, so the result is the same twice. Batch normalisation must not update its running statistics (checked below).
        Assert.True(weights.Equals(with.AttentionWeights(supervectors, segments)!));
        // In batches, the last one smaller: only the order of summation differs.
        Assert.True(weights.allclose(with.AttentionWeights(supervectors, segments, batchSize: 3)!, rtol: 1e-5, atol: 1e-6));
        Assert.All(with.named_buffers().Zip(before), pair => Assert.True(pair.First.buffer.Equals(pair.Second), pair.First.name));
    }

    [Fact]
    public void TheSupervectorMapHasCoefficientsAsRowsAndComponentsAsColumns()
    {
        using var scope = NewDisposeScope();
        // Value = component x 1000 + coefficient; component-major, as lib/Mixtures orders supervectors.
        var supervector = (arange(64).unsqueeze(1) * 1000 + arange(39)).reshape(1, -1);
        var map = new SupervectorMap(components: 64, coefficients: 39).call(supervector);
        Assert.Equal([1, 1, 39, 64], map.shape);
        Assert.Equal(63_000 + 5, map[0, 0, 5, 63].ToInt64());
    }

    [Fact]
    public void PredictGivesTheSameProbabilitiesForAnyBatchSizeAndRestoresTheMode()
    {
        using var scope = NewDisposeScope();
        using var network = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1);
        var (supervectors, segments, _) = TinyNetwork.Batch(network.Shape, 7);
        var all = network.Predict(supervectors, segments);
        Assert.True(network.training);
        // Float32 sums for other batch sizes may differ in the last bits: probabilities agree to 1e-6.
        foreach (var size in new[] { 1, 3, 7, 100 })
        {
            var parts = network.Predict(supervectors, segments, size);
            Assert.True(parts.Spatial!.allclose(all.Spatial!, rtol: 0, atol: 1e-6), $"spatial, {size}");
            Assert.True(parts.Temporal!.allclose(all.Temporal!, rtol: 0, atol: 1e-6), $"temporal, {size}");
            Assert.True(parts.Deep.allclose(all.Deep, rtol: 0, atol: 1e-6), $"deep, {size}");
        }

        Assert.True(all.Deep.sum([1]).allclose(ones(7)));
        network.eval();
        using var once = network.Predict(supervectors, segments);
        Assert.False(network.training);
        Assert.False(once.Deep.requires_grad);
    }

    [Fact]
    public void PredictLeaksNoTensorAndAcceptsAnEmptyBatch()
    {
        using var scope = NewDisposeScope();
        using var network = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1);
        var (supervectors, segments, _) = TinyNetwork.Batch(network.Shape, 7);
        network.Predict(supervectors, segments, 2).Dispose();
        // Otherwise tensors that other tests left to the finaliser would be freed during this test.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = LiveTensors.CountSettled();
        for (var i = 0; i < 5; i++)
            network.Predict(supervectors, segments, 2).Dispose();
        Assert.Equal(before, Tensor.TotalCount);

        var empty = network.Predict(supervectors.narrow(0, 0, 0), segments.narrow(0, 0, 0));
        Assert.Equal([0, 3], empty.Deep.shape);
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Predict(supervectors, segments, 0));
    }

    [Fact]
    public void InputsOfWrongShapeAreRefusedWithTheNamesOfTheirAxes()
    {
        using var scope = NewDisposeScope();
        using var network = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1);
        var (supervectors, segments, _) = TinyNetwork.Batch(network.Shape, 4);
        Assert.Contains(
            "16 components x 16 coefficients = 256", Message(supervectors.narrow(1, 0, 255), segments), StringComparison.Ordinal);
        Assert.Contains("5 frames, 16 columns), not (4, 4, 16)", Message(supervectors, segments.narrow(1, 0, 4)), StringComparison.Ordinal);
        Assert.Contains("5 frames", Message(supervectors, segments.transpose(1, 2)), StringComparison.Ordinal);
        Assert.Contains("3 supervectors and 4 segments", Message(supervectors.narrow(0, 0, 3), segments), StringComparison.Ordinal);

        string Message(Tensor supervectors, Tensor segments) =>
            Assert.Throws<ArgumentException>(() => network.call(supervectors, segments)).Message;
    }

    /// <summary>Central difference of the loss with respect to a parameter along a direction.</summary>
    private static double FiniteDifference(Tensor parameter, Tensor direction, double step, Func<double> loss)
    {
        parameter.add_(direction, step);
        var above = loss();
        parameter.add_(direction, -2 * step);
        var below = loss();
        parameter.add_(direction, step);
        return (above - below) / (2 * step);
    }

    private static Fusion[] Fusions(SpatialNetwork spatial, TemporalNetwork temporal) =>
        spatial == SpatialNetwork.None || temporal == TemporalNetwork.None ? [Fusion.Attention] : Enum.GetValues<Fusion>();
}
