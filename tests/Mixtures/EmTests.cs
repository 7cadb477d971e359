using CsCheck;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Tests.Mixtures;

/// <summary>Properties of expectation maximisation for any data.</summary>
[Collection(TensorCollection.Name)]
public sealed class EmTests
{
    public EmTests() => ComputeDevice.Load();

    [Theory]
    [InlineData(GmmStart.BinarySplitting)]
    [InlineData(GmmStart.KMeans)]
    public void WithoutAVarianceFloorTheLikelihoodNeverFallsAtOneSize(GmmStart start) =>
        Gen.Select(Gen.Int[30, 400], Gen.Int[1, 5], Gen.Long[0, 1000]).Sample((frames, dimension, seed) =>
        {
            using var scope = NewDisposeScope();
            var options = new GmmOptions { Components = 4, FinalIterations = 8, VarianceFloorFactor = 0, Start = start };
            using var training = Train(options, Clusters(frames, dimension, seed));
            var log = training.Log;
            for (var i = 1; i < log.Count; i++)
                // Double precision: the mean of a few hundred terms is accurate to 1e-12.
                Assert.True(log[i].Components != log[i - 1].Components || log[i].LogLikelihood >= log[i - 1].LogLikelihood - 1e-10,
                    $"{log[i - 1]} then {log[i]}");
        }, iter: 30, threads: 1);

    [Fact]
    public void KMeansFindsWellSeparatedClusters()
    {
        using var scope = NewDisposeScope();
        var frames = Clusters(900, 3, 5, clusters: 3, distance: 40);
        using var model = Train(new GmmOptions { Components = 3, Start = GmmStart.KMeans }, frames).Model;
        Assert.All(model.Weights.data<double>().ToArray(), weight => Assert.Equal(1 / 3.0, weight, 1e-6));
        var centres = model.Means[.., 0].contiguous().data<double>().ToArray().Order().ToList();
        // The clusters' first coordinates are 0, 40, 80; the mean of 300 standard normals has a standard deviation of 0.06.
        Assert.Equal([0, 40, 80], centres.Select(c => 40 * Math.Round(c / 40)));
        Assert.InRange(model.Variances.max().item<double>(), 0.7, 1.4);
    }

    [Fact]
    public void TheSameSeedGivesTheSameKMeansModel()
    {
        using var scope = NewDisposeScope();
        var frames = Clusters(300, 4, 9);
        GmmOptions options = new() { Components = 6, Start = GmmStart.KMeans };
        using var first = Train(options, frames).Model;
        using var second = Train(options, frames).Model;
        Assert.Equal(first.Means.data<double>().ToArray(), second.Means.data<double>().ToArray());
    }

    [Theory]
    [InlineData(GmmStart.BinarySplitting)]
    [InlineData(GmmStart.KMeans)]
    public void SilenceConstantDimensionsAndFewerFramesThanComponentsGiveFiniteModels(GmmStart start)
    {
        using var scope = NewDisposeScope();
        var constant = Clusters(200, 4, 3);
        constant[.., 2] = 7;
        foreach (var frames in new[] { full(50, 4, -80.0), constant, Clusters(3, 4, 1), Clusters(1, 4, 1) })
        {
            using var model = Train(new GmmOptions { Components = 8, Start = start }, frames).Model;
            Assert.True(model.Means.isfinite().all().item<bool>() && model.Variances.isfinite().all().item<bool>());
            Assert.True(model.Variances.min().item<double>() > 0);
            Assert.Equal(1, model.Weights.sum().item<double>(), 1e-12);
            Assert.True(model.LogLikelihood(frames).isfinite().all().item<bool>());
        }
    }

    [Fact]
    public void NaNFramesAndNoFramesAreRefused()
    {
        using var scope = NewDisposeScope();
        var bad = Clusters(20, 2, 1);
        bad[3, 1] = double.NaN;
        Assert.Throws<ArgumentException>(() => Train(new GmmOptions { Components = 2 }, bad));
        Assert.Throws<ArgumentException>(() => Train(new GmmOptions { Components = 2 }, empty(0, 2)));
        Assert.Throws<OptionsException>(() => Train(new GmmOptions { Components = 3 }, Clusters(20, 2, 1)));
        Assert.Equal(3, new GmmOptions { Components = 0, FinalIterations = 0, VarianceFloorFactor = 2 }.Problems().Count());
    }

