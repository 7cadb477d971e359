using DeviceId.Models;
using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Identification;
using static TorchSharp.torch;

namespace DeviceId.Tests.Identification;

/// <summary>
/// A model of six simulated devices, trained once for all tests of a class: on three sentences of each device, the fourth is the questioned
/// one.
/// </summary>
public sealed class SmallModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallModel()
    {
        Corpus = SimulatedCorpus.Open(new SimulatedCorpusOptions
        {
            Brands = 3, ModelsPerBrand = 2, UnitsPerModel = 1, Sentences = 4, Speakers = 4, SecondsPerSentence = 4, SampleRate = 16_000
        }, _folder.Path);
        Model = PhoneModel.Train(Corpus.Subset(r => r.Sentence != Questioned), Options, _folder.File("cache"), CPU);
        Path = _folder.File("phones.model");
        Model.Save(Path);
    }

    public const string Questioned = "004";

    public static PhoneModelOptions Options { get; } = new()
    {
        FrontEnd = Profile.Smoke.FrontEnd with { Background = Profile.Smoke.FrontEnd.Background with { Components = 8 } },
        Classifier = new NetworkClassifierOptions
        {
            Network = new PstnnOptions { Embedding = 32 }, Training = Profile.Smoke.Training with { Epochs = 6 },
        },
        Folds = 3,
    };

    public Corpus Corpus { get; }

    public PhoneModel Model { get; }

    public string Path { get; }

    public IReadOnlyList<Recording> Recordings => [.. Corpus.Recordings.Where(r => r.Sentence == Questioned)];

    public void Dispose()
    {
        Model.Dispose();
        _folder.Dispose();
    }
}
