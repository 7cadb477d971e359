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
    public void EveryVariantComputesItsOutputsAndAGradientForEveryParameter(SpatialNetwork spatial, TemporalNetwork temporal)
    {
        foreach (var fusion in Fusions(spatial, temporal))
        {
            foreach (var (layers, accelerated) in Enumerable.Range(0, 4).SelectMany(layers => new[] { (layers, true), (layers, false) }))
            {
                using var backend = new BackendSwitch(accelerated);
                using var network = Pstnn.Create(TinyNetwork.Options with
                {
                    Spatial = spatial,
                    Temporal = temporal,
                    Fusion = fusion,
                    BackEndLayers = layers
                }, TinyNetwork.Shape, 1);
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
            // Without dropout the loss is a function of the weights alone; training mode, so that batch normalisation is differentiated
            // too.
            using var network = Pstnn.Create(TinyNetwork.Options with
            {
                Spatial = spatial,
                Temporal = temporal,
                Fusion = fusion,
                BackEndLayers = 1,
                Dropout = 0
            }, TinyNetwork.Shape, 1);
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

                // A step across a kink of ReLU or pooling disagrees, and a smaller step does not; a wrong gradient disagrees at every step.
                // Rounding errs by 1e-16 / step, amplified by batch normalisation of few samples.
                var measured = new[] { 1e-6, 1e-7, 1e-8 }.Select(step => Slope(parameter, direction, step, () => Loss().item<double>()));
                Assert.True(measured.Any(slope => Math.Abs(slope - expected) < 1e-6 + 1e-5 * Math.Abs(expected)),
                    $"{name}: {expected}, but {string.Join(", ", measured)}");
            }
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameWeightsAndAnotherSeedOthers()
    {
        using var one = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1);
        using var again = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1);
        using var other = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 2);
        Assert.All(one.parameters().Zip(again.parameters()), pair => Assert.True(pair.First.Equals(pair.Second)));
        Assert.Contains(one.parameters().Zip(other.parameters()), pair => !pair.First.Equals(pair.Second));
    }

    [Fact]
    public void AttentionAddsTheBranchesByTheWeightsItShows()
    {
        using var scope = NewDisposeScope();
        Seeded();
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
    public void AttentionWeightsAreOfferedOnlyWhereThereIsAttentionAndLeaveTheNetworkAsItWas()
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
        // Dropout off: the same answer twice. Batch normalisation has learnt nothing from being looked at.
        Assert.True(weights.Equals(with.AttentionWeights(supervectors, segments)!));
        // In batches, the last one short: only the order of sums differs.
        Assert.True(weights.allclose(with.AttentionWeights(supervectors, segments, batchSize: 3)!, rtol: 1e-5, atol: 1e-6));
        Assert.All(with.named_buffers().Zip(before), pair => Assert.True(pair.First.buffer.Equals(pair.Second), pair.First.name));
    }

    [Fact]
    public void TheConvolutionsSeeTheSupervectorAsCoefficientsByComponents()
    {
        using var scope = NewDisposeScope();
        // Value = component x 1000 + coefficient, component-major as Mixtures writes it.
        var supervector = (arange(64).unsqueeze(1) * 1000 + arange(39)).reshape(1, -1);
        var map = new SupervectorMap(components: 64, coefficients: 39).call(supervector);
        Assert.Equal([1, 1, 39, 64], map.shape);
        Assert.Equal(63_000 + 5, map[0, 0, 5, 63].ToInt64());
    }

    [Fact]
    public void PredictGivesProbabilitiesWhateverTheBatchSizeAndKeepsTheMode()
    {
        using var scope = NewDisposeScope();
        using var network = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1);
        var (supervectors, segments, _) = TinyNetwork.Batch(network.Shape, 7);
        var all = network.Predict(supervectors, segments);
        Assert.True(network.training);
        // Float32 sums of other batch shapes may differ in their last bits: probabilities to 1e-6.
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
    public void PredictLeavesNoTensorBehindAndTakesNoSamplesToo()
    {
        using var scope = NewDisposeScope();
        using var network = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1);
        var (supervectors, segments, _) = TinyNetwork.Batch(network.Shape, 7);
        network.Predict(supervectors, segments, 2).Dispose();
        // Handles that other tests dropped would be finalised in the middle of this one.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = LiveTensors.Settled();
        for (var i = 0; i < 5; i++)
            network.Predict(supervectors, segments, 2).Dispose();
        Assert.Equal(before, Tensor.TotalCount);

        var none = network.Predict(supervectors.narrow(0, 0, 0), segments.narrow(0, 0, 0));
        Assert.Equal([0, 3], none.Deep.shape);
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Predict(supervectors, segments, 0));
    }

    [Fact]
    public void InputsOfAnotherShapeAreRefusedByTheNamesOfTheirAxes()
    {
        using var scope = NewDisposeScope();
        using var network = Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1);
        var (supervectors, segments, _) = TinyNetwork.Batch(network.Shape, 4);
        Assert.Contains("16 components x 16 coefficients = 256", Refused(supervectors.narrow(1, 0, 255), segments),
            StringComparison.Ordinal);
        Assert.Contains("5 frames, 16 columns), not (4, 4, 16)", Refused(supervectors, segments.narrow(1, 0, 4)), StringComparison.Ordinal);
        Assert.Contains("5 frames", Refused(supervectors, segments.transpose(1, 2)), StringComparison.Ordinal);
        Assert.Contains("3 supervectors and 4 segments", Refused(supervectors.narrow(0, 0, 3), segments), StringComparison.Ordinal);

        string Refused(Tensor supervectors, Tensor segments) =>
            Assert.Throws<ArgumentException>(() => network.call(supervectors, segments)).Message;
    }

    /// <summary>Central difference of a loss along a direction in the space of a parameter.</summary>
    private static double Slope(Tensor parameter, Tensor direction, double step, Func<double> loss)
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

    private static void Seeded() => DeviceId.Foundation.Seeds.Set(1);
}
