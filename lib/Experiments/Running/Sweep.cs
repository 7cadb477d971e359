using System.Diagnostics;
using DeviceId.Foundation;
using DeviceId.Training;

namespace DeviceId.Experiments;

/// <summary>Runs the trials of variants that have no stored result yet; several processes may share a store.</summary>
/// <param name="runner">Runs trials.</param>
/// <param name="store">Store of the results.</param>
/// <param name="profile">Splits and seeds.</param>
internal sealed class Sweep(TrialRunner runner, TrialStore store, Profile profile)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Receives a report before each trial and after the last.</summary>
    public IProgress<SweepProgress>? Progress { get; init; }

    /// <summary>Receives messages for the user, such as that a damaged checkpoint was discarded.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Time between checkpoints: the most training time that is lost when the process is killed.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether trials whose result has no stored scores are run again; older results have none.</summary>
    public bool NeedsScores { get; init; }

    /// <summary>
    /// Opens a log for the epochs of a trial, by the name of its variant and the start of its training; also those of a stored result are
    /// written. Null for no logs.
    /// </summary>
    public Func<string, Trial, DateTimeOffset, IProgress<EpochResult>>? Log { get; init; }

    /// <summary>
    /// Runs the trials that have no result yet. A trial that another process is running is left to that process and waited for at the end.
    /// </summary>
    /// <param name="variants">The variants; trials with equal settings are run once.</param>
    /// <param name="shard">The part to run on this machine; null for all.</param>
    /// <param name="cancellationToken">Checked at least every few seconds; a training resumes from its checkpoint the next time.</param>
    /// <returns>Results of the shard's trials, by key.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyDictionary<string, TrialResult> Run(
        IEnumerable<Variant> variants, Shard? shard = null, CancellationToken cancellationToken = default)
    {
        var planned = (shard ?? Shard.All).Select(PlanTrials(variants));
        var results = new Dictionary<string, TrialResult>();
        foreach (var item in planned)
        {
            if (Find(item) is not { } stored)
                continue;
            results[item.Key] = stored;
            WriteLog(item, stored);
            store.RemoveLeftovers(item.Key);
        }

        var pace = new Pace(planned.Count, results.Count);
        while (results.Count < planned.Count)
        {
            var before = results.Count;
            foreach (var item in planned.Where(item => !results.ContainsKey(item.Key)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (RunOne(item, pace, results.Count, cancellationToken) is { } result)
                    results[item.Key] = result;
            }

            // Other processes are running all that is left.
            if (results.Count == before)
                Task.Delay(PollInterval, cancellationToken).Wait(cancellationToken);
        }

        Progress?.Report(pace.At(results.Count, null));
        return results;
    }

    /// <summary>The distinct trials, in an order in which trials with the same front end are neighbours.</summary>
    private List<WorkItem> PlanTrials(IEnumerable<Variant> variants) =>
    [
        .. variants
            .SelectMany(variant => Experiment.Trials(variant, profile, runner.Corpus)
                .Select(trial => new WorkItem(variant.Name, trial, trial.Key)))
            .DistinctBy(item => item.Key)
            .OrderBy(item => item.Trial.Split, StringComparer.Ordinal)
            .ThenBy(item => Json.WriteKey(item.Trial.Settings.FrontEnd), StringComparer.Ordinal),
    ];

    /// <summary>Runs a trial, or loads its result if there is one by now; null if another process is running it.</summary>
    private TrialResult? RunOne(WorkItem item, Pace pace, int done, CancellationToken cancellationToken)
    {
        using var claim = store.TryClaim(item.Key);
        if (claim is null)
            return null;

        // Another process may have finished it in the meantime.
        if (Find(item) is { } stored)
        {
            pace.Found++;
            WriteLog(item, stored);
            return stored;
        }

        Progress?.Report(pace.At(done, $"{item.Variant}, {item.Trial.Split}, seed {item.Trial.Seed}"));
        var clock = Stopwatch.StartNew();
        var split = profile.Splits(runner.Corpus).Single(split => split.Name == item.Trial.Split);

        // The checkpoint is kept until the result is stored: a process that is killed in between loses nothing.
        var checkpoints = new Checkpoints(store.CheckpointPath(item.Key), message => Notice?.Invoke(message))
        {
            Interval = CheckpointEvery, RemoveAtEnd = false,
        };
        var log = Log?.Invoke(item.Variant, item.Trial, DateTimeOffset.UtcNow);
        var outcome = runner.Run(item.Trial, split, checkpoints, log, cancellationToken);
        store.Write(outcome.Result, outcome.Scores);
        checkpoints.Remove();
        pace.AddRun(clock.Elapsed);
        return outcome.Result;
    }

    private void WriteLog(WorkItem item, TrialResult stored)
    {
        var log = Log?.Invoke(item.Variant, item.Trial, stored.Finished.AddSeconds(-stored.Epochs.Sum(epoch => epoch.Seconds)));
        foreach (var epoch in stored.Epochs)
            log?.Report(epoch);
    }

    private TrialResult? Find(WorkItem item) =>
        store.Find(item.Trial) is { } stored && (!NeedsScores || store.Scores(item.Key) is not null) ? stored : null;

    private sealed record WorkItem(string Variant, Trial Trial, string Key);

    /// <summary>Estimates the remaining time from the mean time of the trials that were run.</summary>
    private sealed class Pace(int total, int found)
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private TimeSpan _spent;
        private int _ran;

        public int Found { get; set; } = found;

        public void AddRun(TimeSpan time) => (_spent, _ran) = (_spent + time, _ran + 1);

        public SweepProgress At(int done, string? next) =>
            new(done, total, Found, _clock.Elapsed, _ran == 0 ? null : _spent / _ran * (total - done), next);
    }
}

/// <summary>Progress of a sweep, before each trial and after the last.</summary>
/// <param name="Done">Number of trials with a result.</param>
/// <param name="Total">Number of all trials.</param>
/// <param name="Found">Number of trials whose result was already stored.</param>
/// <param name="Elapsed">Time since the start of the sweep.</param>
/// <param name="Remaining">Estimated remaining time; null before the first trial has finished.</param>
/// <param name="Next">Name of the trial that starts now; null after the last.</param>
internal sealed record SweepProgress(int Done, int Total, int Found, TimeSpan Elapsed, TimeSpan? Remaining, string? Next);

/// <summary>Outcome of a trial: its result and its scores.</summary>
/// <param name="Result">The result.</param>
/// <param name="Scores">The scores that the result's answers were derived from; null if there was no test segment.</param>
internal sealed record TrialOutcome(TrialResult Result, TrialScores? Scores);
