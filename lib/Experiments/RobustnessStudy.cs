using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Degradations;
using DeviceId.Evaluation;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Experiments;

/// <summary>What survives noise, codecs and rooms, and whether it helps to train on them.</summary>
/// <remarks>
/// For each held-out sentence of the profile:
/// 1 the training recordings -> degraded copies (<see cref="SeenDegradations"/>), which belong to the same sentences and so to the same side
/// 2 three systems learn (<see cref="RobustnessSystem"/>); both networks take the same number of steps (an epoch of the second draws as many samples as one of the first), so that the second sees each clean second less often
/// 3 each held-out recording -> each degradation of the profile -> a 16-bit file's samples, cut at full scale -> segments -> answers of all systems to the same sound
/// A recording's answer is that of the mean of its segments' log-probabilities (of their scores, for the floor). Noise differs from recording to recording.
/// </remarks>
/// <param name="corpus">The recordings.</param>
/// <param name="profile">Sizes, splits, degradations.</param>
/// <param name="cacheFolder">Where features and degraded copies are kept, each in a folder of its own.</param>
/// <param name="store">Keeps results.</param>
/// <param name="device">Where the arithmetic runs.</param>
public sealed class RobustnessStudy(Corpus corpus, Profile profile, string cacheFolder, RobustnessStore store, Device device)
{
    /// <summary>A probability below this counts as this: a single segment must not forbid a device.</summary>
    private const float SmallestProbability = 1e-6f;

    private readonly TrialSettings _network = profile.Settings(corpus.Devices.Count).WithFinerSpectrum();
    private readonly TrialSettings _floor = profile.Settings(corpus.Devices.Count).AsFloor();
    private readonly IReadOnlyList<Degradation> _tested = [.. profile.Degradations.Where(d => d.WhyUnavailable() is null)];
    private readonly long _seed = profile.Seeds[0];
    private readonly RecordingNames _names = new(corpus);

    /// <summary>Told about each piece of the work.</summary>
    public IProgress<WorkProgress>? Work { get; init; }

    /// <summary>What cannot be tested on this machine, each with the reason.</summary>
    public IReadOnlyList<string> Untested { get; } = [.. profile.Degradations.Select(d => (d.Name, Reason: d.WhyUnavailable())).Where(d => d.Reason is not null).Distinct().Select(d => $"{d.Name}: {d.Reason}")];

    /// <summary>Finds the results of the profile's splits, or computes them.</summary>
    /// <param name="cancellationToken">Asked before each system and each degradation; finished sentences are kept.</param>
    /// <exception cref="OptionsException">The profile cannot be used.</exception>
    public RobustnessResult Run(CancellationToken cancellationToken = default)
    {
        profile.Validate();
        var results = new List<RobustnessSplit>();
        foreach (var split in profile.Splits(corpus))
        {
            var result = store.Find(KeyOf(split), Covers);
            if (result is null)
                store.Write(result = Compute(split, cancellationToken));
            results.Add(result);
        }

        // Results of several machines: what all of them could do.
        return new RobustnessResult([.. results.Select(r => r with { Conditions = [.. r.Conditions.Where(c => results.All(other => other.Conditions.Any(o => o.Label == c.Label)))] })]);
    }

    /// <summary>Hash (24 hexadecimal digits) of all that determines the result of a split; what the machine cannot do is no part of it, so that results made on a better one are found.</summary>
    internal string KeyOf(Split split) => ContentHash.OfText(Json.WriteCompact(new
    {
        Study = "robustness",
        Trial.LibraryVersion,
        Corpus = corpus.Fingerprint,
        Split = split.Name,
        Seed = _seed,
        Network = _network,
        Floor = _floor,
        Copies = profile.DegradedCopies,
        Seen = SeenDegradations.All,
        Tested = profile.Degradations.Select(d => d.Identity),
    }))[..24];

    /// <summary>Whether a stored result holds all that this machine could find out.</summary>
    private bool Covers(RobustnessSplit result) =>
        _tested.All(d => result.Conditions.Any(c => c.Label == d.Label)) && SeenDegradations.Names.All(result.Seen.Contains);

    private RobustnessSplit Compute(Split split, CancellationToken cancellationToken)
    {
        var copies = new DegradedCopies(Path.Combine(cacheFolder, "degraded"), _seed).Of(split.Train.Recordings, profile.DegradedCopies, Work);
        // The constructor of a split refuses what leaks.
        var augmented = new Split(split.Name, new TrainSet(split.Train.Devices, [.. split.Train.Recordings, .. copies]), split.Test);
        var systems = new Dictionary<RobustnessSystem, Learnt>();
        try
        {
            foreach (var (system, work, settings, train) in new[]
            {
                (RobustnessSystem.TrainedClean, "clean network", _network, split.Train),
                (RobustnessSystem.TrainedDegraded, "network that hears degraded copies", _network, augmented.Train),
                (RobustnessSystem.Floor, "floor", _floor, split.Train),
            })
            {
                cancellationToken.ThrowIfCancellationRequested();
                systems[system] = Learn(settings, train, split.Name, $"{split.Name}: {work}", systems.GetValueOrDefault(RobustnessSystem.TrainedClean)?.Samples ?? int.MaxValue);
            }

            return Result(split, Conditions(split, systems, cancellationToken));
        }
        finally
        {
            foreach (var learnt in systems.Values)
                learnt.Dispose();
        }
    }

