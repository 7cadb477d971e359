using DeviceId.Audio;
using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Features;
using DeviceId.Foundation;
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
    private readonly string _cacheFolder;
    private readonly FeatureStore _spectra;

    public PhoneModelTrainer(Corpus corpus, PhoneModelOptions options, string cacheFolder, Device device, IProgress<WorkProgress>? progress)
    {
        options.Validate();
        if (corpus.Devices.Count < 2)
            throw new CorpusException($"{corpus.Name} contains recordings of one device: a model needs at least two devices.");
        _options = options.For(corpus);
        _options.Validate();
        (_corpus, _device, _progress, _cacheFolder) = (corpus, device, progress, cacheFolder);
        _spectra = new FeatureStore(cacheFolder, _options.CreateSpectra(device));
    }

    /// <summary>Receives sentences for the user.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Log of the trainings: a run for each fold and one for the model; null for none.</summary>
    public TensorBoardLog? Log { get; init; }

    public PhoneModel Train(CancellationToken cancellationToken)
    {
        var folds = SentenceFolds();
        var statistics = MeasureStatistics(cancellationToken);
        var (scorer, similarityCalibration) = FitScorer(cancellationToken);
        var checkpoints = new CheckpointFolder(Path.Combine(_cacheFolder, "checkpoints"), Notice);
        var trainings = folds.Count + 1;
        var heldOut = folds
            .Select((fold, i) => Predict(fold, $"training {i + 1} of {trainings}, to calibrate", checkpoints,
                Log?.Begin($"fold {i + 1}"), cancellationToken)).ToList();
        var all = new TrainSet(_corpus.Devices, _corpus.Recordings);
        var system = TrainSystem(all, $"training {trainings} of {trainings}", checkpoints, Log?.Begin("all recordings"), cancellationToken);
        checkpoints.Remove();
        var predictions = Predictions.Join(heldOut);
        foreach (var sentence in MisnamedRecordings.Describe(predictions))
            Notice?.Invoke(sentence);
        return new PhoneModel(
            _options, PhoneModelFacts.Describe(_corpus, statistics, _device), Calibration.Fit(predictions), system.FrontEnd,
            (NetworkClassifier)system.Classifier, scorer, similarityCalibration, _device);
    }

    /// <summary>Fits the similarity scorer and its calibration; nulls if there are too few devices.</summary>
    public (WccnCosineScorer? Scorer, SimilarityCalibration? Calibration) FitScorer(CancellationToken cancellationToken = default)
    {
        var spectra = Spectra(_corpus.Recordings, cancellationToken);
        if (SimilarityCalibration.Fit(HeldOutTrials.Run(SentenceFolds(), spectra, _options.Seed)) is not { } calibration)
            return (null, null);
        var devices = _corpus.Devices.ToList();
        var scorer = WccnCosineScorer.Fit([.. _corpus.Recordings.Select(r => spectra[r.Path])],
            [.. _corpus.Recordings.Select(r => devices.IndexOf(r.Device))], devices.Count);
        return (scorer, calibration);
    }

    /// <summary>Mean log spectrum of every recording, by its path.</summary>
    public IReadOnlyDictionary<string, double[]> Spectra(IReadOnlyList<Recording> recordings, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        return recordings.Zip(_spectra.Load(recordings, _progress, cancellationToken))
            .ToDictionary(pair => pair.First.Path, pair => WccnCosineScorer.Spectrum(pair.Second));
    }

    /// <summary>Mean log spectrum of a recording in memory.</summary>
    public double[] Spectrum(AudioClip clip)
    {
        using var scope = NewDisposeScope();
        return WccnCosineScorer.Spectrum(_options.CreateSpectra(_device).Extract([clip])[0]);
    }

    /// <summary>
    /// Trains a network on the whole corpus and returns its first candidate for each questioned recording, by the recording's path.
    /// </summary>
    /// <param name="questioned">Recordings that are not part of the corpus.</param>
    /// <param name="cancellationToken">Stops the training.</param>
    public IReadOnlyDictionary<string, string> FirstCandidates(
        IReadOnlyList<Recording> questioned, CancellationToken cancellationToken = default)
    {
        using var system = TrainSystem(new TrainSet(_corpus.Devices, _corpus.Recordings), "training", null, null, cancellationToken);
        using (system.FrontEnd)
            return questioned.ToDictionary(r => r.Path, r => FirstCandidate(system, r));
    }

    /// <summary>The folds of a corpus, held out in turn to calibrate a model.</summary>
    public static IReadOnlyList<Split> SentenceFolds(Corpus corpus, PhoneModelOptions options) =>
        Folds.Grouped(corpus, options.Folds, options.Seed);

    private IReadOnlyList<Split> SentenceFolds() => SentenceFolds(_corpus, _options);

    private string FirstCandidate(FittedSystem system, Recording recording)
    {
        // A temperature does not change which candidate comes first.
        var probabilities = new Calibration(1, 1, 1, 0, 0).CalibrateRecording(system.Score(AudioFile.Read(recording.Path)));
        return _corpus.Devices[Array.IndexOf(probabilities, probabilities.Max())];
    }

    private Predictions Predict(
        Split split, string work, CheckpointFolder checkpoints, IProgress<EpochResult>? epochs, CancellationToken cancellationToken)
    {
        using var system = TrainSystem(split.Train, work, checkpoints, epochs, cancellationToken);
        using (system.FrontEnd)
            return system.Predict(split.Test, cancellationToken).Deep;
    }

    /// <summary>Trains a system. The caller disposes of the system and of its front end.</summary>
    private FittedSystem TrainSystem(
        TrainSet train, string work, CheckpointFolder? checkpoints, IProgress<EpochResult>? epochs, CancellationToken cancellationToken)
    {
        var pipeline = new Pipeline(_cacheFolder, _device) { Training = _progress is null ? null : new EpochProgress(work, _progress) };
        var samples = pipeline.Prepare(train, _options.FrontEnd, cancellationToken: cancellationToken);
        try
        {
            var identity = $"{Json.WriteKey(_options)} {string.Join(' ', train.Recordings.Select(r => $"{r.Device}/{r.Hash}"))}";
            return pipeline.Train(
                samples, _options.Classifier, _options.Seed, checkpoints: checkpoints?.Next(identity), epochs: epochs,
                cancellationToken: cancellationToken);
        }
        catch
        {
            samples.FrontEnd.Dispose();
            throw;
        }
        finally
        {
            samples.Train.Dispose();
        }
    }

    /// <summary>Measures the statistics of all training recordings.</summary>
    public TrainingStatistics MeasureStatistics(CancellationToken cancellationToken = default)
    {
        var measured = _corpus.Recordings.Select((recording, i) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var statistics = RecordingStatistics.Measure(recording.Path, AudioFile.Read(recording.Path));
            _progress?.Report(new WorkProgress("measuring recordings", i + 1, _corpus.Recordings.Count));
            return (recording.Device, statistics);
        });
        return TrainingStatistics.Summarise([.. measured]);
    }
}
