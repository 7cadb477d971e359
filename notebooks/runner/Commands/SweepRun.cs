using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;
using DeviceId.Training;

namespace DeviceId.Notebooks.Commands;

/// <summary>Runs the trials of experiments without a notebook; trials with a stored result are not run again.</summary>
internal sealed class SweepRun : IProgress<SweepProgress>, IProgress<WorkProgress>
{
    private readonly SweepOptions _options;
    private readonly IReadOnlyList<Experiment> _experiments;
    private readonly Profile _profile;
    private readonly Shard _shard;
    private string _experiment = "";

    private SweepRun(SweepOptions options)
    {
        _options = options;
        _experiments = options.Experiments.Contains("all")
            ? ExperimentCatalog.All : [.. options.Experiments.Select(ExperimentCatalog.Named)];
        _profile = Profile.Named(options.Profile);
        _shard = Shard.Parse(options.Shard);
    }

    /// <summary>Checks the options and runs.</summary>
    /// <exception cref="NotebookException">An option or the recordings cannot be used.</exception>
    public static int Start(SweepOptions options)
    {
        try
        {
            return new SweepRun(options).Run();
        }
        catch (Exception problem) when (problem is ArgumentException or FormatException or CorpusException or AudioException
            or OptionsException)
        {
            throw new NotebookException(problem.Message);
        }
    }

    private int Run()
    {
        using var stop = new StopSignal("stopping; started again, the sweep goes on from there");
        var device = ComputeDevice.Choose(_options.Device);
        if (_options.Threads > 0)
            TorchSharp.torch.set_num_threads(_options.Threads);
        var dataFolder = Path.Combine(Repository.Root, "data");
        var corpus = CorpusFinder.Open(_options.Data, dataFolder, _profile.Simulated);
        Console.WriteLine($"{corpus.Name}: {SentenceList.Count(corpus.Recordings.Count, "recording")} of "
            + $"{SentenceList.Count(corpus.Devices.Count, "device")}; profile {_profile.Name}, {device}; results in {_options.Results}");
        foreach (var notice in corpus.Notices)
            Console.WriteLine(notice);
        foreach (var warning in MetadataCheck.Warnings(corpus))
            Console.WriteLine(warning);
        var pipeline = new Pipeline(Path.Combine(Repository.Cache, "features"), device);
        using var runner = new TrialRunner(corpus, pipeline);
        var store = new TrialStore(_options.Results, Repository.CommittedResults);
        var log = _options.Log is null ? null : new TensorBoardLog(_options.Log, Console.WriteLine);
        var passed = true;
        try
        {
            foreach (var experiment in _experiments)
            {
                _experiment = experiment.Id;
                var variants = Variants(experiment);
                if (_options.Control)
                    variants = [.. variants.Select(variant => PermutationControl.Permute(variant))];
                IReadOnlyDictionary<string, TrialResult> Sweep(Profile profile, IReadOnlyList<Variant> part) =>
                    new Sweep(runner, store, profile)
                    {
                        Progress = this, Notice = Console.WriteLine, NeedsScores = _options.WithScores,
                        Log = log is null ? null : (variant, trial, started) =>
                            log.Begin(started, _experiment, variant, $"{trial.Split}, seed {trial.Seed}"),
                    }.Run(part, _shard, stop.Token);
                var results = experiment.IsExploratory && !_options.Control
                    ? Explore(variants, new Screening(_profile, corpus), Sweep, store.Find) : Sweep(_profile, variants);
                if (_options.Costs)
                    MeasureCosts(experiment, variants, new CostStudy(pipeline, corpus) { Progress = this }, stop.Token);
                if (_options.Control)
                    passed &= CheckControl(ExperimentResult.From(
                        experiment, variants, variant => Experiment.Trials(variant, _profile, corpus), results.GetValueOrDefault));
            }
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        finally
        {
            foreach (var line in store.Damaged.Concat(store.Changed))
                Console.WriteLine(line);
        }

        return passed ? ExitCode.Success : ExitCode.CellFailed;
    }

    /// <summary>
    /// Runs all systems on a few splits and the best on all; of several shards, the last to finish the first round does so.
    /// </summary>
    private IReadOnlyDictionary<string, TrialResult> Explore(IReadOnlyList<Variant> variants, Screening screening,
        Func<Profile, IReadOnlyList<Variant>, IReadOnlyDictionary<string, TrialResult>> sweep, Func<Trial, TrialResult?> find)
    {
        var first = sweep(screening.FirstRound, variants);
        if (screening.Choose(variants, trial => first.GetValueOrDefault(trial.Key) ?? find(trial)) is { } chosen)
            return sweep(_profile, chosen);
        Console.WriteLine(
            $"{_experiment}: the best systems are run on all splits when the other shards have run theirs: start again then.");
        return first;
    }

    /// <summary>
    /// The variants that the experiment's notebook defines. If one cannot be run here, the experiment is refused and the variant named.
    /// </summary>
    private IReadOnlyList<Variant> Variants(Experiment experiment)
    {
        var cell = new VariantCell(Repository.NotebookFolder, Path.Combine(Repository.Cache, "variants"));
        var variants = _profile.Variants(shared => cell.Evaluate(experiment, shared));
        var problems = variants
            .SelectMany(variant => variant.Settings.Problems().Select(problem => $"variant '{variant.Name}': {problem}")).ToList();
        return problems.Count == 0 ? variants : throw new NotebookException($"{experiment.Id} cannot be run: {string.Join(' ', problems)}");
    }

    private void MeasureCosts(
        Experiment experiment, IReadOnlyList<Variant> variants, CostStudy study, CancellationToken cancellationToken)
    {
        var costs = study.Measure(experiment, variants, _profile, cancellationToken);
        new CostStore(Path.Combine(_options.Results, CostStore.Folder)).Write(costs);
    }

    private static bool CheckControl(ExperimentResult? result)
    {
        var (sentences, passed) = PermutationControl.Test(result?.Variants ?? []);
        foreach (var sentence in sentences)
            Console.WriteLine(sentence);
        return passed;
    }

    public void Report(WorkProgress value) => Console.WriteLine($"{_experiment}: {value.Work} {value.Done} of {value.Total}");

    public void Report(SweepProgress value)
    {
        if (value.Next is null)
        {
            Console.WriteLine(FormattableString.Invariant($"{_experiment}: {value.Done} of {value.Total} trials have a result ")
                + FormattableString.Invariant($"({value.Found} were there already), {value.Elapsed.TotalMinutes:0.0} min"));
            return;
        }

        var left = value.Remaining is { } rest ? FormattableString.Invariant($", {Math.Ceiling(rest.TotalMinutes)} min left") : "";
        Console.WriteLine($"{_experiment}: {value.Done} of {value.Total}{left}: {value.Next}");
    }
}
