using DeviceId.Audio;
using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>
/// A trained identification model: settings, background model, network, WCCN cosine scorer, calibrations, and facts of the training data.
/// </summary>
public sealed class PhoneModel : IDisposable
{
    private readonly IFrameFeatures _spectra;

    internal PhoneModel(PhoneModelOptions options, PhoneModelFacts facts, Calibration calibration, FrontEnd frontEnd,
        NetworkClassifier network, WccnCosineScorer? scorer, SimilarityCalibration? similarityCalibration, Device device)
    {
        (Options, Facts, Calibration, FrontEnd, Network) = (options, facts, calibration, frontEnd, network);
        (Scorer, SimilarityCalibration) = (scorer, similarityCalibration);
        _spectra = options.CreateSpectra(device);
        (BlockFeatures, BlockSpectra) = CreateBlockFeatures(options, device);
    }

    /// <summary>Settings of the training.</summary>
    public PhoneModelOptions Options { get; }

    /// <summary>Training data and training environment.</summary>
    internal PhoneModelFacts Facts { get; }

    /// <summary>Calibration of the network's probabilities.</summary>
    public Calibration Calibration { get; }

    /// <summary>
    /// Scores the similarity of recordings and devices; null with fewer than <see cref="WccnCosineScorer.MinDevices"/> devices.
    /// </summary>
    internal WccnCosineScorer? Scorer { get; }

    /// <summary>
    /// Calibration of the similarity scores; null if there were too few devices to hold some out. Without it the model never answers "none
    /// of these" and gives no likelihood ratios.
    /// </summary>
    internal SimilarityCalibration? SimilarityCalibration { get; }

    /// <summary>Extracts the front end's features at its rate block by block; null if they depend on the whole recording.</summary>
    internal Mfcc? BlockFeatures { get; }

    /// <summary>Extracts the spectra at the front end's rate block by block; null if <see cref="BlockFeatures"/> is.</summary>
    internal LogMelEnergies? BlockSpectra { get; }

    internal FrontEnd FrontEnd { get; }

    internal NetworkClassifier Network { get; }

    /// <summary>Trains a model.</summary>
    /// <remarks>
    /// 1 All recordings are resampled to the lowest of their sampling rates. 2 They are divided into folds; for each fold a network is
    /// trained on the other folds, and the calibration is fitted on its answers about the fold that it was not trained on. 3 The similarity
    /// scores are calibrated in the same way, with devices held out as well. 4 The final network and scorer are trained on all recordings.
    /// </remarks>
    /// <param name="corpus">
    /// The reference recordings, with enough sentences or sessions of each device to train on when any fold is held out.
    /// </param>
    /// <param name="options">Settings.</param>
    /// <param name="cacheFolder">Folder where features are cached.</param>
    /// <param name="device">Compute device.</param>
    /// <param name="progress">Receives the progress of each step.</param>
    /// <exception cref="DeviceIdException">The settings cannot be used.</exception>
    /// <exception cref="DeviceIdException">There are too few sentences or sessions for the folds, or only one device.</exception>
    /// <exception cref="DeviceIdException">A recording can no longer be read.</exception>
    /// <param name="notice">
    /// Receives sentences for the user, such as that a damaged checkpoint was discarded; null for none.
    /// </param>
    /// <param name="log">
    /// Folder for event files of the trainings, for <c>tensorboard --logdir</c> (<see cref="Training.TensorBoardLog"/>); null for none.
    /// </param>
    /// <param name="cancellationToken">
    /// Checked at least every few seconds; the next call resumes interrupted trainings from their checkpoints in the cache.
    /// </param>
    public static PhoneModel Train(
        Corpus corpus, PhoneModelOptions options, string cacheFolder, Device device, IProgress<WorkProgress>? progress = null,
        Action<string>? notice = null, string? log = null, CancellationToken cancellationToken = default) =>
        new PhoneModelTrainer(corpus, options, cacheFolder, device, progress)
        {
            Notice = notice, Log = log is null ? null : new TensorBoardLog(log, sentence => notice?.Invoke(sentence)),
        }.Train(cancellationToken);

    /// <summary>Reads a model.</summary>
    /// <exception cref="DeviceIdException">The file is missing, damaged, not a phone model, or of another version.</exception>
    public static PhoneModel Load(string path, Device device) => PhoneModelFile.Read(path, device);

    /// <summary>Writes the model to one file atomically.</summary>
    public void Save(string path) => PhoneModelFile.Write(path, this);

