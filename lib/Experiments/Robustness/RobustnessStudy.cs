using DeviceId.Audio;
using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Degradations;
using DeviceId.Evaluation;
using DeviceId.Foundation;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Experiments;

/// <summary>What survives noise, codecs and rooms, and whether it helps to train on them.</summary>
/// <remarks>
/// For each held-out sentence of the profile:
/// 1 the training recordings -> degraded copies (<see cref="TrainingDegradations"/>), which belong to the same sentences and so to the same
/// side
/// 2 three systems learn (<see cref="RobustnessSystem"/>); both networks take the same number of steps (an epoch of the second draws as
/// many samples as one of the first), so that the second sees each clean second less often
/// 3 each held-out recording -> each degradation of the profile -> a 16-bit file's samples, cut at full scale -> segments -> answers of all
/// systems to the same sound
/// A recording's answer is that of the mean of its segments' log-probabilities (of their scores, for the baseline). Noise differs from
/// recording to recording.
/// </remarks>
/// <param name="corpus">The recordings.</param>
/// <param name="profile">Sizes, splits, degradations.</param>
/// <param name="cacheFolder">Where features and degraded copies are kept, each in a folder of its own.</param>
/// <param name="store">Keeps results.</param>
/// <param name="device">Where the arithmetic runs.</param>
internal sealed class RobustnessStudy(Corpus corpus, Profile profile, string cacheFolder, RobustnessStore store, Device device)
{
    /// <summary>A probability below this counts as this: a single segment must not forbid a device.</summary>
    private const float MinProbability = 1e-6f;

    private readonly TrialSettings _network = profile.Settings.WithFrontEnd(frontEnd => frontEnd.WithFinerSpectrum());
    private readonly TrialSettings _baseline = profile.Settings.AsBaseline();
    private readonly IReadOnlyList<Degradation> _tested = [.. profile.Degradations.Where(d => d.WhyUnavailable() is null)];
    private readonly long _seed = profile.Seeds[0];
    private readonly RecordingNames _names = new(corpus);

    /// <summary>Told about each piece of the work.</summary>
    public IProgress<WorkProgress>? Work { get; init; }

    /// <summary>Told in a sentence what a user should know, such as that a damaged checkpoint was discarded.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>What cannot be tested on this machine, each with the reason.</summary>
    public IReadOnlyList<string> Untested { get; } =
    [
        .. profile.Degradations.Select(d => (d.Name, Reason: d.WhyUnavailable())).Where(d => d.Reason is not null).Distinct()
            .Select(d => $"{d.Name}: {d.Reason}"),
    ];

    /// <summary>Finds the results of the profile's splits, or computes them.</summary>
    /// <param name="cancellationToken">
    /// Asked at least every few seconds; finished sentences and trainings are kept, others go on from checkpoints.
    /// </param>
    /// <exception cref="OptionsException">The profile cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public RobustnessResult Run(CancellationToken cancellationToken = default)
    {
        profile.Validate();
        var results = new List<RobustnessSplit>();
        foreach (var split in profile.Splits(corpus))
        {
            results.Add(store.Find(KeyOf(split), Suffices) ?? Compute(split, cancellationToken));
        }

        // Results of several machines: what all of them could do.
        bool IsInAll(RobustnessCondition condition) =>
            results.All(result => result.Conditions.Any(other => other.Label == condition.Label));
        return new RobustnessResult([.. results.Select(result => result with { Conditions = [.. result.Conditions.Where(IsInAll)] })]);
    }