    [Fact]
    public void TrainingLeavesNoTensorBehind()
    {
        using var frames = Clusters(100, 3, 1).DetachFromDisposeScope();
        void Once()
        {
            using var scope = NewDisposeScope();
            Train(new GmmOptions { Components = 4 }, frames).Model.Dispose();
            Train(new GmmOptions { Components = 4, Start = GmmStart.KMeans }, frames).Model.Dispose();
        }

        Once();
        var before = LiveTensors.CountSettled();
        Once();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void MeansMoveFromTheModelTowardsTheDataAndAnEmptyUtteranceLeavesThem()
    {
        using var scope = NewDisposeScope();
        using var background = new DiagonalGmm(ones(1, ScalarType.Float64), zeros(1, 2, ScalarType.Float64),
            ones(1, 2, ScalarType.Float64));
        using var map = new MapAdaptation(background, relevanceFactor: 10, precision: ScalarType.Float64);
        // One component: mu' = (sum + tau mu) / (n + tau); 30 frames of value 4 give 120 / 40.
        Assert.Equal(3, map.Means(full(1, 30, 2, 4.0))[0, 0, 0].item<double>(), 1e-12);
        Assert.Equal(0, map.Means([empty(0, 2, ScalarType.Float64)])[0, 0, 0].item<double>(), 1e-12);
    }

    [Fact]
    public void VariancesOfDigitalSilenceInAModelAreHarmless()
    {
        using var scope = NewDisposeScope();
        var variances = tensor(new[,] { { 4e-16, 4e-16 }, { 1.0, 1.0 } });
        using var model = new DiagonalGmm(full(2, 0.5, ScalarType.Float64), tensor(new[,] { { -36.0, 0 }, { 2.0, 1.0 } }), variances);
        using var map = new MapAdaptation(model);
        var frames = tensor(new double[1, 3, 2] { { { 2.5, 1 }, { -36, 0 }, { 1, 0 } } });
        Assert.True(model.LogLikelihood(frames[0]).isfinite().all().item<bool>());
        var means = map.Means(frames);
        foreach (var scaling in Enum.GetValues<SupervectorScaling>())
            Assert.True(Supervector.FromMeans(means, model, scaling, centred: true).isfinite().all().item<bool>(), scaling.ToString());
    }

    [Fact]
    public void SupervectorsAreScaledAsTheirNamesSay()
    {
        using var scope = NewDisposeScope();
        using var model = new DiagonalGmm(tensor(new[] { 0.25, 0.75 }), zeros(2, 2, ScalarType.Float64),
            full(2, 2, 4.0, ScalarType.Float64));
        var means = tensor(new double[1, 2, 2] { { { 2.0, 8 }, { 6.0, -8 } } });
        static float[] Values(Tensor t) => [.. t.flatten().data<float>()];
        Assert.Equal([2f, 8, 6, -8], Values(Supervector.FromMeans(means, model, SupervectorScaling.Raw)));
        // sqrt(w) / sigma: 0.5 / 2 for the first component, 0.866 / 2 for the second.
        var kl = Values(Supervector.FromMeans(means, model, SupervectorScaling.KullbackLeibler));
        Assert.Equal(0.5, kl[0], 1e-6);
        Assert.Equal(6 * Math.Sqrt(0.75) / 2, kl[2], 1e-6);
        Assert.Equal([-1f, 1, 1, -1], Values(Supervector.FromMeans(means, model, SupervectorScaling.RowMinMax)));
    }

    private static Trained Train(GmmOptions options, Tensor frames) => new(new GmmTrainer(options, CPU, ScalarType.Float64).Fit([frames]));

    private static Tensor Clusters(int frames, int dimension, long seed, int clusters = 2, double distance = 4)
    {
        using var generator = new Generator((ulong)seed);
        var cluster = arange(frames, dtype: ScalarType.Float64) % clusters;
        return randn([frames, dimension], ScalarType.Float64, generator: generator) + (cluster * distance).unsqueeze(1);
    }

    private sealed record Trained(GmmTraining Training) : IDisposable
    {
        public DiagonalGmm Model => Training.Model;

        public IReadOnlyList<GmmIteration> Log => Training.LogLikelihoods;

        public void Dispose() => Model.Dispose();
    }
}
