using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Degradations;
using DeviceId.Experiments;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>Measures how often a model warns of recordings outside its training domain.</summary>
/// <remarks>
/// One sentence at a time is held out. The held-out recordings are checked against the <see cref="TrainingDomain"/> of the others:
/// undegraded, where every warning is a false alarm, and after each degradation. This needs no network, so none is trained.
/// </remarks>
internal static class WarningStudy
{
    /// <summary>Version of the study in the keys of its results; increased when the study changes.</summary>
    internal const int Version = 2;

    /// <summary>Part of a result's key; independent of the version of <see cref="PhoneModelStudy"/>.</summary>
    internal const int KeyVersion = 1;

    /// <summary>Runs the study.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="options">Training settings of the models.</param>
    /// <param name="degradations">Degradations to test; those that this machine cannot make are reported as untested.</param>
    /// <param name="cacheFolder">Folder where features are cached.</param>
    /// <param name="device">Compute device.</param>
    /// <param name="sentences">How many sentences are held out in turn; 0 for all.</param>
    /// <param name="progress">Receives a report after each degradation.</param>
    /// <exception cref="CorpusException">There are too few sentences.</exception>
    public static WarningEvidence Run(Corpus corpus, PhoneModelOptions options, IReadOnlyList<Degradation> degradations, string cacheFolder,
        Device device, int sentences = 0, IProgress<WorkProgress>? progress = null)
    {
        var splits = Folds.First(Folds.LeaveOneSentenceOut(corpus), sentences);
        var untested = degradations.Select(d => (d.Name, Reason: d.WhyUnavailable())).Where(d => d.Reason is not null).Distinct()
            .Select(d => $"{d.Name}: {d.Reason}").ToList();
        Degradation?[] tested = [null, .. degradations.Where(d => d.WhyUnavailable() is null)];
        var differences = tested.Select(_ => new List<IReadOnlyList<DomainDifference>>()).ToList();
        foreach (var (split, number) in splits.Select((split, number) => (split, number)))
        {
            var known = corpus.Subset(r => split.Train.Recordings.Contains(r));
            var trainer = new PhoneModelTrainer(known, options, cacheFolder, device, null);
            var (scorer, calibration) = trainer.FitScorer();
            var domain = new TrainingDomain(trainer.MeasureStatistics(), scorer, calibration);
            AudioClip[] clips = [.. split.Test.Recordings.Select(r => AudioFile.Read(r.Path))];
            for (var i = 0; i < tested.Length; i++)
            {
                var degraded = DegradedClips.Degrade(tested[i], split.Test.Recordings, clips, options.Seed);
                differences[i].AddRange(degraded.Select(clip =>
                    Differences(domain, known.Devices, RecordingStatistics.Measure(clip), trainer.Spectrum(clip))));
                progress?.Report(new WorkProgress("recordings degraded and tested", (number * tested.Length) + i + 1,
                    splits.Count * tested.Length, tested[i]?.Label));
            }
        }

        return new WarningEvidence(
            corpus.Name, corpus.Fingerprint, corpus.IsSimulated, options, [.. tested.Zip(differences, Row)], untested,
            RunEnvironment.Here(device));
    }

    /// <summary>
    /// A model takes the network's first candidate as the most probable device; here it is the device with the most similar spectrum.
    /// </summary>
    private static IReadOnlyList<DomainDifference> Differences(
        TrainingDomain domain, IReadOnlyList<string> devices, RecordingStatistics statistics, double[] spectrum)
    {
        var similarities = domain.Scorer?.Similarities(spectrum) ?? [];
        var device = similarities.Length == 0 ? "" : devices[Array.IndexOf(similarities, similarities.Max())];
        return domain.Differences(statistics, spectrum, device);
    }

    private static WarningRow Row(Degradation? degradation, IReadOnlyList<IReadOnlyList<DomainDifference>> differences) => new(
        degradation?.Label ?? RobustnessCondition.Untouched, differences.Count, differences.Count(d => d.Count > 0),
        differences.SelectMany(d => d.Select(one => one.Aspect).Distinct()).GroupBy(aspect => aspect)
            .OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count()));
}
