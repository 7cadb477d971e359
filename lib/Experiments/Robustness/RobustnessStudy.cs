using DeviceId.Audio;
using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Degradations;
using DeviceId.Evaluation;
using DeviceId.Foundation;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Experiments;

/// <summary>
/// The robustness study: accuracy on test recordings degraded by noise, codecs and rooms, with and without training on degraded copies.
/// </summary>
/// <remarks>
/// For each held-out sentence of the profile:
/// 1 training recordings -> degraded copies (<see cref="TrainingDegradations"/>), of the same sentences, so on the same side of the split
/// 2 training samples -> three systems (<see cref="RobustnessSystem"/>). Both networks take the same number of training steps (an epoch of
/// the second draws as many samples as one of the first), so the second sees each clean segment less often
/// 3 held-out recordings -> each degradation of the profile -> 16-bit samples, clipped at full scale -> segments -> answers of all systems
/// to the same samples
/// The answer to a recording is that of the mean log-probability of its segments (for the baseline, of their mean score). Each recording
/// has noise of its own.
/// </remarks>
/// <param name="corpus">The recordings.</param>
/// <param name="profile">Sizes, splits and degradations.</param>
/// <param name="cacheFolder">Folder of features, degraded copies and checkpoints, each in a sub-folder.</param>
/// <param name="store">Store of the results.</param>
/// <param name="device">Compute device.</param>
internal sealed class RobustnessStudy(Corpus corpus, Profile profile, string cacheFolder, RobustnessStore store, Device device)
{
    /// <summary>Lower bound of probabilities before the logarithm: a single segment must not rule out a device.</summary>
    private const float MinProbability = 1e-6f;

    private readonly TrialSettings _network = profile.Settings.WithFrontEnd(frontEnd => frontEnd.WithFinerSpectrum());
    private readonly TrialSettings _baseline = profile.Settings.AsBaseline();
    private readonly IReadOnlyList<Degradation> _tested = [.. profile.Degradations.Where(d => d.WhyUnavailable() is null)];
    private readonly long _seed = profile.Seeds[0];
    private readonly RecordingNames _names = new(corpus);

    /// <summary>Receives the progress of each step.</summary>
    public IProgress<WorkProgress>? Work { get; init; }

    /// <summary>Receives messages for the user, such as that a damaged checkpoint was discarded.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Degradations that cannot be tested on this machine, each with the reason.</summary>
    public IReadOnlyList<string> Untested { get; } =
    [
        .. profile.Degradations.Select(d => (d.Name, Reason: d.WhyUnavailable())).Where(d => d.Reason is not null).Distinct()
            .Select(d => $"{d.Name}: {d.Reason}"),
    ];

    /// <summary>Runs the study: loads the stored results of the profile's splits and computes the missing ones.</summary>
    /// <param name="cancellationToken">
    /// Checked at least every few seconds. Finished sentences and trainings are stored; a cancelled training resumes from its checkpoint.
    /// </param>
    /// <exception cref="OptionsException">The profile is invalid.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public RobustnessResult Run(CancellationToken cancellationToken = default)
    {
        profile.Validate();
        var results = new List<RobustnessSplit>();
        foreach (var split in profile.Splits(corpus))
            results.Add(store.Find(Key(split), Suffices) ?? Compute(split, cancellationToken));

        // The results may come from several machines: only conditions that all of them could test are compared.
        bool IsInAll(RobustnessCondition condition) =>
            results.All(result => result.Conditions.Any(other => other.Label == condition.Label));
        return new RobustnessResult([.. results.Select(result => result with { Conditions = [.. result.Conditions.Where(IsInAll)] })]);
    }

    /// <summary>
    /// Hash (24 hexadecimal digits) of everything that determines the result of a split. Which degradations are available on this machine
    /// is not part of it, so that results from a machine with more of them are found.
    /// </summary>
    internal string Key(Split split) => ContentHash.HashText(Json.WriteKey(new
    {
        Study = "robustness",
        Trial.LibraryVersion,
        Corpus = corpus.Fingerprint,
        Split = split.Name,
        Seed = _seed,
        Network = _network,
        Baseline = _baseline,
        Copies = profile.DegradedCopies,
        Seen = TrainingDegradations.All,
        Tested = profile.Degradations.Select(d => d.Identity),
    }))[..24];

    /// <summary>Whether a stored result has these settings and contains every condition that this machine could test.</summary>
    internal bool Suffices(RobustnessSplit result) =>
        Json.WriteKey(result.Network) == Json.WriteKey(_network) && Json.WriteKey(result.Baseline) == Json.WriteKey(_baseline)
        && _tested.All(d => result.Conditions.Any(c => c.Label == d.Label)) && TrainingDegradations.Names.All(result.Seen.Contains);