    /// <summary>
    /// Hash (24 hexadecimal digits) of all that determines the result of a split; what the machine cannot do is no part of it, so that
    /// results made on a better one are found.
    /// </summary>
    internal string KeyOf(Split split) => ContentHash.HashText(Json.WriteKey(new
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

    /// <summary>Whether a stored result is of these settings, and holds all that this machine could find out.</summary>
    internal bool Suffices(RobustnessSplit result) =>
        Json.WriteKey(result.Network) == Json.WriteKey(_network) && Json.WriteKey(result.Baseline) == Json.WriteKey(_baseline)
        && _tested.All(d => result.Conditions.Any(c => c.Label == d.Label)) && TrainingDegradations.Names.All(result.Seen.Contains);

    private RobustnessSplit Compute(Split split, CancellationToken cancellationToken)
    {
        var copies = new DegradedCopies(Path.Combine(cacheFolder, "degraded"), _seed)
            .Make(split.Train.Recordings, profile.DegradedCopies, Work, cancellationToken);
        // The constructor of a split refuses what leaks.
        var augmented = new Split(split.Name, new TrainSet(split.Train.Devices, [.. split.Train.Recordings, .. copies]), split.Test);
        var checkpoints = new CheckpointFolder(Path.Combine(cacheFolder, "checkpoints"), Notice);
        var systems = new Dictionary<RobustnessSystem, Learnt>();
        try
        {
            foreach (var (system, work, settings, train) in new[]
            {
                (RobustnessSystem.TrainedClean, "clean network", _network, split.Train),
                (RobustnessSystem.TrainedDegraded, "network that hears degraded copies", _network, augmented.Train),
                (RobustnessSystem.Baseline, "baseline", _baseline, split.Train),
            })
            {
                var most = systems.GetValueOrDefault(RobustnessSystem.TrainedClean)?.Samples ?? int.MaxValue;
                systems[system] = Learn(
                    AtMost(most, settings), train, $"{split.Name}: {work}", checkpoints.Next($"{KeyOf(split)} {system}"),
                        cancellationToken);
            }

            var result = Result(split, Conditions(split, systems, cancellationToken));
            store.Write(result);
            checkpoints.Remove();
            return result;
        }
        finally
        {
            foreach (var learnt in systems.Values)
                learnt.Dispose();
        }
    }

    private Learnt Learn(TrialSettings settings, TrainSet train, string work, Checkpoints checkpoints, CancellationToken cancellationToken)
    {
        var pipeline = new Pipeline(Path.Combine(cacheFolder, "features"), device)
        {
            Work = Work, Training = Work is null ? null : new EpochProgress(work, Work),
        };
        var samples = pipeline.Prepare(train, settings.FrontEnd, cancellationToken: cancellationToken);
        try
        {
            var system = pipeline.Train(samples, settings.Classifier, _seed, checkpoints: checkpoints,
                cancellationToken: cancellationToken);
            return new Learnt(system, samples.Train.Count);
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
    /// With degraded copies there are more samples: an epoch of all of them would be more steps than the clean network takes.
    /// </summary>
    private static TrialSettings AtMost(int samples, TrialSettings settings) =>
        settings.Classifier is not NetworkClassifierOptions ? settings
        : settings.WithTraining(training => training with
        {
            SamplesPerEpoch = training.SamplesPerEpoch == 0 ? samples : Math.Min(training.SamplesPerEpoch, samples),
        });

    private List<RobustnessCondition> Conditions(
        Split split, Dictionary<RobustnessSystem, Learnt> systems, CancellationToken cancellationToken)
    {
        AudioClip[] clips = [.. split.Test.Recordings.Select(recording => AudioFile.Read(recording.Path))];
        var conditions = new List<RobustnessCondition>();
        foreach (var degradation in _tested.Prepend(null))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Work?.Report(new WorkProgress($"{split.Name}: degraded test recordings", conditions.Count, _tested.Count + 1,
                degradation?.Label));
            var heard = DegradedClips.Degrade(degradation, split.Test.Recordings, clips, _seed, cancellationToken);
            var answers = new Dictionary<RobustnessSystem, OutputAnswers>();
            IReadOnlyList<int> recordingOf = [];
            foreach (var (system, learnt) in systems)
            {
                using var test = learnt.System.FrontEnd.Transform(split.Test, heard, cancellationToken);
                recordingOf = test.RecordingOf;
                answers[system] = OutputAnswers.Collect(Added(learnt.System.Predict(test, cancellationToken)));
            }

            conditions.Add(RobustnessCondition.Create(degradation, recordingOf, answers));
        }

        Work?.Report(new WorkProgress($"{split.Name}: degraded test recordings", conditions.Count, conditions.Count));
        return conditions;
    }

    /// <summary>Scores whose sum over segments is a recording's: logarithms of probabilities.</summary>
    private static Predictions Added(SystemPredictions predictions) => predictions.AreProbabilities
        ? predictions.Deep.WithScores(p => MathF.Log(MathF.Max(p, MinProbability))) : predictions.Deep;

    private RobustnessSplit Result(Split split, List<RobustnessCondition> conditions)
    {
        var label = split.Test.Devices.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        return new RobustnessSplit
        {
            Key = KeyOf(split),
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
            Recordings = [.. split.Test.Recordings.Select(_names.NameOf)],
            Truth = [.. split.Test.Recordings.Select(recording => label[recording.Device])],
            Conditions = conditions,
        };
    }

    private sealed record Learnt(FittedSystem System, int Samples) : IDisposable
    {
        public void Dispose()
        {
            System.Dispose();
            System.FrontEnd.Dispose();
        }
    }
}
