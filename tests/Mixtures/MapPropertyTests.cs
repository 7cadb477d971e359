using CsCheck;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Tests.Mixtures;

/// <summary>Properties that hold for every mixture, every utterance and every relevance factor.</summary>
[Collection(TensorCollection.Name)]
public sealed class MapPropertyTests
{
    private static readonly Gen<(int Components, int Frames, double Relevance, long Seed)> Cases =
        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 40], Gen.Double[0.01, 100], Gen.Long[1, 1_000_000],
            (components, frames, relevance, seed) => (components, frames, relevance, seed));

    [Fact]
    public void AnAdaptedMeanLiesBetweenTheModelsAndTheFrames() => Cases.Sample(c =>
    {
        using var scope = NewDisposeScope();
        var (background, frames) = Make(c.Components, c.Frames, c.Seed);
        using var map = new MapAdaptation(background, c.Relevance, CPU, ScalarType.Float64);
        var means = map.Means(frames.unsqueeze(0))[0].to(ScalarType.Float64);
        var (low, high) = (frames.min(0).values.unsqueeze(0), frames.max(0).values.unsqueeze(0));
        Assert.True(means.ge(minimum(background.Means, low) - 1e-9).all().item<bool>()
            && means.le(maximum(background.Means, high) + 1e-9).all().item<bool>());
    }, iter: 50, threads: 1);

    [Fact]
    public void TheOrderOfFramesDoesNotMatterAndAHigherRelevanceFactorMovesMeansLess() => Cases.Sample(c =>
    {
        using var scope = NewDisposeScope();
        var (background, frames) = Make(c.Components, c.Frames, c.Seed);
        using var map = new MapAdaptation(background, c.Relevance, CPU, ScalarType.Float64);
        using var higherRelevance = new MapAdaptation(background, 2 * c.Relevance, CPU, ScalarType.Float64);
        var means = map.Means(frames.unsqueeze(0))[0];
        Assert.InRange((means - map.Means(frames.flip(0).unsqueeze(0))[0]).abs().max().item<double>(), 0, 1e-9);
        var shift = (means - background.Means).abs();
        var smallerShift = (higherRelevance.Means(frames.unsqueeze(0))[0] - background.Means).abs();
        Assert.True(smallerShift.le(shift + 1e-9).all().item<bool>());
    }, iter: 50, threads: 1);

    private static (DiagonalGmm Background, Tensor Frames) Make(int components, int count, long seed)
    {
        Seeds.Set(seed);
        var weights = rand(components, ScalarType.Float64) + 0.01;
        return (new DiagonalGmm(weights / weights.sum(), randn(components, 3, ScalarType.Float64),
            rand(components, 3, ScalarType.Float64) + 0.1), 3 * randn(count, 3, ScalarType.Float64));
    }
}