    private Learnt Learn(TrialSettings settings, TrainSet train, string split, string work, int mostAnEpoch)
    {
        var (frontEnd, samples) = FrontEnd.Fit(train, settings.FrontEnd, new FeatureStore(Path.Combine(cacheFolder, "features"), settings.FrontEnd.Features(device)), device, progress: Work);
        using (samples)
        {
            var training = Work is null ? null : new TrainingProgress(work, Work);
            var classifier = DeviceSystem.Create(new Trial(AtMost(mostAnEpoch, settings), corpus.Fingerprint, split, _seed), frontEnd, device, training, (_, _) => { });
            classifier.Fit(samples, Work);
            return new Learnt(frontEnd, classifier, samples.Count);
        }
    }

    /// <summary>With degraded copies there are more samples: an epoch of all of them would be more steps than the clean network takes.</summary>
    private static TrialSettings AtMost(int samples, TrialSettings settings) => settings.Training is not { } training ? settings
        : settings with { Training = training with { SamplesPerEpoch = training.SamplesPerEpoch == 0 ? samples : Math.Min(training.SamplesPerEpoch, samples) } };

    private List<RobustnessCondition> Conditions(Split split, Dictionary<RobustnessSystem, Learnt> systems, CancellationToken cancellationToken)
    {
        AudioClip[] clips = [.. split.Test.Recordings.Select(recording => AudioFile.Read(recording.Path))];
        var conditions = new List<RobustnessCondition>();
        foreach (var degradation in _tested.Prepend(null))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Work?.Report(new WorkProgress($"{split.Name}: degraded test recordings", conditions.Count, _tested.Count + 1, degradation?.Label));
            var heard = DegradedClips.Of(degradation, split.Test.Recordings, clips, _seed);
            var answers = new Dictionary<RobustnessSystem, OutputAnswers>();
            IReadOnlyList<int> recordingOf = [];
            foreach (var (system, learnt) in systems)
            {
                using var test = learnt.FrontEnd.Transform(split.Test, heard, cancellationToken);
                recordingOf = test.RecordingOf;
                var predictions = Evaluator.Evaluate(learnt.Classifier, test, cancellationToken);
                answers[system] = OutputAnswers.Of(Added(predictions, isProbability: learnt.Classifier is NetworkClassifier));
            }

            conditions.Add(RobustnessCondition.Of(degradation, recordingOf, answers));
        }

        Work?.Report(new WorkProgress($"{split.Name}: degraded test recordings", conditions.Count, conditions.Count));
        return conditions;
    }

    /// <summary>Scores whose sum over segments is a recording's: logarithms of probabilities.</summary>
    private static Predictions Added(Predictions predictions, bool isProbability) => !isProbability ? predictions : new Predictions(
        predictions.Devices, predictions.Recordings, predictions.RecordingOf, predictions.Labels,
        [.. predictions.Scores.Select(row => Array.ConvertAll(row, p => MathF.Log(MathF.Max(p, SmallestProbability))))]);

    private RobustnessSplit Result(Split split, List<RobustnessCondition> conditions)
    {
        var label = split.Test.Devices.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        return new RobustnessSplit
        {
            Key = KeyOf(split),
            LibraryVersion = Trial.LibraryVersion,
            Network = _network,
            Floor = _floor,
            Copies = profile.DegradedCopies,
            Seen = SeenDegradations.Names,
            Untested = Untested,
            CorpusName = corpus.Name,
            Corpus = corpus.Fingerprint,
            IsSimulated = corpus.IsSimulated,
            Split = split.Name,
            Seed = _seed,
            Finished = DateTime.UtcNow,
            Environment = RunEnvironment.Here(device),
            Devices = split.Test.Devices,
            Recordings = [.. split.Test.Recordings.Select(_names.Of)],
            Truth = [.. split.Test.Recordings.Select(recording => label[recording.Device])],
            Conditions = conditions,
        };
    }

    private sealed record Learnt(FrontEnd FrontEnd, IDeviceClassifier Classifier, int Samples) : IDisposable
    {
        public void Dispose()
        {
            Classifier.Dispose();
            FrontEnd.Dispose();
        }
    }

    /// <summary>A training as one piece of work with a name.</summary>
    private sealed class TrainingProgress(string work, IProgress<WorkProgress> progress) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) =>
            progress.Report(new WorkProgress(work, value.Batch + ((long)value.Batches * (value.Epoch - 1)), (long)value.Batches * value.Epochs, FormattableString.Invariant($"loss {value.Loss:0.000}")));
    }
}
