using System.Diagnostics;
using DeviceId.Foundation;
using DeviceId.Training;

namespace DeviceId.Experiments;

/// <summary>Runs the trials of variants, or finds their results; several processes may work on one store.</summary>
/// <param name="runner">Runs trials.</param>
/// <param name="store">Keeps results.</param>
/// <param name="profile">Splits and seeds.</param>
internal sealed class Sweep(TrialRunner runner, TrialStore store, Profile profile)
{
    private static readonly TimeSpan WaitForOthers = TimeSpan.FromSeconds(1);

    /// <summary>Told before each trial and after the last.</summary>
    public IProgress<SweepProgress>? Progress { get; init; }

    /// <summary>Told in a sentence what a user should know, such as that a damaged checkpoint was discarded.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>How much of a training is lost at most when its process is killed.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether a result without scores is run again: those that were stored before scores were kept have none.</summary>
    public bool NeedsScores { get; init; }

    /// <summary>Runs what has no result yet. A trial that another process is running is left to it, and waited for at the end.</summary>
    /// <param name="variants">The variants; equal settings are run once.</param>
    /// <param name="shard">The part that is this machine's.</param>
    /// <param name="cancellationToken">Asked at least every few seconds; a training goes on from its checkpoint the next time.</param>
    /// <returns>Results of this shard's trials by key.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyDictionary<string, TrialResult> Run(
        IEnumerable<Variant> variants, Shard? shard = null, CancellationToken cancellationToken = default)
    {
        var mine = (shard ?? Shard.All).Of(Planned(variants));
        var results = new Dictionary<string, TrialResult>();
        foreach (var work in mine)
        {
            if (Find(work) is not { } stored)
                continue;
            results[work.Key] = stored;
            store.RemoveLeftovers(work.Key);
        }

        var pace = new Pace(mine.Count, results.Count);
        while (results.Count < mine.Count)
        {
            var before = results.Count;
            foreach (var work in mine.Where(work => !results.ContainsKey(work.Key)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (RunOne(work, pace, results.Count, cancellationToken) is { } result)
                    results[work.Key] = result;
            }

            // All that is left is in other hands.
            if (results.Count == before)
                Task.Delay(WaitForOthers, cancellationToken).Wait(cancellationToken);
        }

        Progress?.Report(pace.At(results.Count, null));
        return results;
    }

    /// <summary>The different trials; neighbours share a front end.</summary>
    private List<Work> Planned(IEnumerable<Variant> variants) =>
    [
        .. variants
            .SelectMany(variant => Experiment.Trials(variant, profile, runner.Corpus)
                .Select(trial => new Work(variant.Name, trial, trial.Key)))
            .DistinctBy(work => work.Key)
            .OrderBy(work => work.Trial.Split, StringComparer.Ordinal)
            .ThenBy(work => Json.WriteKey(work.Trial.Settings.FrontEnd), StringComparer.Ordinal),
    ];

    /// <summary>The result of a trial, run or found; null when another process is running it.</summary>
    private TrialResult? RunOne(Work work, Pace pace, int done, CancellationToken cancellationToken)
    {
        using var claim = store.TryClaim(work.Key);
        if (claim is null)
            return null;

        // Another process may have finished it since we looked.
        if (Find(work) is { } stored)
        {
            pace.Found++;
            return stored;
        }

        Progress?.Report(pace.At(done, $"{work.Variant}, {work.Trial.Split}, seed {work.Trial.Seed}"));
        var clock = Stopwatch.StartNew();
        var split = profile.Splits(runner.Corpus).Single(split => split.Name == work.Trial.Split);

        // The checkpoint outlives the training until its result is stored: a process killed in between loses nothing.
        var checkpoints = new Checkpoints(store.CheckpointOf(work.Key), sentence => Notice?.Invoke(sentence))
        {
            Every = CheckpointEvery, RemoveAtEnd = false,
        };
        var outcome = runner.Run(work.Trial, split, checkpoints, cancellationToken);
        store.Write(outcome.Result, outcome.Scores);
        checkpoints.Remove();
        pace.Ran(clock.Elapsed);
        return outcome.Result;
    }

    private TrialResult? Find(Work work) =>
        store.Find(work.Trial) is { } stored && (!NeedsScores || store.Scores(work.Key) is not null) ? stored : null;

    private sealed record Work(string Variant, Trial Trial, string Key);

    /// <summary>How fast trials are run, and what is left at that pace.</summary>
    private sealed class Pace(int total, int found)
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private TimeSpan _spent;
        private int _ran;

        public int Found { get; set; } = found;

        public void Ran(TimeSpan time) => (_spent, _ran) = (_spent + time, _ran + 1);

        public SweepProgress At(int done, string? next) =>
            new(done, total, Found, _clock.Elapsed, _ran == 0 ? null : _spent / _ran * (total - done), next);
    }
}

/// <summary>Where a sweep stands, before each trial and after the last.</summary>
/// <param name="Done">Trials with a result.</param>
/// <param name="Total">All trials.</param>
/// <param name="Found">Those whose result was there already.</param>
/// <param name="Elapsed">Since the sweep began.</param>
/// <param name="Remaining">Time left at the pace of the trials that were run; null before the first.</param>
/// <param name="Next">The trial that is begun, in words; null after the last.</param>
internal sealed record SweepProgress(int Done, int Total, int Found, TimeSpan Elapsed, TimeSpan? Remaining, string? Next);

/// <summary>What a trial leaves.</summary>
/// <param name="Result">Answers, times and facts.</param>
/// <param name="Scores">The scores that the answers were made from; null where there was no test segment.</param>
internal sealed record TrialOutcome(TrialResult Result, TrialScores? Scores);
