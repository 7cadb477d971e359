using System.Diagnostics;
using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Evaluation;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Experiments;

/// <summary>Runs trials on one corpus. The front end of the last trial is kept for the next, which often has the same.</summary>
/// <param name="corpus">The recordings.</param>
/// <param name="cacheFolder">Where features are kept.</param>
/// <param name="device">Where the arithmetic runs.</param>
public sealed class Laboratory(Corpus corpus, string cacheFolder, Device device) : IDisposable
{
    private readonly RecordingNames _names = new(corpus);
    private Prepared? _prepared;

    /// <summary>The recordings.</summary>
    public Corpus Corpus { get; } = corpus;

    /// <summary>Runs a trial.</summary>
    /// <param name="trial">What to run.</param>
    /// <param name="split">The split that the trial names.</param>
    /// <param name="work">Told about features and background model.</param>
    /// <param name="training">Told about a network's training.</param>
    /// <exception cref="ArgumentException">The trial is of another corpus or split.</exception>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    public TrialResult Run(Trial trial, Split split, IProgress<WorkProgress>? work = null, IProgress<EpochReport>? training = null)
    {
        trial.Settings.Validate();
        if (trial.Corpus != Corpus.Fingerprint || trial.Split != split.Name)
            throw new ArgumentException($"The trial is of corpus {trial.Corpus} and split '{trial.Split}', here are {Corpus.Fingerprint} and '{split.Name}'.", nameof(trial));

        var clock = Stopwatch.StartNew();
        var prepared = Prepare(trial.Settings, split, work);
        var frontEndSeconds = clock.Elapsed.TotalSeconds;
        clock.Restart();

        var outputs = new Dictionary<string, OutputAnswers>();
        using var system = DeviceSystem.Create(trial, prepared.FrontEnd, device, training, (network, epoch) =>
        {
            if (epoch == (trial.Settings.Training!.Epochs + 1) / 2)
                Record(outputs, Evaluator.Evaluate(network, prepared.Test, device), TrialOutput.HalfWay);
        });
        system.Fit(prepared.Train, work);
        var fitSeconds = clock.Elapsed.TotalSeconds;

        if (system is NetworkClassifier classifier)
            Record(outputs, Evaluator.Evaluate(classifier.Network, prepared.Test, device), name => name);
        else
            outputs[TrialOutput.Deep] = OutputAnswers.Of(Evaluator.Evaluate(system, prepared.Test));
        return Result(trial, prepared, system, outputs, new TrialTimes(frontEndSeconds, fitSeconds, SampleTime(system, prepared)));
    }

    /// <summary>Frees the kept front end.</summary>
    public void Dispose() => _prepared?.Dispose();

    private Prepared Prepare(TrialSettings settings, Split split, IProgress<WorkProgress>? work)
    {
        var key = Json.WriteCompact(new { split.Name, settings.Sentences, settings.PermutedDevices, settings.FrontEnd });
        if (_prepared?.Key == key)
            return _prepared;
        _prepared?.Dispose();
        _prepared = null;
        var store = new FeatureStore(cacheFolder, settings.FrontEnd.Features(device));
        var train = settings.Sentences == 0 ? split.Train : split.Train.FirstSentences(settings.Sentences);
        if (settings.PermutedDevices is { } seed)
            train = train.WithPermutedDevices(Seeds.Derive(seed, split.Name));
        var (frontEnd, samples) = FrontEnd.Fit(train, settings.FrontEnd, store, device, progress: work);
        return _prepared = new Prepared(key, frontEnd, samples, frontEnd.Transform(split.Test, work));
    }

    private TrialResult Result(Trial trial, Prepared prepared, IDeviceClassifier system, Dictionary<string, OutputAnswers> outputs, TrialTimes times)
    {
        var test = prepared.Test;
        var label = test.Devices.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        var network = (system as NetworkClassifier)?.Network;
        return new TrialResult
        {
            Key = trial.Key,
            LibraryVersion = Trial.LibraryVersion,
            Settings = trial.Settings,
            CorpusName = Corpus.Name,
            Corpus = Corpus.Fingerprint,
            IsSimulated = Corpus.IsSimulated,
            Split = trial.Split,
            Seed = trial.Seed,
            Finished = DateTime.UtcNow,
            Environment = RunEnvironment.Here(device),
            Epochs = (system as NetworkClassifier)?.Log?.Epochs ?? [],
            Parameters = (network as Pstnn)?.ParameterCounts().Sum(part => part.Count) ?? network?.parameters().Sum(parameter => parameter.numel()),
            Devices = test.Devices,
            Recordings = [.. test.Recordings.Select(_names.Of)],
            Truth = [.. test.Recordings.Select(recording => label[recording.Device])],
            RecordingOf = test.RecordingOf,
            Outputs = outputs,
            Attention = network is null ? null : AttentionByDevice(network, test),
            Times = times,
        };
    }

    private static void Record(Dictionary<string, OutputAnswers> outputs, PstnnPredictions predictions, Func<string, string> named)
    {
        foreach (var (name, output) in new[] { (TrialOutput.Deep, predictions.Deep), (TrialOutput.Spatial, predictions.Spatial), (TrialOutput.Temporal, predictions.Temporal), (TrialOutput.Sum, predictions.Sum) })
            if (output is not null)
                outputs[named(name)] = OutputAnswers.Of(output);
    }

    /// <summary>(device, branch): the mean of the attention weights over a device's test segments.</summary>
    private float[][]? AttentionByDevice(DeviceNetwork network, TestDataset test)
    {
        using var scope = NewDisposeScope();
        var weights = network.AttentionWeights(test.Supervectors, test.Segments, device: device);
        if (weights is null)
            return null;
        var labels = test.Labels.data<long>().ToArray();
        var branches = (int)weights.shape[1];
        var rows = weights.contiguous().data<float>().ToArray().Chunk(branches).ToArray();
        return [.. Enumerable.Range(0, test.Devices.Count).Select(d => Enumerable.Range(0, branches)
            .Select(b => (float)Math.Round(rows.Where((_, i) => labels[i] == d).Select(row => (double)row[b]).DefaultIfEmpty(0).Average(), 4)).ToArray())];
    }

    /// <summary>The first recording with a segment's samples; the longest where none has as many.</summary>
    internal static Recording LongEnough(IReadOnlyList<Recording> recordings, FrontEndOptions options) =>
        recordings.FirstOrDefault(r => Math.Round(r.DurationSeconds * r.SampleRate) >= options.Mfcc.Grid(r.SampleRate).Samples(options.SegmentFrames)) ?? recordings.MaxBy(r => r.DurationSeconds)!;

    /// <summary>The first segment's worth of the first test recording that is long enough, again and again.</summary>
    private static double SampleTime(IDeviceClassifier system, Prepared prepared)
    {
        var options = prepared.FrontEnd.Options;
        var clip = AudioFile.Read(LongEnough(prepared.Test.Recordings, options).Path);
        var length = options.Mfcc.Grid(clip.SampleRate).Samples(options.SegmentFrames);
        var segment = clip with { Samples = clip.Samples[..(int)Math.Min(length, clip.Samples.Length)] };
        return Math.Round(Latency.Milliseconds(() =>
        {
            using var batch = prepared.FrontEnd.Transform(segment);
            system.Scores(batch).Dispose();
        }), 3);
    }

    /// <summary>A split as samples, with what made them.</summary>
    private sealed record Prepared(string Key, FrontEnd FrontEnd, TrainDataset Train, TestDataset Test) : IDisposable
    {
        public void Dispose()
        {
            FrontEnd.Dispose();
            Train.Dispose();
            Test.Dispose();
        }
    }
}
