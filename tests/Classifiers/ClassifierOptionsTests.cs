using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Experiments;
using DeviceId.Features;
using DeviceId.Identification;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>Settings of classifiers: what they create, and which front ends they reject.</summary>
[Collection(TensorCollection.Name)]
public sealed class ClassifierOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<ClassifierOptions, FrontEndOptions, string> RejectedFrontEnds => new()
    {
        { new GmmUbmOptions(), new FrontEndOptions(), "switch StandardiseSegments off" },
        { new GmmUbmOptions(), new FrontEndOptions { WithSupervectors = false, StandardiseSegments = false }, "WithSupervectors is off" },
        { new GsvSvmOptions(), new FrontEndOptions { WithSupervectors = false }, "WithSupervectors is off" },
        { new BedSvmOptions(), new FrontEndOptions { StandardiseSegments = false }, "band energy differences as its only feature" },
        { new NetworkClassifierOptions(), new FrontEndOptions { WithSupervectors = false }, "the front end makes none" },
        { new NetworkClassifierOptions { Network = new MultiFeatureCnnOptions() }, new FrontEndOptions(), "0 log mel energies" },
    };

    [Theory]
    [MemberData(nameof(RejectedFrontEnds))]
    public void ASystemRejectsAFrontEndThatItCannotUseBeforeAnythingIsComputed(
        ClassifierOptions classifier, FrontEndOptions frontEnd, string reason)
    {
        var settings = new TrialSettings { FrontEnd = frontEnd, Classifier = classifier };
        Assert.Contains(reason, string.Join('\n', settings.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void AnInvalidFrontEndIsReportedOnceAndItsShapeIsNotComputed()
    {
        var frontEnd = new FrontEndOptions { BackgroundFeature = 9 };
        Assert.Single(new TrialSettings { FrontEnd = frontEnd, Classifier = new NetworkClassifierOptions() }.Problems());
        Assert.Single(new PhoneModelOptions { FrontEnd = frontEnd }.Problems());
    }

    [Fact]
    public void ANetworkTakesItsSizesFromTheSamplesWhateverTheFeatures()
    {
        var (samples, corpus) = Prepare(Profile.Smoke.FrontEnd.With(new LogMelOptions { Filters = 24 }));
        using (samples)
        using (var system = Make(new NetworkClassifierOptions { Network = new PstnnOptions { Embedding = 16 } }, samples, corpus))
        {
            var network = Assert.IsType<NetworkClassifier>(system).Network;
            Assert.Equal(new SampleShape(corpus.Devices.Count, Components: 16, FurtherColumns: 24), network.Shape);
            using var probabilities = network.Predict(samples.Train.Supervectors, samples.Train.Segments);
            Assert.Equal([samples.Train.Count, corpus.Devices.Count], probabilities.Deep.shape);
        }
    }

    [Fact]
    public void AClassifierOfTwoFunctionsTrainsScoresFreesItsTensorsAndCannotBeSaved()
    {
        var (samples, corpus) = Prepare(Profile.Smoke.FrontEnd);
        using (samples)
        {
            using var batch = new SampleBatch(samples.Train.Supervectors.alias(), samples.Train.Segments.alias());
            var before = LiveTensors.CountSettled();
            var custom = new CustomClassifier("nearest mean v1", train =>
            {
                Tensor Mean(int d) => train.Supervectors.index_select(0, train.Labels.eq(d).nonzero().squeeze(1)).mean([0]);
                var means = stack(Enumerable.Range(0, train.Devices.Count).Select(Mean).ToArray());
                return test => -cdist(test.Supervectors, means);
            });
            using (var system = Make(custom, samples, corpus))
            {
                Assert.Throws<InvalidOperationException>(() => system.Scores(batch));
                system.Fit(samples.Train);
                system.Fit(samples.Train);
                using var scores = system.Scores(batch);
                Assert.Equal([samples.Train.Count, corpus.Devices.Count], scores.shape);
                Assert.Contains("nearest mean v1", Assert.Throws<NotSupportedException>(() => system.Save(_folder.File("x"))).Message,
                    StringComparison.Ordinal);
            }

            Assert.Equal(before, Tensor.TotalCount);
        }
    }

    private static IDeviceClassifier Make(ClassifierOptions options, PreparedSamples samples, Corpus corpus) =>
        options.Create(new ClassifierContext(samples.FrontEnd, corpus.Devices, 1, CPU));

    private (PreparedSamples Samples, Corpus Corpus) Prepare(FrontEndOptions frontEnd)
    {
        var corpus = SimulatedCorpus.Open(SimulatedCorpusOptions.Small with { SecondsPerSentence = 1.5 }, _folder.Path);
        return (new Pipeline(_folder.File("features"), CPU).Prepare(Folds.LeaveOneSentenceOut(corpus)[0].Train, frontEnd), corpus);
    }
}
