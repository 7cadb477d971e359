using DeviceId.Audio;
using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>
/// No parameter of a classifier depends on the test recordings: their files are replaced, and every classifier stays the same.
/// </summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class AlteredTestRecordingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OtherTestRecordingsChangeNoBitOfAnyClassifier()
    {
        var corpus = SimulatedCorpus.Open(SimulatedCorpusOptions.Small with { SecondsPerSentence = 1.5 }, _folder.Path);
        var split = Folds.LeaveOneSentenceOut(corpus)[0];
        var before = Train(split, "before");
        foreach (var recording in split.Test.Recordings)
        {
            var samples = Enumerable.Range(0, 24_000).Select(i => (float)(0.3 * Math.Sin(i * i * 1e-4))).ToArray();
            WaveFile.Write(recording.Path, new AudioClip(samples, recording.SampleRate));
        }

        var after = Train(split, "after");
        Assert.Equal(before.Count, after.Count);
        Assert.All(before, entry => Assert.True(entry.Value.SequenceEqual(after[entry.Key]), entry.Key));
    }

    /// <summary>The files of all classifiers, trained on the training recordings of the split.</summary>
    private Dictionary<string, byte[]> Train(Split split, string cache)
    {
        var frontEnd = Profile.Smoke.FrontEnd with { StandardiseSegments = false };
        using var samples = new Pipeline(_folder.File(cache), CPU).Prepare(split.Train, frontEnd);
        var mixture = new GmmOptions { Components = 2 };
        var kinds = VectorClassifierKinds.All.ToDictionary(kind => kind.Key, kind => (ClassifierOptions)kind.Value);
        kinds["GMM by maximum likelihood"] = new GmmMaximumLikelihoodOptions { Mixture = mixture };
        kinds["GMM by mutual information"] = new GmmMutualInformationOptions { Mixture = mixture, Epochs = 2 };
        var context = new ClassifierContext(samples.FrontEnd, samples.Train.Devices, 1, CPU);
        return kinds.ToDictionary(kind => kind.Key, kind =>
        {
            using var classifier = kind.Value.Create(context);
            classifier.Fit(samples.Train);
            classifier.Save(_folder.File("classifier"));
            return File.ReadAllBytes(_folder.File("classifier"));
        });
    }
}
