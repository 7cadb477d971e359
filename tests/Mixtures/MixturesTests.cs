using DeviceId.Mixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Mixtures;

[Collection(TensorCollection.Name)]
public sealed class MixturesTests
{
    [Theory]
    [InlineData("k8", 8, ScalarType.Float64, 1e-10, 1e-11)]
    [InlineData("k64", 64, ScalarType.Float64, 1e-10, 1e-11)]
    [InlineData("k64", 64, ScalarType.Float32, 1e-4, 1e-5)]
    public void TrainingAgreesWithTheReference(string name, int components, ScalarType precision, double means, double likelihood)
    {
        using var scope = NewDisposeScope();
        var training = new GmmTrainer(new GmmOptions { Components = components, FinalIterations = components == 8 ? 5 : 10 }, CPU,
            precision).Fit(GoldenMixtures.Pool(), cancellationToken: TestContext.Current.CancellationToken);
        using var model = training.Model;
        var expected = GoldenMixtures.Model(name);
        var log = GoldenMixtures.ReadCsv("ubm", name + ".loglik.csv");
        Assert.Equal(log.shape[0], training.LogLikelihoods.Count);
        for (var i = 0; i < training.LogLikelihoods.Count; i++)
            Assert.Equal(log[i, 2].item<double>(), training.LogLikelihoods[i].LogLikelihood, likelihood);
        // README: 1e-11 in double, 1e-4 in float32; values reach 40, so the tolerance for double is 1e-10 absolute.
        Assert.InRange(GoldenMixtures.MaxDifference(expected.Means, model.Means), 0, means);
        // A variance is the difference of two moments, E[x^2] - mean^2, which are up to ten times as large here: its rounding error is ten
        // times that of the means. In single precision this shows (measured: 1.3e-4); in double precision it does not.
        var variances = precision == ScalarType.Float32 ? 10 * means : means;
        Assert.InRange(((expected.Variances - model.Variances).abs() / expected.Variances).max().item<double>(), 0, variances);
        Assert.InRange(GoldenMixtures.MaxDifference(expected.Weights, model.Weights), 0, means);
    }

    [Theory]
    [InlineData(10, ScalarType.Float64, 1e-12)]
    [InlineData(16, ScalarType.Float64, 1e-12)]
    [InlineData(10, ScalarType.Float32, 2e-5)]
    public void AdaptationAgreesWithTheReference(int tau, ScalarType precision, double tolerance)
    {
        using var scope = NewDisposeScope();
        var background = GoldenMixtures.Model("k64");
        using var map = new MapAdaptation(background, tau, CPU, precision);
        var frames = GoldenMixtures.ReadCsv("map", "spA_16k.AsWritten.csv");
        var expected = GoldenMixtures.ReadCsv("map", $"spA_16k.tau{tau}.csv");
        Assert.InRange(GoldenMixtures.MaxDifference(expected, map.Means(frames.unsqueeze(0)).flatten(1)), 0, tolerance);
        Assert.InRange(GoldenMixtures.MaxDifference(expected, map.Means([frames, frames])[1].flatten()), 0, tolerance);
        // One rounding to float32 of values up to 40.
        Assert.InRange(GoldenMixtures.MaxDifference(expected,
            Supervector.FromMeans(map.Means(frames.unsqueeze(0)), background, SupervectorScaling.Raw)), 0, 2e-5);
    }

    [Fact]
    public void LibtorchAloneAgreesWithTheReferenceAsWell()
    {
        using var backend = new BackendSwitch(isAccelerated: false);
        TrainingAgreesWithTheReference("k64", 64, ScalarType.Float32, 1e-4, 1e-5);
        AdaptationAgreesWithTheReference(10, ScalarType.Float32, 2e-5);
    }

    [Fact]
    public void ChunkSizeAndSilenceDoNotMatter()
    {
        using var scope = NewDisposeScope();
        var pool = GoldenMixtures.Pool();
        var options = new GmmOptions { Components = 4 };
        using var small = new GmmTrainer(options, CPU, ScalarType.Float64) { ChunkFrames = 37 }
            .Fit(pool, cancellationToken: TestContext.Current.CancellationToken).Model;
        using var large = new GmmTrainer(options, CPU, ScalarType.Float64)
            .Fit(pool, cancellationToken: TestContext.Current.CancellationToken).Model;
        Assert.InRange(GoldenMixtures.MaxDifference(small.Means, large.Means), 0, 1e-10);
        using var silent = new GmmTrainer(new GmmOptions { Components = 16 }, CPU)
            .Fit([full(3, 39, -36f)], cancellationToken: TestContext.Current.CancellationToken).Model;
        Assert.True(silent.LogLikelihood(pool[0]).isfinite().all().item<bool>());
    }

    [Fact]
    public void ASavedModelIsRestoredExactlyAndADamagedOneIsRefused()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var path = folder.File("m.gmm");
        var model = GoldenMixtures.Model("k8");
        model.Save(path);
        Assert.Equal(0, GoldenMixtures.MaxDifference(model.Variances, DiagonalGmm.Load(path).Variances));
        var bytes = File.ReadAllBytes(path);
        bytes[100] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("checksum", Assert.Throws<MixtureException>(() => DiagonalGmm.Load(path)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, bytes[..200]);
        Assert.Contains("checksum", Assert.Throws<MixtureException>(() => DiagonalGmm.Load(path)).Message, StringComparison.Ordinal);
        Assert.Throws<MixtureException>(() => MatlabModel.Read(path));
        Assert.Throws<MixtureException>(() => DiagonalGmm.Load(folder.File("absent")));
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    public void TheAuthorsModelsAreReadAndUsable(int components)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = Path.Combine(TestPaths.RealData("ubm"), $"ubm{components}.mat");
        var model = MatlabModel.Read(path);
        Assert.Equal((components, 39), (model.Components, model.Dimension));
        Assert.Equal(1, model.Weights.sum().item<double>(), 1e-9);
        var frames = GoldenMixtures.Pool()[0];
        Assert.True(model.LogLikelihood(frames).isfinite().all().item<bool>());
        using var map = new MapAdaptation(model);
        Assert.True(map.Means(frames.unsqueeze(0)).isfinite().all().item<bool>());
        var truncated = folder.File("truncated.mat");
        File.WriteAllBytes(truncated, File.ReadAllBytes(path)[..5000]);
        Assert.Throws<MixtureException>(() => MatlabModel.Read(truncated));
    }
}
