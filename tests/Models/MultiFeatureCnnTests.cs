using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Tests.Models;

[Collection(TensorCollection.Name)]
public sealed class MultiFeatureCnnTests
{
    internal static MultiFeatureCnnOptions Tiny { get; } = new() { Embedding = 16 };

    /// <summary>Nine cepstra, then ten log mel energies per frame.</summary>
    internal static SampleShape Shape { get; } = new(Devices: 3, Components: 8, Coefficients: 9, Frames: 8, FurtherColumns: 10);

    public static TheoryData<MultiFeatureCnnInputs> Choices => [.. Enumerable.Range(1, 7).Select(i => (MultiFeatureCnnInputs)i)];

    [Theory]
    [MemberData(nameof(Choices))]
    public void EveryChoiceOfFeaturesGivesOneOutputAndAWeightPerBranch(MultiFeatureCnnInputs features)
    {
        using var scope = NewDisposeScope();
        foreach (var accelerated in new[] { true, false })
        {
            using var backend = new BackendSwitch(accelerated);
            AssertOneOutputAndAWeightPerBranch(features);
        }
    }

    private static void AssertOneOutputAndAWeightPerBranch(MultiFeatureCnnInputs features)
    {
        using var network = (Tiny with { Features = features }).Create(Shape, seed: 1);
        var (supervectors, segments) = (randn(4, 72), randn([4, 8, 19]));
        using var output = network.call(supervectors, segments);
        Assert.Null(output.Spatial);
        Assert.Null(output.Temporal);
        Assert.Equal([4, 3], output.Deep.shape);
        var branches = System.Numerics.BitOperations.PopCount((uint)features);
        using var weights = network.AttentionWeights(supervectors, segments);
        Assert.Equal(branches == 1 ? null : branches, weights?.shape[1]);
    }

    [Fact]
    public void ASingleBranchReadsOnlyItsOwnFeature()
    {
        using var scope = NewDisposeScope();
        using var network = (Tiny with { Features = MultiFeatureCnnInputs.LogMelEnergies }).Create(Shape, seed: 1);
        var segments = randn([4, 8, 19]);
        var changed = segments.clone();
        changed.narrow(2, 0, 9).add_(5);
        Assert.True(network.Predict(randn(4, 72), segments).Deep.Equals(network.Predict(randn(4, 72), changed).Deep));
        changed.narrow(2, 9, 10).add_(5);
        Assert.False(network.Predict(randn(4, 72), segments).Deep.Equals(network.Predict(randn(4, 72), changed).Deep));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheSameSeedGivesTheSameWeightsAndEveryParameterHasAGradientOnBothBackends(bool accelerated)
    {
        using var backend = new BackendSwitch(accelerated);
        using var scope = NewDisposeScope();
        using var network = (Tiny with { Dropout = 0 }).Create(Shape, seed: 4);
        using var again = (Tiny with { Dropout = 0 }).Create(Shape, seed: 4);
        Assert.All(network.parameters().Zip(again.parameters()), pair => Assert.True(pair.First.Equals(pair.Second)));
        using var output = network.call(randn(6, 72), randn([6, 8, 19]));
        output.Deep.square().sum().backward();
        Assert.All(
            network.named_parameters(),
            p => Assert.True(p.parameter.grad is { } gradient && gradient.isfinite().all().item<bool>(), p.name));
    }

    [Fact]
    public void InvalidOptionsAreReportedAllAtOnce()
    {
        var options = Tiny with { Features = 0, Dropout = 1 };
        var error = Assert.Throws<OptionsException>(() => options.Create(Shape with { Frames = 4, Devices = 1 }, 1));
        Assert.Equal(4, error.Problems.Count);
    }
}
