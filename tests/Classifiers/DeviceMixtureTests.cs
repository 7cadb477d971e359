using DeviceId.Classifiers;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>One Gaussian mixture per device, by maximum likelihood and by maximum mutual information.</summary>
[Collection(TensorCollection.Name)]
public sealed class DeviceMixtureTests : IDisposable
{
    private static readonly GmmOptions Small = new() { Components = 2, FinalIterations = 5 };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => ["likelihood", "information"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void HeldOutSamplesAreNamedRightBeforeAndAfterSavingAndLoading(string kind)
    {
        using var scope = NewDisposeScope();
        using var devices = new DeviceSamples();
        using var train = devices.Train();
        var (batch, labels) = devices.Test();
        using var classifier = Make(kind);
        Assert.Throws<InvalidOperationException>(() => classifier.Scores(batch));
        Assert.Throws<InvalidOperationException>(() => classifier.Save(_folder.File("early")));
        classifier.Fit(train);
        using var scores = classifier.Scores(batch);
        Assert.Equal(labels.data<long>(), scores.argmax(1).data<long>());
        using var alone = classifier.Scores(new SampleBatch(batch.Supervectors.narrow(0, 2, 1), batch.Segments.narrow(0, 2, 1)));
        Assert.True((alone - scores.narrow(0, 2, 1)).abs().max().item<float>() < 1e-5);

        var path = _folder.File("classifier");
        classifier.Save(path);
        using (var loaded = Load(kind, path))
        using (var scoresOfLoaded = loaded.Scores(batch))
            Assert.True(scores.Equals(scoresOfLoaded));
        using (var again = Make(kind))
        {
            again.Fit(train);
            again.Save(_folder.File("again"));
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(_folder.File("again")));
        }

        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(path, Assert.Throws<ModelFileException>(() => Load(kind, path)).Path);
    }

    [Fact]
    public void TheScoreIsTheMeanLogLikelihoodOfEachDevicesMixture()
    {
        using var scope = NewDisposeScope();
        using var devices = new DeviceSamples(devices: 3);
        using var train = devices.Train();
        var (batch, _) = devices.Test(each: 1);
        using var classifier = new GmmMaximumLikelihood(new() { Mixture = Small }, CPU);
        classifier.Fit(train);
        var scores = classifier.Scores(batch);
        for (var d = 0; d < 3; d++)
        {
            var own = train.Segments.index_select(0, train.Labels.eq(d).nonzero().squeeze(1)).reshape(-1, DeviceSamples.Columns);
            using var mixture = new GmmTrainer(Small, CPU).Fit([own]).Model;
            for (var i = 0; i < 3; i++)
            {
                // Scores are float32 of size 10.
                var expected = mixture.LogLikelihood(batch.Segments[i]).mean().item<double>();
                Assert.Equal(expected, scores[i, d].item<float>(), 1e-4);
            }
        }
    }

    [Fact]
    public void LogLikelihoodsOfAllMixturesAreThoseOfPlainLoops()
    {
        using var scope = NewDisposeScope();
        double[,] logWeights = { { Math.Log(0.25), Math.Log(0.75) }, { 1, 1 } };
        double[,,] means = { { { 0, 1 }, { 2, -1 } }, { { 3, 0 }, { 1, 1 } } };
        double[,,] logVariances = { { { 0, 0.5 }, { -1, 0 } }, { { 0.2, 0 }, { 0, -0.7 } } };
        var parameters = new MixtureParameters(
            tensor(logWeights, device: CPU), tensor(means, device: CPU), tensor(logVariances, device: CPU));
        double[,] frames = { { 0.5, 0.5 }, { -1, 2 } };
        var values = parameters.LogLikelihoods(tensor(frames, device: CPU));
        double[,] weights = { { 0.25, 0.75 }, { 0.5, 0.5 } };
        for (var f = 0; f < 2; f++)
            for (var d = 0; d < 2; d++)
            {
                var density = 0.0;
                for (var c = 0; c < 2; c++)
                {
                    var exponent = Math.Log(weights[d, c]);
                    for (var j = 0; j < 2; j++)
                        exponent -= ((Math.Pow(frames[f, j] - means[d, c, j], 2) / Math.Exp(logVariances[d, c, j]))
                            + logVariances[d, c, j] + Math.Log(2 * Math.PI)) / 2;
                    density += Math.Exp(exponent);
                }

                Assert.Equal(Math.Log(density), values[f, d].item<double>(), 1e-12);
            }
    }

