using System.Diagnostics;
using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Degradations;
using DeviceId.Evaluation;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Experiments;

/// <summary>Runs trials on one corpus. The samples of the last trial are cached, because the next often has the same front end.</summary>
/// <param name="corpus">The recordings.</param>
/// <param name="pipeline">Trains systems on recordings.</param>
internal sealed class TrialRunner(Corpus corpus, Pipeline pipeline) : IDisposable
{
    private readonly RecordingNames _names = new(corpus);
    private Cached<PreparedSamples>? _train;
    private Cached<TestDataset>? _test;

    /// <summary>The recordings.</summary>
    public Corpus Corpus { get; } = corpus;

    /// <summary>Runs a trial.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="split">The split of the trial.</param>
    /// <param name="checkpoints">Checkpoints that a training saves to and resumes from; null for no checkpoints.</param>
    /// <param name="epochs">Receives each finished epoch of a network's training; null for no reports.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <returns>The result, and the scores that it was derived from.</returns>
    /// <exception cref="ArgumentException">The trial is of another corpus or split.</exception>
    /// <exception cref="OptionsException">The settings are invalid.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a training resumes from its checkpoint the next time.</exception>
    public TrialOutcome Run(
        Trial trial, Split split, Checkpoints? checkpoints = null, IProgress<EpochResult>? epochs = null,
        CancellationToken cancellationToken = default)
    {
        trial.Settings.Validate();
        if (trial.Corpus != Corpus.Fingerprint || trial.Split != split.Name)
            throw new ArgumentException(
                $"The trial is of corpus {trial.Corpus} and split '{trial.Split}', not of corpus {Corpus.Fingerprint} and split "
                    + $"'{split.Name}'.",
                nameof(trial));

        var (settings, search) = Search(trial, split, cancellationToken);
        var clock = Stopwatch.StartNew();
        var samples = Prepare(settings, split, trial.Seed, cancellationToken);
        var frontEndSeconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        using var system = pipeline.Train(
            samples.Train, settings.Classifier, trial.Seed, samples.Test, checkpoints, epochs, cancellationToken);
        var fitSeconds = clock.Elapsed.TotalSeconds;
        var (predictions, halfWay) = (system.Predict(samples.Test, cancellationToken), system.HalfWay);
        var times = new TrialTimes(frontEndSeconds, fitSeconds, SegmentTime.Milliseconds(system, samples.Test.Recordings[0].SampleRate));
        var result = CreateResult(trial, samples.Test, system, CollectAnswers(predictions, halfWay), times) with { Search = search };
        return new TrialOutcome(result, TrialScores.Collect(predictions, halfWay));
    }

    /// <summary>Frees the cached samples.</summary>
    public void Dispose()
    {
        _test?.Samples.Dispose();
        _train?.Samples.Dispose();
        (_train, _test) = (null, null);
    }

    /// <summary>The settings to train with: those of the trial, or of the candidate that a search among its candidates chooses.</summary>
    private (TrialSettings Settings, SearchOutcome? Search) Search(Trial trial, Split split, CancellationToken cancellationToken)
    {
        if (trial.Settings.Candidates is not { } candidates)
            return (trial.Settings, null);
        var train = TrainingPart(trial.Settings, split);
        var search = new SettingsSearch(pipeline).Run(trial.Settings, train, trial.Seed, cancellationToken);
        return (trial.Settings.With(candidates.Single(candidate => candidate.Name == search.Chosen)), search);
    }

    /// <summary>The training recordings of a split that the settings use, with permuted labels if they ask for it.</summary>
    public static TrainSet TrainingPart(TrialSettings settings, Split split)
    {
        var train = settings.Sentences == 0 ? split.Train : split.Train.FirstSentences(settings.Sentences);
        return settings.PermutedDevices is { } seed ? train.WithPermutedDevices(Seeds.Derive(seed, split.Name)) : train;
    }

