using DeviceId.Audio;
using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>
/// Everything that names the device of a recording: settings, background model, network, comparison of spectra, calibration, and what it
/// was learnt from.
/// </summary>
public sealed class PhoneModel : IDisposable
{
    private readonly IFrameFeatures _spectra;

    internal PhoneModel(PhoneModelOptions options, PhoneModelFacts facts, Calibration calibration, FrontEnd frontEnd,
        NetworkClassifier network, WccnCosineScorer? space, SimilarityCalibration? likeness, Device device)
    {
        (Options, Facts, Calibration, FrontEnd, Network, Scorer, SimilarityCalibration) = (options, facts, calibration, frontEnd, network,
            space, likeness);
        _spectra = options.CreateSpectra(device);
    }

    /// <summary>How it was trained.</summary>
    public PhoneModelOptions Options { get; }

    /// <summary>What it was trained on, and where.</summary>
    internal PhoneModelFacts Facts { get; }

    /// <summary>What the network's probabilities are worth.</summary>
    public Calibration Calibration { get; }

    /// <summary>
    /// Where recordings are compared with devices; null with fewer than <see cref="WccnCosineScorer.MinDevices"/> devices.
    /// </summary>
    internal WccnCosineScorer? Scorer { get; }

    /// <summary>
    /// What likeness is worth; null where there were too few devices to hold some out: then "none of these" is never said, and no
    /// likelihood ratio.
    /// </summary>
    internal SimilarityCalibration? SimilarityCalibration { get; }

    internal FrontEnd FrontEnd { get; }

    internal NetworkClassifier Network { get; }

    /// <summary>Trains a model.</summary>
    /// <remarks>
    /// 1 all recordings are brought to the lowest of their sampling rates; 2 they are divided into folds, and a network is trained for each
    /// on the others: its answers about recordings that it has not seen are what the calibration is learnt from; 3 the same for the
    /// comparison of spectra, devices held out too; 4 network and comparison are learnt from all of them.
    /// </remarks>
    /// <param name="corpus">The reference recordings; of each device enough sentences or sessions for every fold to leave some.</param>
    /// <param name="options">Settings.</param>
    /// <param name="cacheFolder">Where features are kept.</param>
    /// <param name="device">Where the arithmetic runs.</param>
    /// <param name="progress">Told about the parts of the work.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    /// <exception cref="CorpusException">There are too few sentences or sessions for the folds, or one device only.</exception>
    /// <exception cref="AudioException">A recording cannot be read any more.</exception>
    /// <param name="notice">
    /// Told in a sentence what a user should know, such as that a damaged checkpoint was discarded; null for nobody.
    /// </param>
    /// <param name="cancellationToken">
    /// Asked at least every few seconds; trainings go on from their checkpoints in the cache the next time.
    /// </param>
    public static PhoneModel Train(
        Corpus corpus, PhoneModelOptions options, string cacheFolder, Device device, IProgress<WorkProgress>? progress = null,
        Action<string>? notice = null, CancellationToken cancellationToken = default) =>
        new PhoneModelTrainer(corpus, options, cacheFolder, device, progress) { Notice = notice }.Train(cancellationToken);

    /// <summary>Reads a model.</summary>
    /// <exception cref="ModelFileException">The file is absent, damaged, no such model, or of another version.</exception>
    public static PhoneModel Load(string path, Device device) => PhoneModelFile.Read(path, device);

    /// <summary>Writes the model into one file, whole or not at all.</summary>
    public void Save(string path) => PhoneModelFile.Write(path, this);

    /// <summary>Names the device of a recording, of any sampling rate.</summary>
    /// <param name="clip">The recording.</param>
    /// <exception cref="ArgumentException">It is shorter than one frame, holds what is no number, or no sound at all.</exception>
    public Identification Identify(AudioClip clip)
    {
        if (clip.IsConstant)
            throw new ArgumentException("There is no sound in it, all its samples are the same: nothing can be said of it.");
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        var brought = Options.FrontEnd.SampleRate is { } rate ? Resampler.Resample(clip, rate) : clip;
        using var samples = FrontEnd.Transform(brought);
        if (samples.Segments.shape[0] == 0)
            throw new ArgumentException(FormattableString.Invariant(
                $"The recording lasts {clip.DurationSeconds:0.000} s, less than one frame: nothing can be said of it."));
        using var scores = Network.Scores(samples);
        var rows = scores.data<float>().ToArray().Chunk(Facts.Devices.Count).ToArray();
        var seconds = Options.FrontEnd.SegmentFrames * Options.FrontEnd.Grid(brought.SampleRate).Hop / (double)brought.SampleRate;
        var candidates = Ranked(Calibration.Recording(rows));
        var comparisons = Compare(brought, candidates);
        return new Identification(
            candidates, [.. rows.Select(row => Ranked(Calibration.Segment(row)))], seconds,
                SplicedSegments(rows, seconds, clip.DurationSeconds), comparisons,
            comparisons.Count == 0 ? null : SimilarityCalibration!.FalseAlarms(comparisons[0].Similarity));
    }

    /// <summary>
    /// The recording's spectrum beside those of <see cref="WccnCosineScorer.Spectra"/>: for each of <see cref="BandHertz"/>, nats around
    /// its mean.
    /// </summary>
    /// <param name="clip">The recording.</param>
    public double[] Spectrum(AudioClip clip)
    {
        using var scope = NewDisposeScope();
        return WccnCosineScorer.Spectrum(_spectra.Extract([clip])[0]);
    }

    /// <summary>Where each band of the spectra peaks (Hz).</summary>
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

    private IReadOnlyList<DeviceComparison> Compare(AudioClip clip, IReadOnlyList<Candidate> candidates)
    {
        if (Scorer is null || SimilarityCalibration is null)
            return [];
        var likeness = Facts.Devices.Zip(Scorer.Similarities(Spectrum(clip))).ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. candidates.Select(c =>
            new DeviceComparison(c.Device, likeness[c.Device], SimilarityCalibration.LogRatio(likeness[c.Device])))];
    }

    private IReadOnlyList<SplicedSegment> SplicedSegments(IReadOnlyList<float[]> rows, double segmentSeconds, double recordingSeconds)
    {
        var path = Splices.Path([.. rows.Select(Calibration.LogOfSegment)]);
        var starts = Enumerable.Range(0, path.Length).Where(i => i == 0 || path[i] != path[i - 1]).ToList();
        double End(int next) => Math.Min(next * segmentSeconds, recordingSeconds);
        return [.. starts.Select((start, i) =>
            new SplicedSegment(Facts.Devices[path[start]], start * segmentSeconds,
            End(i + 1 < starts.Count ? starts[i + 1] : path.Length)))];
    }

    private IReadOnlyList<Candidate> Ranked(double[] probabilities) =>
        [.. Facts.Devices.Zip(probabilities, (device, p) => new Candidate(device, p)).OrderByDescending(c => c.Probability)
            .ThenBy(c => c.Device, StringComparer.Ordinal)];
}
