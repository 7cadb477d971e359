using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Tests.Mixtures;

[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class MixtureCancellationTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void CancellationIsNoticedDuringTheExpectationSteps(ScalarType precision)
    {
        using var frames = randn(200_000, 39);
        var options = new GmmOptions { Components = 256, FinalIterations = 1000 };
        Cancellation.IsNoticed(token => new GmmTrainer(options, CPU, precision).Fit([frames], cancellationToken: token).Model.Dispose());
    }

    [Fact]
    public void CancellationIsNoticedWhileTheMomentsOfTheFramesAreSummed()
    {
        using var frames = randn(4096, 39);
        // Ten hours of audio: every recording is the same tensor, so they need no more memory.
        var recordings = Enumerable.Repeat(frames, 2000).ToList();
        Cancellation.IsNoticed(token => new GmmTrainer(new GmmOptions(), CPU).Fit(recordings, cancellationToken: token).Model.Dispose());
    }

    [Fact]
    public void CancellationIsNoticedWhileKMeansDrawsItsCentres()
    {
        using var frames = randn(200_000, 39);
        var options = new GmmOptions { Components = 2048, Start = GmmStart.KMeans };
        Cancellation.IsNoticed(token => new GmmTrainer(options, CPU).Fit([frames], cancellationToken: token).Model.Dispose());
    }

    [Theory]
    [InlineData(ScalarType.Float32, 64)]
    [InlineData(ScalarType.Float64, 64)]
    [InlineData(ScalarType.Float64, 1_920_000)]
    public void CancellationIsNoticedDuringTheAdaptationToManySegmentsAndToALongOne(ScalarType precision, int framesPerSegment)
    {
        using var background = Background(components: 256);
        using var adaptation = new MapAdaptation(background, 10, CPU, precision);
        using var segments = randn(1_920_000 / framesPerSegment, framesPerSegment, 39);
        Cancellation.IsNoticed(token => adaptation.Means(segments, token).Dispose());
    }

    [Fact]
    public void CancellationIsNoticedWhileFramesAreScored()
    {
        using var background = Background(components: 512);
        using var frames = randn(1_000_000, 39);
        Cancellation.IsNoticed(token => background.LogLikelihood(frames, token).Dispose());
        Cancellation.IsNoticed(token => background.Posteriors(frames, token).Dispose());
    }

    private static DiagonalGmm Background(int components)
    {
        using var scope = NewDisposeScope();
        return new DiagonalGmm(ones(components) / components, randn(components, 39), ones(components, 39));
    }
}