    private RobustnessSplit Compute(Split split, CancellationToken cancellationToken)
    {
        var copies = new DegradedCopies(Path.Combine(cacheFolder, "degraded"), _seed)
            .Make(split.Train.Recordings, profile.DegradedCopies, Work, cancellationToken);

        // The constructor of Split throws if training data leak into the test set.
        var augmented = new Split(split.Name, new TrainSet(split.Train.Devices, [.. split.Train.Recordings, .. copies]), split.Test);
        var checkpoints = new CheckpointFolder(Path.Combine(cacheFolder, "checkpoints"), Notice);
        var systems = new Dictionary<RobustnessSystem, TrainedSystem>();
        try
        {
            foreach (var (system, work, settings, train) in new[]
            {
                (RobustnessSystem.TrainedClean, "clean network", _network, split.Train),
                (RobustnessSystem.TrainedDegraded, "network trained on degraded copies", _network, augmented.Train),
                (RobustnessSystem.Baseline, "baseline", _baseline, split.Train),
            })
            {
                var maxSamples = systems.GetValueOrDefault(RobustnessSystem.TrainedClean)?.Samples ?? int.MaxValue;
                systems[system] = Train(
                    LimitSamplesPerEpoch(maxSamples, settings), train, $"{split.Name}: {work}",
                    checkpoints.Next($"{Key(split)} {system}"), cancellationToken);
            }

            var result = CreateResult(split, TestConditions(split, systems, cancellationToken));
            store.Write(result);
            checkpoints.Remove();
            return result;
        }
        finally
        {
            foreach (var trained in systems.Values)
                trained.Dispose();
        }
    }

    private TrainedSystem Train(
        TrialSettings settings, TrainSet train, string work, Checkpoints checkpoints, CancellationToken cancellationToken)
    {
        var pipeline = new Pipeline(Path.Combine(cacheFolder, "features"), device)
        {
            Work = Work, Training = Work is null ? null : new EpochProgress(work, Work),
        };
        var samples = pipeline.Prepare(train, settings.FrontEnd, cancellationToken: cancellationToken);
        try
        {
            var system = pipeline.Train(
                samples, settings.Classifier, _seed, checkpoints: checkpoints, cancellationToken: cancellationToken);
            return new TrainedSystem(system, samples.Train.Count);
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

    /// <summary>
    /// Limits the samples per epoch: with degraded copies there are more samples, and an epoch of all of them would have more steps than
    /// one of the clean network.
    /// </summary>
    private static TrialSettings LimitSamplesPerEpoch(int samples, TrialSettings settings) =>
        settings.Classifier is not NetworkClassifierOptions ? settings
        : settings.WithTraining(training => training with
        {
            SamplesPerEpoch = training.SamplesPerEpoch == 0 ? samples : Math.Min(training.SamplesPerEpoch, samples),
        });

    private List<RobustnessCondition> TestConditions(
        Split split, Dictionary<RobustnessSystem, TrainedSystem> systems, CancellationToken cancellationToken)
    {
        AudioClip[] clips = [.. split.Test.Recordings.Select(recording => AudioFile.Read(recording.Path))];
        var conditions = new List<RobustnessCondition>();
        foreach (var degradation in _tested.Prepend(null))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Work?.Report(new WorkProgress(
                $"{split.Name}: degraded test recordings", conditions.Count, _tested.Count + 1, degradation?.Label));
            var degraded = DegradedClips.Degrade(degradation, split.Test.Recordings, clips, _seed, cancellationToken);
            var answers = new Dictionary<RobustnessSystem, OutputAnswers>();
            IReadOnlyList<int> recordingOf = [];
            foreach (var (system, trained) in systems)
            {
                using var test = trained.System.FrontEnd.Transform(split.Test, degraded, cancellationToken);
                recordingOf = test.RecordingOf;
                answers[system] = OutputAnswers.Collect(LogScores(trained.System.Predict(test, cancellationToken)));
            }

            conditions.Add(RobustnessCondition.Create(degradation, recordingOf, answers));
        }

        Work?.Report(new WorkProgress($"{split.Name}: degraded test recordings", conditions.Count, conditions.Count));
        return conditions;
    }

    /// <summary>Scores that may be summed over the segments of a recording: logarithms of probabilities, or raw scores.</summary>
    private static Predictions LogScores(SystemPredictions predictions) => predictions.AreProbabilities
        ? predictions.Deep.WithScores(p => MathF.Log(MathF.Max(p, MinProbability))) : predictions.Deep;

    private RobustnessSplit CreateResult(Split split, List<RobustnessCondition> conditions)
    {
        var label = split.Test.Devices.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        return new RobustnessSplit
        {
            Key = Key(split),
            LibraryVersion = Trial.LibraryVersion,
            Network = _network,
            Baseline = _baseline,
            Copies = profile.DegradedCopies,
            Seen = TrainingDegradations.Names,
            Untested = Untested,
            CorpusName = corpus.Name,
            Corpus = corpus.Fingerprint,
            IsSimulated = corpus.IsSimulated,
            Split = split.Name,
            Seed = _seed,
            Finished = DateTime.UtcNow,
            Environment = RunEnvironment.Here(device),
            Devices = split.Test.Devices,
            Recordings = [.. split.Test.Recordings.Select(_names.GetName)],
            Truth = [.. split.Test.Recordings.Select(recording => label[recording.Device])],
            Conditions = conditions,
        };
    }

    private sealed record TrainedSystem(FittedSystem System, int Samples) : IDisposable
    {
        public void Dispose()
        {
            System.Dispose();
            System.FrontEnd.Dispose();
        }
    }
}