    [Fact]
    public void EpochsRaiseTheMutualInformation()
    {
        using var scope = NewDisposeScope();
        using var devices = new DeviceSamples(channel: 0.3);
        using var train = devices.Train(each: 8);
        using var start = MixtureBank.Fit(train.Segments, train.Labels, 5, Small, CPU, null, default);
        var options = new GmmMutualInformationOptions { LearningRate = 0.01 };
        using var training = new MutualInformationTraining(start, options, 1, CPU);
        var before = training.Objective(train.Segments, train.Labels, default);

        // By hand: the mean of ln softmax of a tenth of the sums over the frames.
        var scores = start.Scores(train.Segments, default) * DeviceSamples.Frames * 0.1;
        var expected = scores.log_softmax(1).gather(1, train.Labels.unsqueeze(1)).mean().item<double>();
        Assert.Equal(expected, before, 1e-4);
        for (var epoch = 0; epoch < 5; epoch++)
            training.RunEpoch(train.Segments, train.Labels, default);
        var after = training.Objective(train.Segments, train.Labels, default);
        Assert.True(after > before + 0.01, $"{before} -> {after}");
        using var result = training.Result();
        Assert.False(result.Parameters.Means.Equals(start.Parameters.Means));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void DegenerateTrainingSamplesGiveFiniteScores(string kind)
    {
        foreach (var make in new Func<DeviceSamples, TrainDataset>[]
        {
            devices => devices.Train(sentences: 1, each: 1),
            devices => devices.Train(change: segments => segments.select(2, 1).fill_(3)),
            devices => devices.Train(change: segments => segments.copy_(segments.narrow(0, 0, 1).clone())),
        })
        {
            using var scope = NewDisposeScope();
            using var devices = new DeviceSamples(devices: 2);
            using var train = make(devices);
            var (batch, _) = devices.Test();
            using var classifier = Make(kind);
            classifier.Fit(train);
            using var scores = classifier.Scores(batch);
            Assert.True(scores.isfinite().all().item<bool>());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TensorsAreFreed(string kind)
    {
        using var devices = new DeviceSamples();
        using var train = devices.Train();
        var (batch, labels) = devices.Test();
        using (batch)
        using (labels)
        {
            var before = LiveTensors.CountSettled();
            using (var classifier = Make(kind))
            {
                classifier.Fit(train);
                classifier.Fit(train);
                classifier.Scores(batch).Dispose();
                classifier.Save(_folder.File("x"));
                Load(kind, _folder.File("x")).Dispose();
            }

            Assert.Equal(before, Tensor.TotalCount);
        }
    }

    [Fact]
    public void AFileOfAnotherKindAndUnusableSettingsAreExplained()
    {
        using var devices = new DeviceSamples();
        using var train = devices.Train();
        using var classifier = Make("likelihood");
        classifier.Fit(train);
        classifier.Save(_folder.File("likelihood"));
        Assert.Contains("GMM by maximum likelihood",
            Assert.Throws<ModelFileException>(() => GmmMutualInformation.Load(_folder.File("likelihood"), CPU)).Message,
            StringComparison.Ordinal);
        Assert.Contains("power of two", Assert.Single(
            new GmmMaximumLikelihoodOptions { Mixture = new GmmOptions { Components = 3 } }.Problems()), StringComparison.Ordinal);
        var problems = new GmmMutualInformationOptions { AcousticScale = 0, Epochs = 0, BatchSize = 0, LearningRate = -1 }.Problems();
        Assert.Equal(4, problems.Count());
        using var other = new SampleBatch(zeros([1, 0], device: CPU), zeros([1, 2, 3], device: CPU));
        Assert.Contains("same front end", Assert.Throws<ArgumentException>(() => classifier.Scores(other)).Message,
            StringComparison.Ordinal);
    }

    private static IDeviceClassifier Make(string kind) => kind == "likelihood"
        ? new GmmMaximumLikelihood(new() { Mixture = Small }, CPU)
        : new GmmMutualInformation(new() { Mixture = Small, Epochs = 3, BatchSize = 8 }, 1, CPU);

    private static IDeviceClassifier Load(string kind, string path) => kind == "likelihood"
        ? GmmMaximumLikelihood.Load(path, CPU) : GmmMutualInformation.Load(path, CPU);
}
