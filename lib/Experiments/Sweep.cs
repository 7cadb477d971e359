using System.Diagnostics;
using DeviceId.Foundation;
using DeviceId.Training;

namespace DeviceId.Experiments;

/// <summary>Runs the trials of variants, or finds their results; several processes may work on one store.</summary>
/// <param name="laboratory">Runs trials.</param>
/// <param name="store">Keeps results.</param>
/// <param name="profile">Splits and seeds.</param>
public sealed class Sweep(Laboratory laboratory, TrialStore store, Profile profile)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Told before each trial and after the last.</summary>
    public IProgress<SweepProgress>? Progress { get; init; }

    /// <summary>Told about features and background models.</summary>
    public IProgress<WorkProgress>? Work { get; init; }

    /// <summary>Told about trainings.</summary>
    public IProgress<EpochReport>? Training { get; init; }

    /// <summary>Runs what has no result yet. A trial that another process is running is left to it, and waited for at the end.</summary>
    /// <param name="variants">The variants; equal settings are run once.</param>
    /// <param name="shard">The part that is this machine's.</param>
    /// <param name="cancellationToken">Asked between trials.</param>
    /// <returns>Results of this shard's trials by key.</returns>
    public IReadOnlyDictionary<string, TrialResult> Run(IEnumerable<Variant> variants, Shard? shard = null, CancellationToken cancellationToken = default)
    {
        var splits = profile.Splits(laboratory.Corpus).ToDictionary(split => split.Name);
        var all = variants.SelectMany(variant => Experiment.Trials(variant, profile, laboratory.Corpus).Select(trial => (variant.Name, Trial: trial)))
            .DistinctBy(pair => pair.Trial.Key)
            .OrderBy(pair => pair.Trial.Split, StringComparer.Ordinal).ThenBy(pair => Json.WriteCompact(pair.Trial.Settings.FrontEnd), StringComparer.Ordinal).ToList();
        var mine = (shard ?? Shard.All).Of(all);
        var results = new Dictionary<string, TrialResult>();
        foreach (var (_, trial) in mine)
        {
            if (store.Find(trial.Key) is not { } stored)
                continue;
            results[trial.Key] = stored;
            store.RemoveAbandonedLock(trial.Key);
        }

        var (found, ran, clock) = (results.Count, 0, Stopwatch.StartNew());
        var spent = TimeSpan.Zero;
        void Tell(string? next) => Progress?.Report(new SweepProgress(
            results.Count, mine.Count, found, clock.Elapsed, ran == 0 ? null : spent / ran * (mine.Count - results.Count), next));
        while (results.Count < mine.Count)
        {
            var before = results.Count;
            foreach (var (name, trial) in mine.Where(pair => !results.ContainsKey(pair.Trial.Key)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var began = clock.Elapsed;
                using var claim = store.TryClaim(trial.Key);
                if (claim is null)
                    continue;

                // Another process may have finished it since we looked.
                if (store.Find(trial.Key) is { } stored)
                {
                    results[trial.Key] = stored;
                    found++;
                    continue;
                }

                Tell($"{name}, {trial.Split}, seed {trial.Seed}");
                var result = laboratory.Run(trial, splits[trial.Split], Work, Training);
                store.Write(result);
                results[trial.Key] = result;
                ran++;
                spent += clock.Elapsed - began;
            }

            // All that is left is in other hands.
            if (results.Count == before)
                Task.Delay(Patience, cancellationToken).Wait(cancellationToken);
        }

        Tell(null);
        return results;
    }
}
