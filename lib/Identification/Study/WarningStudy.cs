using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Degradations;
using DeviceId.Experiments;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>Measures whether a model warns of recordings that are not like those it was trained on.</summary>
/// <remarks>
/// One sentence at a time is left out; what a model of the others holds against a questioned recording (<see cref="TrainingDomain"/>) is
/// asked of the left-out recordings as they are, where every warning is a false one, and after each degradation. No network is needed for
/// that, and none is trained.
/// </remarks>
internal static class WarningStudy
{
    /// <summary>Raised when the study asks something else than before.</summary>
    internal const int Version = 2;

    /// <summary>Part of a result's name, which does not follow the versions of the other study.</summary>
    internal const int AskedVersion = 1;

    /// <summary>Runs the study.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="options">How models are trained.</param>
    /// <param name="degradations">What is done to the recordings; those that this machine cannot do are left out, and said.</param>
    /// <param name="cacheFolder">Where features are kept.</param>
    /// <param name="device">Where the arithmetic runs.</param>
    /// <param name="sentences">How many sentences are left out in turn; 0 for all.</param>
    /// <param name="progress">Told after each degradation.</param>
    /// <exception cref="CorpusException">There are too few sentences.</exception>
    public static WarningEvidence Run(Corpus corpus, PhoneModelOptions options, IReadOnlyList<Degradation> degradations, string cacheFolder,
        Device device, int sentences = 0, IProgress<WorkProgress>? progress = null)
    {
        var splits = Folds.First(Folds.LeaveOneSentenceOut(corpus), sentences);
        var untested = degradations.Select(d => (d.Name, Reason: d.WhyUnavailable())).Where(d => d.Reason is not null).Distinct()
            .Select(d => $"{d.Name}: {d.Reason}").ToList();
        Degradation?[] tested = [null, .. degradations.Where(d => d.WhyUnavailable() is null)];
        var found = tested.Select(_ => new List<IReadOnlyList<DomainDifference>>()).ToList();
        foreach (var (split, number) in splits.Select((split, number) => (split, number)))
        {
            var known = corpus.Part(r => split.Train.Recordings.Contains(r));
            var trainer = new PhoneModelTrainer(known, options, cacheFolder, device, null);
            var (space, likeness) = trainer.Comparison();
            var range = new TrainingDomain(trainer.Traits(), space, likeness);
            AudioClip[] clips = [.. split.Test.Recordings.Select(r => AudioFile.Read(r.Path))];
            for (var i = 0; i < tested.Length; i++)
            {
                var heard = DegradedClips.Degrade(tested[i], split.Test.Recordings, clips, options.Seed);
                found[i].AddRange(heard.Select(clip =>
                    Differences(range, known.Devices, RecordingStatistics.Measure(clip), trainer.Spectrum(clip))));
                progress?.Report(new WorkProgress("recordings degraded and asked about", (number * tested.Length) + i + 1,
                    splits.Count * tested.Length, tested[i]?.Label));
            }
        }

        return new WarningEvidence(
            corpus.Name, corpus.Fingerprint, corpus.IsSimulated, options, [.. tested.Zip(found, Row)], untested,
            RunEnvironment.Here(device));
    }

    /// <summary>
    /// A model takes the network's first candidate for the likeliest device; here it is the one whose spectrum is most alike.
    /// </summary>
    private static IReadOnlyList<DomainDifference> Differences(
        TrainingDomain range, IReadOnlyList<string> devices, RecordingStatistics traits, double[] spectrum)
    {
        var likeness = range.Scorer?.Similarities(spectrum) ?? [];
        return range.Differences(traits, spectrum, likeness.Length == 0 ? "" : devices[Array.IndexOf(likeness, likeness.Max())]);
    }

    private static WarningRow Row(Degradation? degradation, IReadOnlyList<IReadOnlyList<DomainDifference>> found) => new(
        degradation?.Label ?? RobustnessCondition.Untouched, found.Count, found.Count(f => f.Count > 0),
        found.SelectMany(f => f.Select(d => d.Aspect).Distinct()).GroupBy(trait => trait)
            .OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count()));
}