    private (PreparedSamples Train, TestDataset Test) Prepare(
        TrialSettings settings, Split split, long seed, CancellationToken cancellationToken)
    {
        var trainKey = Json.WriteCompact(new { split.Name, settings.Sentences, settings.PermutedDevices, settings.FrontEnd });
        if (_train?.Key != trainKey)
        {
            Dispose();
            _train = new(trainKey, pipeline.Prepare(
                TrainingPart(settings, split), settings.FrontEnd, cancellationToken: cancellationToken));
        }

        var testKey = settings.TestDegradation is { } degradation ? $"{degradation.Identity} {seed}" : "";
        if (_test?.Key != testKey)
        {
            _test?.Samples.Dispose();
            _test = null;
            _test = new(testKey, Transform(_train.Samples.FrontEnd, settings.TestDegradation, split.Test, seed, cancellationToken));
        }

        return (_train.Samples, _test.Samples);
    }

    private TestDataset Transform(
        FrontEnd frontEnd, Degradation? degradation, TestSet test, long seed, CancellationToken cancellationToken)
    {
        if (degradation is null)
            return frontEnd.Transform(test, pipeline.Work, cancellationToken);
        AudioClip[] clips = [.. test.Recordings.Select(recording => AudioFile.Read(recording.Path))];
        var degraded = DegradedClips.Degrade(degradation, test.Recordings, clips, seed, cancellationToken);
        return frontEnd.Transform(test, degraded, cancellationToken);
    }

    private TrialResult CreateResult(
        Trial trial, TestDataset test, FittedSystem system, IReadOnlyDictionary<string, OutputAnswers> outputs, TrialTimes times)
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
            Parameters = CountParameters(system.Network),
            ModelBytes = system.Network is null ? MeasureSize(system) : null,
            Devices = test.Devices,
            Recordings = [.. test.Recordings.Select(_names.GetName)],
            Truth = [.. test.Recordings.Select(recording => label[recording.Device])],
            RecordingOf = test.RecordingOf,
            Outputs = outputs,
            Attention = system.Network is null ? null : AttentionByDevice(system.Network, test),
            Times = times,
        };
    }

    /// <summary>
    /// Number of parameters: as Keras counts them for a PSTNN (<see cref="Pstnn.ParameterCounts"/>), else all; null without a network.
    /// </summary>
    private static long? CountParameters(DeviceNetwork? network) => network is Pstnn pstnn
        ? pstnn.ParameterCounts().Sum(part => part.Count) : network?.parameters().Sum(parameter => parameter.numel());

    /// <summary>Size of the file that the classifier is saved in; null if it cannot be saved, such as one from a notebook cell.</summary>
    private static long? MeasureSize(FittedSystem system)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            system.Classifier.Save(path);
            return new FileInfo(path).Length;
        }
        catch (NotSupportedException)
        {
            return null;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The answers of every output, and of the outputs half-way through the training, by their names.</summary>
    private static Dictionary<string, OutputAnswers> CollectAnswers(SystemPredictions predictions, SystemPredictions? halfWay)
    {
        var named = Named(predictions, name => name);
        foreach (var (name, output) in halfWay is null ? [] : Named(halfWay, TrialOutput.HalfWay))
            named[name] = output;
        return named.ToDictionary(output => output.Key, output => OutputAnswers.Collect(output.Value));
    }

    /// <summary>All predictions of a system by the names of the outputs, which <paramref name="rename"/> may change.</summary>
    private static Dictionary<string, Predictions> Named(SystemPredictions predictions, Func<string, string> rename)
    {
        var named = TrialOutput.Named(predictions).ToDictionary(output => rename(output.Name), output => output.Predictions);
        if (predictions.Sum is not null)
            named[rename(TrialOutput.Sum)] = predictions.Sum;
        return named;
    }

    /// <summary>Mean attention weights (device, branch) over the test segments of each device; null without attention.</summary>
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

    /// <summary>Samples, and the key of the settings that they were computed with.</summary>
    private sealed record Cached<T>(string Key, T Samples);
}
