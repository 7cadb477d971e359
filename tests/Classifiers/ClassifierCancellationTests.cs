using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>Cancellation is noticed in every long computation; random samples with random labels are the slowest to separate.</summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class ClassifierCancellationTests
{
    [Theory]
    [InlineData(SvmKernel.Linear)]
    [InlineData(SvmKernel.Rbf)]
    public void ItIsNoticedWhileTheKernelMatrixIsComputed(object kernel)
    {
        // 2.9e11 multiplications in one product.
        using var samples = randn(6000, 8000);
        using var labels = Labels(6000, 2);
        var options = new SvmOptions { Kernel = (SvmKernel)kernel };
        Cancellation.IsNoticed(token => SupportVectorMachine.Fit(samples, labels, 2, options, token).Dispose());
    }

    [Theory]
    [InlineData(SvmStrategy.OneAgainstOne)]
    [InlineData(SvmStrategy.OneAgainstRest)]
    public void ItIsNoticedWithinATwoClassProblem(object strategy)
    {
        using var samples = randn(5000, 20);
        using var labels = Labels(5000, 2);
        var options = new SvmOptions { C = 1e6, Tolerance = 1e-9, Strategy = (SvmStrategy)strategy };
        Cancellation.IsNoticed(token => SupportVectorMachine.Fit(samples, labels, 2, options, token).Dispose());
    }

    [Fact]
    public void ItIsNoticedDuringCrossValidation()
    {
        using var samples = randn(3000, 20);
        using var labels = Labels(3000, 5);
        var groups = Enumerable.Range(0, 3000).Select(i => $"{i % 4}").ToList();
        Cancellation.IsNoticed(token => SvmCrossValidation.ChooseC(
            samples, labels, 5, groups, new SvmOptions { Tolerance = 1e-9 }, [1e4, 1e5, 1e6], cancellationToken: token));
    }

    [Theory]
    [InlineData(SvmKernel.Linear)]
    [InlineData(SvmKernel.Rbf)]
    public void ItIsNoticedWhileAMachineScoresSamples(object kernel)
    {
        using var samples = randn(2000, 2000);
        using var labels = Labels(2000, 45);
        var options = new SvmOptions { Kernel = (SvmKernel)kernel };
        using var machine = SupportVectorMachine.Fit(samples, labels, 45, options, TestContext.Current.CancellationToken);

        // An expanded sample takes no memory.
        using var batch = samples.narrow(0, 0, 1).expand(500_000, 2000);
        Cancellation.IsNoticed(token => machine.Scores(batch, token).Dispose());
    }

    [Fact]
    public void AClassifierWhoseTrainingIsCancelledKeepsItsEarlierTraining()
    {
        using var system = new GsvSvm();
        using (var small = Samples(count: 40, devices: 2))
            system.Fit(small, cancellationToken: TestContext.Current.CancellationToken);
        using var batch = new SampleBatch(randn(3, 20), zeros(3, 1, 1));
        using var before = system.Scores(batch, TestContext.Current.CancellationToken);
        using (var large = Samples(count: 5000, devices: 2))
            Cancellation.IsNoticed(token => system.Fit(large, cancellationToken: token));
        using var after = system.Scores(batch, TestContext.Current.CancellationToken);
        Assert.True(before.Equals(after));
    }

    [Fact]
    public void ItIsNoticedWhileGmmUbmIsTrainedAndWhileItScores()
    {
        using var weights = ones(1024) / 1024;
        using var means = randn(1024, 20);
        using var variances = ones(1024, 20);
        using var background = new DiagonalGmm(weights, means, variances);
        using var system = new GmmUbm(background, 10, CPU);
        using (var small = Samples(count: 40, devices: 2))
            system.Fit(small, cancellationToken: TestContext.Current.CancellationToken);
        using var large = Samples(count: 20_000, devices: 2);
        Cancellation.IsNoticed(token => system.Fit(large, cancellationToken: token));
        using var batch = new SampleBatch(large.Supervectors.alias(), large.Segments.alias());
        Cancellation.IsNoticed(token => system.Scores(batch, token).Dispose());
    }

    private static Tensor Labels(int count, int classes)
    {
        using var positions = arange(count, ScalarType.Int64);
        return positions.remainder(classes);
    }

    /// <summary>Samples that are each of a separate recording, of four sentences.</summary>
    private static TrainDataset Samples(int count, int devices)
    {
        var recordings = Enumerable.Range(0, count)
            .Select(i => new Recording($"/{i}.wav", $"{i % devices}", $"{i % 4}", $"{i}", 8000, 1)).ToList();
        return new TrainDataset(
            randn(count, 20), randn(count, 20, 20), Labels(count, devices), [.. Enumerable.Range(0, count)],
            [.. Enumerable.Range(0, devices).Select(d => $"{d}")], recordings);
    }
}
