using System.Diagnostics;
using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Evaluation;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Experiments;

/// <summary>Runs trials on one corpus. The samples of the last trial are kept for the next, which often has the same front end.</summary>
/// <param name="corpus">The recordings.</param>
/// <param name="pipeline">From recordings to systems.</param>
internal sealed class TrialRunner(Corpus corpus, Pipeline pipeline) : IDisposable
{
    private readonly RecordingNames _names = new(corpus);
    private SplitSamples? _kept;

    /// <summary>The recordings.</summary>
    public Corpus Corpus { get; } = corpus;

    /// <summary>Runs a trial.</summary>
    /// <param name="trial">What to run.</param>
    /// <param name="split">The split that the trial names.</param>
    /// <param name="checkpoints">Where a training keeps its state and resumes from; null for no checkpoints.</param>
    /// <param name="cancellationToken">Asked at least every few seconds.</param>
    /// <returns>The result, and the scores that it was made from.</returns>
    /// <exception cref="ArgumentException">The trial is of another corpus or split.</exception>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a training goes on from its checkpoint the next time.</exception>
    public TrialOutcome Run(Trial trial, Split split, Checkpoints? checkpoints = null, CancellationToken cancellationToken = default)
    {
        trial.Settings.Validate();
        if (trial.Corpus != Corpus.Fingerprint || trial.Split != split.Name)
            throw new ArgumentException(
                $"The trial is of corpus {trial.Corpus} and split '{trial.Split}', here are {Corpus.Fingerprint} and '{split.Name}'.",
                nameof(trial));

        var clock = Stopwatch.StartNew();
        var samples = Prepare(trial.Settings, split, cancellationToken);
        var frontEndSeconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        using var system = pipeline.Train(
            samples.Train, trial.Settings.Classifier, trial.Seed, samples.Test, checkpoints, cancellationToken);
        var fitSeconds = clock.Elapsed.TotalSeconds;
        var predictions = system.Predict(samples.Test, cancellationToken);
        var outputs = Named(predictions, name => name);
        var halfWay = system.HalfWay;
        foreach (var (name, output) in halfWay is null ? [] : Named(halfWay, TrialOutput.HalfWay))
            outputs[name] = output;
        var times = new TrialTimes(frontEndSeconds, fitSeconds, SegmentTime(system, samples.Test));
        var result = Result(trial, samples.Test, system, times) with
        {
            Outputs = outputs.ToDictionary(output => output.Key, output => OutputAnswers.Collect(output.Value)),
        };
        return new TrialOutcome(result, TrialScores.Collect(predictions, halfWay));
    }

    /// <summary>Frees the kept samples.</summary>
    public void Dispose() => _kept?.Dispose();

    private SplitSamples Prepare(TrialSettings settings, Split split, CancellationToken cancellationToken)
    {
        var key = Json.WriteCompact(new { split.Name, settings.Sentences, settings.PermutedDevices, settings.FrontEnd });
        if (_kept?.Key == key)
            return _kept;
        _kept?.Dispose();
        _kept = null;
        var train = settings.Sentences == 0 ? split.Train : split.Train.FirstSentences(settings.Sentences);
        if (settings.PermutedDevices is { } seed)
            train = train.WithPermutedDevices(Seeds.Derive(seed, split.Name));
        var samples = pipeline.Prepare(train, settings.FrontEnd, cancellationToken: cancellationToken);
        try
        {
            return _kept = new SplitSamples(key, samples, samples.FrontEnd.Transform(split.Test, pipeline.Work, cancellationToken));
        }
        catch
        {
            samples.Dispose();
            throw;
        }
    }

    private TrialResult Result(Trial trial, TestDataset test, FittedSystem system, TrialTimes times)
    {
        var label = test.Devices.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
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
            Environment = RunEnvironment.Here(pipeline.Device),
            Epochs = system.Log ?? [],
            Parameters = ParametersOf(system.Network),
            Devices = test.Devices,
            Recordings = [.. test.Recordings.Select(_names.NameOf)],
            Truth = [.. test.Recordings.Select(recording => label[recording.Device])],
            RecordingOf = test.RecordingOf,
            Outputs = new Dictionary<string, OutputAnswers>(),
            Attention = system.Network is null ? null : AttentionByDevice(system.Network, test),
            Times = times,
        };
    }

    /// <summary>
    /// As Keras counts them where the network can say so (<see cref="Pstnn.ParameterCounts"/>); null for systems without a network.
    /// </summary>
    private static long? ParametersOf(DeviceNetwork? network) => network is Pstnn pstnn
        ? pstnn.ParameterCounts().Sum(part => part.Count) : network?.parameters().Sum(parameter => parameter.numel());

    private static Dictionary<string, Predictions> Named(SystemPredictions predictions, Func<string, string> named) =>
        new[]
        {
            (TrialOutput.Deep, predictions.Deep), (TrialOutput.Spatial, predictions.Spatial), (TrialOutput.Temporal, predictions.Temporal),
            (TrialOutput.Sum, predictions.Sum),
        }.Where(output => output.Item2 is not null).ToDictionary(output => named(output.Item1), output => output.Item2!);

    /// <summary>(device, branch): the mean of the attention weights over a device's test segments.</summary>
    private float[][]? AttentionByDevice(DeviceNetwork network, TestDataset test)
    {
        using var scope = NewDisposeScope();
        var weights = network.AttentionWeights(test.Supervectors, test.Segments, device: pipeline.Device);
        if (weights is null)
            return null;
        var labels = test.Labels.data<long>().ToArray();
        var branches = (int)weights.shape[1];
        var rows = weights.contiguous().data<float>().ToArray().Chunk(branches).ToArray();
        double Mean(int device, int branch) =>
            rows.Where((_, i) => labels[i] == device).Select(row => (double)row[branch]).DefaultIfEmpty(0).Average();
        return [.. Enumerable.Range(0, test.Devices.Count).Select(device =>
            Enumerable.Range(0, branches).Select(branch => (float)Math.Round(Mean(device, branch), 4)).ToArray())];
    }

    /// <summary>
    /// Milliseconds from a segment's samples in memory to its scores. Steady noise will do: the time does not depend on the sound.
    /// </summary>
    private static double SegmentTime(FittedSystem system, TestDataset test)
    {
        var (options, rate) = (system.FrontEnd.Options, test.Recordings[0].SampleRate);
        var random = new SplitMix64(1);
        var samples = new float[options.SegmentSamples(rate)];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)random.Uniform(-0.1, 0.1);
        var segment = new AudioClip(samples, rate);
        return Math.Round(Latency.Milliseconds(() => system.Score(segment)), 3);
    }

    /// <summary>A split as samples.</summary>
    private sealed record SplitSamples(string Key, PreparedSamples Train, TestDataset Test) : IDisposable
    {
        public void Dispose()
        {
            Train.Dispose();
            Test.Dispose();
        }
    }
}
