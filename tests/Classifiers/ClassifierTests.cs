using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>Every system of the comparison: its arithmetic on a case computed by hand, training, saving and loading.</summary>
[Collection(TensorCollection.Name)]
public sealed class ClassifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Systems => ["GMM-UBM", "GSV-SVM", "BED-SVM", "mean", "PSTNN", "multi-feature CNN"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AGmmUbmScoreIsTheMeanLogRatioDoneByHand()
    {
        using var scope = NewDisposeScope();

        // Background: one Gaussian, mean 0, variance 1, one coefficient. Device 0 has the frames 1, 3; device 1 the frames -2, -2. tau = 2.
        using var background = new DiagonalGmm(tensor(new[] { 1.0 }), tensor(new[,] { { 0.0 } }), tensor(new[,] { { 1.0 } }));
        using var train = Train(tensor(new float[,,] { { { 1 }, { 3 } }, { { -2 }, { -2 } } }));
        using var system = new GmmUbm(background, relevanceFactor: 2, CPU);
        system.Fit(train);

        // MAP: (sum of frames + tau 0) / (frames + tau) = 4 / 4 = 1 and -4 / 4 = -1.
        Assert.Equal([1.0, -1.0], system.Devices.Select(device => device.Means.item<double>()));

        // Frames 0.5 and 2, mean m: log N(x; m) - log N(x; 0) = m x - m^2 / 2. Mean over the frames for m = 1: (0 + 1.5) / 2 = 0.75; for
        // m = -1: (-1 - 2.5) / 2 = -1.75.
        using var scores = system.Scores(new SampleBatch(empty([1, 0]), tensor(new float[,,] { { { 0.5f }, { 2 } } })));
        Assert.Equal(0.75f, scores[0, 0].item<float>(), 1e-6f);
        Assert.Equal(-1.75f, scores[0, 1].item<float>(), 1e-6f);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void ASystemFitsItsTrainingSamplesAndGivesTheSameScoresAfterSavingAndLoading(string name)
    {
        using var scope = NewDisposeScope();
        Seeds.Set(11);
        using var train = Clusters();
        using var batch = new SampleBatch(train.Supervectors.alias(), train.Segments.alias());
        using var system = Make(name);
        Assert.Throws<InvalidOperationException>(() => system.Scores(batch));
        Assert.Throws<InvalidOperationException>(() => system.Save(_folder.File("early")));
        system.Fit(train);
        using var scores = system.Scores(batch);
        Assert.Equal([train.Count, 3], scores.shape);

        // Three clusters, 10 standard deviations apart: every system must classify all samples correctly.
        Assert.True(scores.argmax(1).Equals(train.Labels), name);

        var path = _folder.File("system");
        system.Save(path);
        using var loaded = Load(name, path);
        using var scoresOfLoaded = loaded.Scores(batch);
        Assert.True(scores.Equals(scoresOfLoaded), name);

        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(path, Assert.Throws<ModelFileException>(() => Load(name, path)).Path);
    }

    [Fact]
    public void TheStandardDeviationOverFramesSeparatesDevicesOfEqualMeans()
    {
        using var scope = NewDisposeScope();
        Seeds.Set(11);
        using var train = Clusters();
        var frames = randn(train.Segments.shape);

        // Frames whose mean is 0 in every segment, and whose standard deviations are 1, 2 and 4.
        var scale = tensor(new float[] { 1, 2, 4 }).index_select(0, train.Labels).view(-1, 1, 1);
        train.Segments.copy_((frames - frames.mean([1], keepdim: true)) * scale);
        using var system = new StatisticsPoolingSvm();
        system.Fit(train);
        using var batch = new SampleBatch(train.Supervectors.alias(), train.Segments.alias());
        using var scores = system.Scores(batch);
        Assert.True(scores.argmax(1).Equals(train.Labels));
    }

    [Fact]
    public void AFileOfAnotherSystemIsRefused()
    {
        using var scope = NewDisposeScope();
        Seeds.Set(11);
        using var train = Clusters();
        using var system = new GsvSvm();
        system.Fit(train);
        system.Save(_folder.File("gsv"));
        Assert.Contains("GSV-SVM", Assert.Throws<ModelFileException>(() => StatisticsPoolingSvm.Load(_folder.File("gsv"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void CrossValidationHoldsOutWholeGroups()
    {
        using var scope = NewDisposeScope();
        Seeds.Set(5);

        // Each group is a separate cluster with one label: three clusters of the rare label and nine of the other, all far apart. Folds
        // that split groups favour the large C, which memorises clusters. For a cluster that is held out as a whole, no C can do better
        // than guess the frequent label: a tie, so the smaller C wins.
        const int Groups = 12, Each = 10;
        var labels = Enumerable.Range(0, Groups).Select(g => g < 3 ? 1L : 0L).ToArray();
        var centres = randn(Groups, 6) * 5;
        var x = cat(Enumerable.Range(0, Groups).Select(g => centres[g] + 0.1 * randn(Each, 6)).ToArray(), 0);
        var y = tensor(Enumerable.Range(0, Groups * Each).Select(i => labels[i / Each]).ToArray());
        var groups = Enumerable.Range(0, Groups * Each).Select(i => $"{i / Each:00}").ToList();
        var options = new SvmOptions { Kernel = SvmKernel.Rbf, Gamma = 10 };
        var grouped = SvmCrossValidation.ChooseC(x, y, 2, groups, options, [0.001, 100]);
        var ungrouped = SvmCrossValidation.ChooseC(x, y, 2, [.. Enumerable.Range(0, Groups * Each).Select(i => $"{i:000}")], options,
            [0.001, 100]);
        Assert.Equal(0.001, grouped.C);
        Assert.Equal(100, ungrouped.C);

        // With one group nothing can be held out, so the settings' own C is used. A single candidate is always used.
        Assert.Equal(7, SvmCrossValidation.ChooseC(x, y, 2, [.. groups.Select(_ => "one")], options with { C = 7 }, [3, 1]).C);
        Assert.Equal(3, SvmCrossValidation.ChooseC(x, y, 2, groups, options with { C = 7 }, [3]).C);
    }

    private static IDeviceClassifier Make(string name) => name switch
    {
        "GMM-UBM" => new GmmUbm(Background(), 10, CPU),
        "GSV-SVM" => new GsvSvm(),
        "BED-SVM" => new BedSvm(),
        "mean" => new StatisticsPoolingSvm(),
        "PSTNN" => new NetworkClassifier(Network.Create(Shape, 1), Training, CPU),
        _ => new NetworkClassifier(
            PreviousNetwork.Create(Shape with { Components = 8, Coefficients = 8, FurtherColumns = 8 }, 1), Training, CPU),
    };

    private static IDeviceClassifier Load(string name, string path) => name switch
    {
        "GMM-UBM" => GmmUbm.Load(path, CPU),
        "GSV-SVM" => GsvSvm.Load(path),
        "BED-SVM" => BedSvm.Load(path),
        "mean" => StatisticsPoolingSvm.Load(path),
        _ => NetworkClassifier.Load(path, CPU),
    };

    private static SampleShape Shape { get; } = new(Devices: 3, Components: 4, Coefficients: 16, Frames: 8);

    private static PstnnOptions Network { get; } = new() { Embedding = 32, LstmUnits = [4, 4], Dropout = 0 };

    private static MultiFeatureCnnOptions PreviousNetwork { get; } = new() { Embedding = 32, Dropout = 0 };

    private static TrainingOptions Training { get; } = new() { Epochs = 40, BatchSize = 16, LearningRate = 0.003 };

    private static DiagonalGmm Background() =>
        new(ones(4, ScalarType.Float64) / 4, randn(4, 8, ScalarType.Float64), ones(4, 8, ScalarType.Float64));

    /// <summary>Samples of three devices and three sentences; each device shifts all inputs by another random vector.</summary>
    private static TrainDataset Clusters()
    {
        const int Samples = 36;
        var labels = arange(Samples, ScalarType.Int64).remainder(3);
        var shift = (randn(3, 8) * 10).index_select(0, labels);
        var segments = shift.unsqueeze(1).repeat(1, 8, 2) + randn(Samples, 8, 16);
        var supervectors = shift.repeat(1, 8) + randn(Samples, 64);
        var devices = new[] { "a", "b", "c" };
        var recordings = Enumerable.Range(0, Samples)
            .Select(i => new Recording($"/{i}.wav", devices[i % 3], $"{i / 3 % 3}", $"{i}", 32000, 1)).ToList();
        return new TrainDataset(supervectors, segments, labels, [.. Enumerable.Range(0, Samples)], devices, recordings);
    }

    private static TrainDataset Train(Tensor segments)
    {
        var recordings = Enumerable.Range(0, 2).Select(i => new Recording($"/{i}.wav", $"device{i}", "1", $"{i}", 8000, 1)).ToList();
        return new TrainDataset(empty([2, 0]), segments, tensor(new long[] { 0, 1 }), [0, 1], ["device0", "device1"], recordings);
    }
}
