using DeviceId.Classifiers;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Tests.Training;
using static TorchSharp.torch;

namespace DeviceId.Tests.Models;

/// <summary>The networks of Section 2 that read the segment of any feature.</summary>
[Collection(TensorCollection.Name)]
public sealed class SpectrumNetworksTests
{
    internal static SampleShape Shape { get; } = new(Devices: 3, Components: 0, Coefficients: 18, Frames: 9);

    internal static IReadOnlyList<NetworkOptions> Tiny { get; } =
        [new SpectrumCnnOptions { Hidden = 8 }, new SubbandAttentionCnnOptions { Hidden = 8, Subbands = 2, Reduction = 4 }];

    public static TheoryData<int> Networks => [0, 1];

    [Fact]
    public void TheNumberOfParametersIsThatOfTheLayers()
    {
        var shape = new SampleShape(Devices: 45, Components: 0, Coefficients: 60, Frames: 64);
        Assert.Equal(
            (16 * 2 * 5 + 16) + (32 * 16 * 5 + 32) + (64 * 32 * 5 + 64) + 2 * (16 + 32 + 64)
                + (64 * (60 / 8) + 1) * 128 + (128 + 1) * 45,
            Count(new SpectrumCnnOptions(), shape));
        Assert.Equal(
            4 * ((16 * 9 + 16) + (32 * 16 * 9 + 32) + (64 * 32 * 9 + 64) + 2 * (16 + 32 + 64))
                + (256 + 1) * 16 + (16 + 1) * 256 + (256 + 1) * 128 + (128 + 1) * 45,
            Count(new SubbandAttentionCnnOptions(), shape));

        static long Count(NetworkOptions options, SampleShape shape)
        {
            using var network = options.Create(shape, seed: 1);
            return network.parameters().Sum(p => p.numel());
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void TheSameSeedGivesTheSameWeightsAndEveryParameterHasAGradientOnBothBackends(int index)
    {
        foreach (var accelerated in new[] { true, false })
        {
            using var backend = new BackendSwitch(accelerated);
            using var scope = NewDisposeScope();
            using var network = Tiny[index].Create(Shape, seed: 4);
            using var again = Tiny[index].Create(Shape, seed: 4);
            Assert.All(network.parameters().Zip(again.parameters()), pair => Assert.True(pair.First.Equals(pair.Second)));
            using var output = network.call(empty([6, 0], device: CPU), randn([6, 9, 18], device: CPU));
            Assert.Equal([6L, 3L], output.Deep.shape);
            Assert.Null(output.Spatial);
            Assert.Null(output.Temporal);
            output.Deep.square().sum().backward();
            Assert.All(
                network.named_parameters(),
                p => Assert.True(p.parameter.grad is { } gradient && gradient.isfinite().all().item<bool>(), p.name));
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void AnAnswerDoesNotDependOnTheOtherSamplesOfItsBatch(int index)
    {
        using var scope = NewDisposeScope();
        using var network = Tiny[index].Create(Shape, seed: 1);
        var (supervectors, segments) = (empty([5, 0], device: CPU), randn([5, 9, 18], device: CPU));
        using var together = network.Predict(supervectors, segments);
        using var alone = network.Predict(supervectors, segments, batchSize: 1);
        // Another batch size changes only the order of summation.
        Assert.True((together.Deep - alone.Deep).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void TheSpectrumCnnIgnoresTheOrderOfTheFramesAndHearsAConstantChannel()
    {
        using var scope = NewDisposeScope();
        using var network = Tiny[0].Create(Shape, seed: 1);
        var (none, segments) = (empty([2, 0], device: CPU), randn([2, 9, 18], device: CPU));
        using var plain = network.Predict(none, segments);
        using var reversed = network.Predict(none, segments.flip([1]));
        using var filtered = network.Predict(none, segments + linspace(0, 30, 18, device: CPU));
        Assert.True((plain.Deep - reversed.Deep).abs().max().item<float>() < 1e-5);
        Assert.True((plain.Deep - filtered.Deep).abs().max().item<float>() > 1e-3);
    }

    [Fact]
    public void TheSubbandCnnWeighsTheChannelsOfEachSubbandAndReadsThemAll()
    {
        using var scope = NewDisposeScope();
        // 19 columns in two subbands: 9 and 10.
        using var network = Tiny[1].Create(Shape with { FurtherColumns = 1 }, seed: 1);
        var (none, segments) = (empty([2, 0], device: CPU), randn([2, 9, 19], device: CPU));
        using var weights = network.AttentionWeights(none, segments)!;
        Assert.Equal([2L, 2L * 64], weights.shape);
        Assert.InRange(weights.min().item<float>(), 0, 1);
        Assert.InRange(weights.max().item<float>(), 0, 1);
        using var plain = network.Predict(none, segments);
        foreach (var column in new[] { 0, 8, 9, 15 })
        {
            var changed = segments.clone();
            changed.select(2, column).add_(2);
            using var other = network.Predict(none, changed);
            Assert.False(plain.Deep.Equals(other.Deep), $"column {column}");
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void ATrainedNetworkIsSavedAndLoadedWithItsAnswers(int index)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var segments = randn([24, 9, 18], device: CPU);
        var labels = arange(24, dtype: ScalarType.Int64, device: CPU).remainder(3);
        using var train = new TrainDataset(
            empty([24, 0], device: CPU), segments + labels.view(-1, 1, 1), labels, [.. new int[24]], ["a", "b", "c"],
            [new DeviceId.Corpora.Recording("x", "a", "1", "", 16000, 1)]);
        var options = TrainingSamples.Options with { Epochs = 2, BatchSize = 12 };
        using var classifier = new NetworkClassifier(Tiny[index].Create(Shape, seed: 1), options, CPU);
        classifier.Fit(train);
        classifier.Save(folder.File("network"));
        using var loaded = NetworkClassifier.Load(folder.File("network"), CPU);
        var samples = new SampleBatch(train.Supervectors, train.Segments);
        Assert.True(classifier.Scores(samples).Equals(loaded.Scores(samples)));
        Assert.Equal(Tiny[index], Json.Read<NetworkOptions>(Json.Write(Tiny[index])));
    }

    [Fact]
    public void InvalidOptionsAreReportedAllAtOnce()
    {
        var small = Shape with { Coefficients = 5, Frames = 3 };
        var spectrum = Assert.Throws<OptionsException>(() => new SpectrumCnnOptions { Hidden = 0, Dropout = 1 }.Create(small, 1));
        Assert.Equal(3, spectrum.Problems.Count);
        var subbands = Assert.Throws<OptionsException>(
            () => new SubbandAttentionCnnOptions { Hidden = 0, Dropout = -1, Reduction = 0 }.Create(small, 1));
        Assert.Equal(5, subbands.Problems.Count);
        Assert.Single(new SubbandAttentionCnnOptions { Subbands = 0 }.Problems());
    }
}
