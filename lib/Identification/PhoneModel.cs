using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Evaluation;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>Everything that names the device of a recording: settings, background model, network, calibration, and what it was learnt from.</summary>
/// <remarks>
/// 1 the recordings are divided into folds, and a network is trained for each on the others: its answers about recordings that it has not seen are what the
/// calibration is learnt from; 2 one network is trained on all of them.
/// </remarks>
public sealed class PhoneModel : IDisposable
{
    private readonly FrontEnd _frontEnd;
    private readonly NetworkClassifier _network;

    internal PhoneModel(PhoneModelOptions options, PhoneModelFacts facts, Calibration calibration, FrontEnd frontEnd, NetworkClassifier network) =>
        (Options, Facts, Calibration, _frontEnd, _network) = (options, facts, calibration, frontEnd, network);

    /// <summary>How it was trained.</summary>
    public PhoneModelOptions Options { get; }

    /// <summary>What it was trained on, and where.</summary>
    public PhoneModelFacts Facts { get; }

    /// <summary>What its answers are worth.</summary>
    public Calibration Calibration { get; }

    internal FrontEnd FrontEnd => _frontEnd;

    internal NetworkClassifier Network => _network;

    /// <summary>Trains a model.</summary>
    /// <param name="corpus">The reference recordings; of each device enough sentences or sessions for every fold to leave some.</param>
    /// <param name="options">Settings.</param>
    /// <param name="cacheFolder">Where features are kept.</param>
    /// <param name="device">Where the arithmetic runs.</param>
    /// <param name="progress">Told about the parts of the work.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    /// <exception cref="CorpusException">There are too few sentences or sessions for the folds, or one device only.</exception>
    public static PhoneModel Train(Corpus corpus, PhoneModelOptions options, string cacheFolder, Device device, IProgress<WorkProgress>? progress = null)
    {
        options.Validate();
        if (corpus.Devices.Count < 2)
            throw new CorpusException($"{corpus.Name} holds recordings of one device: a model tells two at least apart.");
        var store = new FeatureStore(cacheFolder, options.FrontEnd.Features(device));
        var trainings = options.Folds + 1;
        var heldOut = new List<Predictions>();
        foreach (var split in DeviceId.Corpora.Folds.Grouped(corpus, options.Folds, options.Training.Seed))
        {
            var (frontEnd, network) = Learn(split.Train, options, store, device, Part(heldOut.Count));
            using (frontEnd)
            using (network)
            using (var test = frontEnd.Transform(split.Test))
                heldOut.Add(Evaluator.Evaluate(network, test));
        }

        var (all, final) = Learn(new TrainSet(corpus.Devices, corpus.Recordings), options, store, device, Part(options.Folds));
        return new PhoneModel(options, PhoneModelFacts.Of(corpus, device), Calibration.Of(Predictions.Join(heldOut)), all, final);

        IProgress<EpochReport>? Part(int training) => progress is null ? null : new Forward(report => progress.Report(new WorkProgress(
            training < options.Folds ? $"training {training + 1} of {trainings}, to calibrate" : $"training {trainings} of {trainings}", report.Batch + (report.Batches * (report.Epoch - 1)), report.Batches * report.Epochs)));
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="ModelFileException">The file is absent, damaged, no such model, or of another version.</exception>
    public static PhoneModel Load(string path, Device device) => PhoneModelFile.Read(path, device);

    /// <summary>Writes the model into one file, whole or not at all.</summary>
    public void Save(string path) => PhoneModelFile.Write(path, this);

    /// <summary>Names the device of a recording.</summary>
    /// <param name="clip">The recording.</param>
    /// <exception cref="ArgumentException">It is shorter than one frame, holds what is no number, or its rate does not suit the model.</exception>
    public Identification Identify(AudioClip clip)
    {
        using var scope = NewDisposeScope();
        using var samples = _frontEnd.Transform(clip);
        if (samples.Segments.shape[0] == 0)
            throw new ArgumentException(FormattableString.Invariant($"The recording lasts {clip.DurationSeconds:0.000} s, less than one frame: nothing can be said of it."), nameof(clip));
        using var scores = _network.Scores(samples);
        var rows = scores.data<float>().ToArray().Chunk(Facts.Devices.Count).ToArray();
        var grid = Options.FrontEnd.Mfcc.Grid(clip.SampleRate);
        return new Identification(
            Ranked(Calibration.OfRecording(rows)), [.. rows.Select(row => Ranked(Calibration.OfSegment(row)))], Options.FrontEnd.SegmentFrames * grid.Hop / (double)clip.SampleRate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _frontEnd.Dispose();
        _network.Dispose();
    }

    private IReadOnlyList<Candidate> Ranked(double[] probabilities) =>
        [.. Facts.Devices.Zip(probabilities, (device, p) => new Candidate(device, p)).OrderByDescending(c => c.Probability).ThenBy(c => c.Device, StringComparer.Ordinal)];

    private static (FrontEnd FrontEnd, NetworkClassifier Network) Learn(TrainSet train, PhoneModelOptions options, FeatureStore store, Device device, IProgress<EpochReport>? progress)
    {
        var (frontEnd, samples) = FrontEnd.Fit(train, options.FrontEnd, store, device);
        using (samples)
        {
            var network = new NetworkClassifier(Pstnn.Create(options.Network(train.Devices.Count), options.Training.Seed), options.Training, device) { Training = progress };
            network.Fit(samples);
            return (frontEnd, network);
        }
    }

    private sealed class Forward(Action<EpochReport> report) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => report(value);
    }
}
