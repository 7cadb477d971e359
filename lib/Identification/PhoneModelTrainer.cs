using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Evaluation;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>The steps of <see cref="PhoneModel.Train"/>.</summary>
internal sealed class PhoneModelTrainer
{
    private readonly Corpus _corpus;
    private readonly PhoneModelOptions _options;
    private readonly Device _device;
    private readonly IProgress<WorkProgress>? _progress;
    private readonly FeatureStore _features;
    private readonly FeatureStore _spectra;

    public PhoneModelTrainer(Corpus corpus, PhoneModelOptions options, string cacheFolder, Device device, IProgress<WorkProgress>? progress)
    {
        options.Validate();
        if (corpus.Devices.Count < 2)
            throw new CorpusException($"{corpus.Name} holds recordings of one device: a model tells two at least apart.");
        _options = options.For(corpus);
        _options.Validate();
        (_corpus, _device, _progress) = (corpus, device, progress);
        (_features, _spectra) = (new FeatureStore(cacheFolder, _options.FrontEnd.Features(device)), new FeatureStore(cacheFolder, _options.Spectra(device)));
    }

    public PhoneModel Train()
    {
        var folds = SentenceFolds();
        var traits = Traits();
        var (space, likeness) = Comparison();
        var heldOut = folds.Select((fold, i) => Predict(fold, $"training {i + 1} of {folds.Count + 1}, to calibrate")).ToList();
        var (frontEnd, network) = Learn(new TrainSet(_corpus.Devices, _corpus.Recordings), $"training {folds.Count + 1} of {folds.Count + 1}");
        return new PhoneModel(_options, PhoneModelFacts.Of(_corpus, traits, _device), Calibration.Of(Predictions.Join(heldOut)), frontEnd, network, space, likeness, _device);
    }

    /// <summary>The comparison of spectra and what it is worth; nulls where there are too few devices.</summary>
    public (DeviceSpace? Space, LikenessCalibration? Likeness) Comparison()
    {
        var spectra = Spectra(_corpus.Recordings);
        if (LikenessCalibration.Of(HeldOutQuestions.Ask(SentenceFolds(), spectra, _options.Training.Seed)) is not { } likeness)
            return (null, null);
        var devices = _corpus.Devices.ToList();
        return (DeviceSpace.Fit([.. _corpus.Recordings.Select(r => spectra[r.Path])], [.. _corpus.Recordings.Select(r => devices.IndexOf(r.Device))], devices.Count), likeness);
    }

    /// <summary>Spectrum of every recording, by its path.</summary>
    public IReadOnlyDictionary<string, double[]> Spectra(IReadOnlyList<Recording> recordings)
    {
        using var scope = NewDisposeScope();
        return recordings.Zip(_spectra.Load(recordings, _progress)).ToDictionary(pair => pair.First.Path, pair => DeviceSpace.Spectrum(pair.Second));
    }

    /// <summary>Spectrum of a recording that is not on the disk.</summary>
    public double[] Spectrum(AudioClip clip)
    {
        using var scope = NewDisposeScope();
        return DeviceSpace.Spectrum(_options.Spectra(_device).Extract([clip])[0]);
    }

    /// <summary>First candidate of each recording, by its path, from a network trained on the whole corpus, to which they do not belong.</summary>
    public IReadOnlyDictionary<string, string> Names(IReadOnlyList<Recording> questioned)
    {
        var (frontEnd, network) = Learn(new TrainSet(_corpus.Devices, _corpus.Recordings), "training");
        using (frontEnd)
        using (network)
            return questioned.ToDictionary(r => r.Path, r => First(frontEnd, network, r));
    }

    /// <summary>The parts of a corpus that a model's calibration is learnt from in turn.</summary>
    public static IReadOnlyList<Split> SentenceFolds(Corpus corpus, PhoneModelOptions options) => Folds.Grouped(corpus, options.Folds, options.Training.Seed);

    private IReadOnlyList<Split> SentenceFolds() => SentenceFolds(_corpus, _options);

    private string First(FrontEnd frontEnd, NetworkClassifier network, Recording recording)
    {
        using var scope = NewDisposeScope();
        using var samples = frontEnd.Transform(AudioFile.Read(recording.Path));
        using var scores = network.Scores(samples);
        // A temperature does not change which candidate is the first.
        var probabilities = new Calibration(1, 1, 1, 0, 0).OfRecording([.. scores.data<float>().ToArray().Chunk(_corpus.Devices.Count)]);
        return _corpus.Devices[Array.IndexOf(probabilities, probabilities.Max())];
    }

    private Predictions Predict(Split split, string work)
    {
        var (frontEnd, network) = Learn(split.Train, work);
        using (frontEnd)
        using (network)
        using (var test = frontEnd.Transform(split.Test))
            return Evaluator.Evaluate(network, test);
    }

    private (FrontEnd FrontEnd, NetworkClassifier Network) Learn(TrainSet train, string work)
    {
        var (frontEnd, samples) = FrontEnd.Fit(train, _options.FrontEnd, _features, _device);
        using (samples)
        {
            var told = _progress is null ? null : new Told(_progress, work);
            var network = new NetworkClassifier(Pstnn.Create(_options.Network(train.Devices.Count), _options.Training.Seed), _options.Training, _device) { Training = told };
            network.Fit(samples);
            return (frontEnd, network);
        }
    }

    /// <summary>What the recordings are like.</summary>
    public TrainingTraits Traits() => TrainingTraits.Of([.. _corpus.Recordings.Select((recording, i) =>
    {
        var traits = RecordingTraits.Of(recording.Path, AudioFile.Read(recording.Path));
        _progress?.Report(new WorkProgress("measuring recordings", i + 1, _corpus.Recordings.Count));
        return (recording.Device, traits);
    })]);

    private sealed class Told(IProgress<WorkProgress> progress, string work) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => progress.Report(new WorkProgress(work, value.Batch + (value.Batches * (value.Epoch - 1)), value.Batches * value.Epochs));
    }
}