    /// <summary>Identifies the device that made a recording.</summary>
    /// <param name="clip">The recording, at any sampling rate.</param>
    /// <exception cref="ArgumentException">The recording is shorter than one frame, contains NaN, or is silent.</exception>
    public Identification Identify(AudioClip clip)
    {
        if (clip.IsConstant)
            throw new ArgumentException("The recording is silent: all its samples are equal, so it cannot be identified.");
        var stream = new IdentificationStream(this, clip.SampleRate, Scorer is not null && SimilarityCalibration is not null);
        do
        {
            stream.Push(clip.Samples);
        }
        while (!stream.EndPass());
        return Answer(stream.Finish());
    }

    /// <summary>The answer about a recording whose scores are known.</summary>
    /// <param name="scores">The scores, with the spectrum.</param>
    internal Identification Answer(RecordingScores scores)
    {
        var candidates = Rank(Calibration.CalibrateRecording(scores.Rows));
        var strip = scores.Rows.Select(row => Rank(Calibration.CalibrateSegment(row))).ToList();
        var comparisons = Compare(scores.Spectrum, candidates);
        double? falseAlarms = comparisons.Count == 0 ? null : SimilarityCalibration!.FalseAlarms(comparisons[0].Similarity);
        return new Identification(
            candidates, strip, scores.SegmentSeconds, FindSplices(scores.Rows, scores.SegmentSeconds, scores.Seconds), comparisons,
            falseAlarms);
    }

    /// <summary>
    /// The recording's mean log spectrum, comparable with <see cref="WccnCosineScorer.Spectra"/>: (band), nats relative to its mean over
    /// the bands of <see cref="BandHertz"/>.
    /// </summary>
    /// <param name="clip">The recording.</param>
    public double[] Spectrum(AudioClip clip)
    {
        using var scope = NewDisposeScope();
        return WccnCosineScorer.Spectrum(ExtractSpectra(clip));
    }

    /// <summary>Log-mel spectra of a clip: (frame, band); the caller disposes of them.</summary>
    internal Tensor ExtractSpectra(AudioClip clip) => _spectra.Extract([clip])[0];

    /// <summary>Centre frequency of each band of the spectra (Hz).</summary>
    public IReadOnlyList<double> BandHertz()
    {
        var rate = Options.FrontEnd.SampleRate ?? Facts.Statistics.SampleRates[0];
        var spectra = Options.Spectra;
        var bank = new FilterBank(spectra.Filters, spectra.Grid(rate).Length, rate, spectra.LowHertz, spectra.HighHertz);
        return [.. Enumerable.Range(0, spectra.Filters).Select(bank.CentreHertz)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FrontEnd.Dispose();
        Network.Dispose();
    }

    private IReadOnlyList<DeviceComparison> Compare(double[] spectrum, IReadOnlyList<Candidate> candidates)
    {
        if (Scorer is null || SimilarityCalibration is null)
            return [];
        var similarities = Facts.Devices.Zip(Scorer.Similarities(spectrum)).ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. candidates.Select(c =>
            new DeviceComparison(c.Device, similarities[c.Device], SimilarityCalibration.LogRatio(similarities[c.Device])))];
    }

    private static (Mfcc? Features, LogMelEnergies? Spectra) CreateBlockFeatures(PhoneModelOptions options, Device device)
    {
        if (options.FrontEnd is not { Frames: FrameSelection.All, Features: [MfccOptions mfcc] })
            return (null, null);
        var (features, spectra) = (new Mfcc(mfcc, device), new LogMelEnergies(options.Spectra, device));
        return features.WorksInBlocks && spectra.WorksInBlocks ? (features, spectra) : (null, null);
    }

    private IReadOnlyList<SplicedSegment> FindSplices(IReadOnlyList<float[]> rows, double segmentSeconds, double recordingSeconds)
    {
        var path = Splices.DecodePath([.. rows.Select(Calibration.SegmentLogProbabilities)]);
        var starts = Enumerable.Range(0, path.Length).Where(i => i == 0 || path[i] != path[i - 1]).ToList();
        double End(int next) => Math.Min(next * segmentSeconds, recordingSeconds);
        return [.. starts.Select((start, i) => new SplicedSegment(
            Facts.Devices[path[start]], start * segmentSeconds, End(i + 1 < starts.Count ? starts[i + 1] : path.Length)))];
    }

    private IReadOnlyList<Candidate> Rank(double[] probabilities) =>
        [.. Facts.Devices.Zip(probabilities, (device, p) => new Candidate(device, p)).OrderByDescending(c => c.Probability)
            .ThenBy(c => c.Device, StringComparer.Ordinal)];
}
