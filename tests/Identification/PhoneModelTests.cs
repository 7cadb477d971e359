using DeviceId.Models;
using DeviceId.Classifiers;
using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Identification;
using static TorchSharp.torch;

namespace DeviceId.Tests.Identification;

[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class PhoneModelTests : IDisposable
{
    private static readonly SimulatedCorpusOptions Recordings = new()
    {
        Brands = 3, ModelsPerBrand = 1, UnitsPerModel = 1, Sentences = 4, Speakers = 4, SecondsPerSentence = 4, SampleRate = 16000
    };

    private static readonly PhoneModelOptions Small = new()
    {
        FrontEnd = Profile.Smoke.FrontEnd with { Background = Profile.Smoke.FrontEnd.Background with { Components = 8 } },
        Classifier = new NetworkClassifierOptions
        {
            Network = new PstnnOptions { Embedding = 32 }, Training = Profile.Smoke.Training with { Epochs = 6 },
        },
        Folds = 2,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AModelReadFromItsFileGivesTheSameAnswersAndIdentifiesItsRecordings()
    {
        var corpus = SimulatedCorpus.Open(Recordings, _folder.Path);
        var reports = new List<WorkProgress>();
        using var model = PhoneModel.Train(corpus, Small, _folder.File("cache"), CPU, new Listener(reports));
        Assert.Equal(["training 1 of 3, to calibrate", "training 2 of 3, to calibrate", "training 3 of 3"],
            reports.Select(r => r.Work).Where(work => work.StartsWith("training", StringComparison.Ordinal)).Distinct());
        Assert.Equal((12, corpus.Fingerprint, true), (model.Facts.Recordings, model.Facts.Fingerprint, model.Facts.IsSimulated));
        Assert.Equal(12, model.Calibration.Recordings);

        var path = _folder.File("phones.model");
        model.Save(path);
        using var loaded = PhoneModel.Load(path, CPU);
        var correct = 0;
        foreach (var recording in corpus.Recordings)
        {
            var clip = AudioFile.Read(recording.Path);
            var (before, after) = (model.Identify(clip), loaded.Identify(clip));
            Assert.Equal(before.Candidates, after.Candidates);
            Assert.Equal(1, after.Candidates.Sum(c => c.Probability), 1e-9);
            // 4 s in segments of 64 frames with a hop of 15 ms.
            Assert.Equal(4, after.Strip.Count);
            Assert.Equal(0.96, after.SegmentSeconds, 1e-9);
            correct += after.Candidates[0].Device == recording.Device ? 1 : 0;
        }

        // Training recordings of three very different brands.
        Assert.InRange(correct, 10, 12);
        var tooShort = new AudioClip([.. Enumerable.Range(0, 100).Select(i => i / 200f)], 16000);
        Assert.Contains("less than one frame", Assert.Throws<ArgumentException>(() => loaded.Identify(tooShort)).Message,
            StringComparison.Ordinal);
        var silent = new AudioClip(new float[16000], 16000);
        Assert.Contains("is silent", Assert.Throws<ArgumentException>(() => loaded.Identify(silent)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedFileAnotherKindAndAnotherVersionAreRefusedWithTheReason()
    {
        var corpus = SimulatedCorpus.Open(Recordings with { Brands = 2, Sentences = 2 }, _folder.Path);
        var path = _folder.File("phones.model");
        using (var model = PhoneModel.Train(corpus, Small.WithTraining(training => training with { Epochs = 1, SamplesPerEpoch = 48 }),
            _folder.File("cache"), CPU))
            model.Save(path);
        var bytes = File.ReadAllBytes(path);
        foreach (var at in new[] { 5, 300, bytes.Length / 2, bytes.Length - 1 })
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 4;
            File.WriteAllBytes(path, damaged);
            Assert.Throws<ModelFileException>(() => PhoneModel.Load(path, CPU));
        }

        File.WriteAllBytes(path, bytes[..^100]);
        Assert.Throws<ModelFileException>(() => PhoneModel.Load(path, CPU));
        using var scope = NewDisposeScope();
        TensorFile.Write(path, "network", "{}", []);
        Assert.Contains("this is a network", Assert.Throws<ModelFileException>(() => PhoneModel.Load(path, CPU)).Message,
            StringComparison.Ordinal);
        TensorFile.Write(path, "model of phones", """{"version":99}""", []);
        Assert.Contains("version 99", Assert.Throws<ModelFileException>(() => PhoneModel.Load(path, CPU)).Message,
            StringComparison.Ordinal);
        TensorFile.Write(path, "model of phones", "[]", []);
        Assert.Contains("description", Assert.Throws<ModelFileException>(() => PhoneModel.Load(path, CPU)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void OneDeviceAndTooFewSentencesAreRefusedBeforeTraining()
    {
        var one = SimulatedCorpus.Open(Recordings with { Brands = 1, Sentences = 2 }, _folder.Path);
        Assert.Contains("one device", Assert.Throws<CorpusException>(() =>
            PhoneModel.Train(one, Small, _folder.File("cache"), CPU)).Message, StringComparison.Ordinal);
        var two = SimulatedCorpus.Open(Recordings with { Brands = 2, Sentences = 1 }, _folder.Path);
        Assert.Contains("too few for 2 folds",
            Assert.Throws<CorpusException>(() => PhoneModel.Train(two, Small, _folder.File("cache"), CPU)).Message,
            StringComparison.Ordinal);
        Assert.Single((Small with { Folds = 1 }).Problems());
    }

    private sealed class Listener(List<WorkProgress> reports) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => reports.Add(value);
    }
}
