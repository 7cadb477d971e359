using System.Globalization;
using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;

namespace DeviceId.Notebooks.Commands;

/// <summary>Runs the trials of experiments without a notebook; what is stored already is not run again.</summary>
internal sealed class SweepRun : IProgress<SweepProgress>
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
    /// <exception cref="NotebookException">An option names nothing that there is.</exception>
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
        Console.WriteLine($"{corpus.Name}: {corpus.Recordings.Count} recordings of {corpus.Devices.Count} devices; profile {_profile.Name}, {device}; results in {_options.Results}");
        if (corpus.Skipped.Count > 0)
            Console.WriteLine(corpus.SkippedNotice);
        foreach (var warning in ContainerFacts.Warnings(corpus))
            Console.WriteLine(warning);
        using var runner = new TrialRunner(corpus, new Pipeline(Path.Combine(Repository.Cache, "features"), device));
        var store = new TrialStore(_options.Results, Repository.CommittedResults);
        var passed = true;
        try
        {
            foreach (var experiment in _experiments)
            {
                _experiment = experiment.Id;
                var variants = Variants(experiment);
                if (_options.Control)
                    variants = [.. variants.Select(variant => PermutationControl.Permute(variant))];
                var sweep = new Sweep(runner, store, _profile)
                {
                    Progress = this, Notice = Console.WriteLine, NeedsScores = _options.WithScores,
                };
                var results = sweep.Run(variants, _shard, stop.Token);
                if (_options.Control)
                    passed &= Judge(ExperimentResult.From(
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
    /// The variants that the experiment's notebook defines; one that cannot be run here is named, and its experiment refused.
    /// </summary>
    private IReadOnlyList<Variant> Variants(Experiment experiment)
    {
        var cell = new VariantCell(Repository.NotebookFolder, Path.Combine(Repository.Cache, "variants"));
        var variants = _profile.Variants(shared => cell.Evaluate(experiment, shared));
        var problems = variants
            .SelectMany(variant => variant.Settings.Problems().Select(problem => $"variant '{variant.Name}': {problem}")).ToList();
        return problems.Count == 0 ? variants : throw new NotebookException($"{experiment.Id} cannot be run: {string.Join(' ', problems)}");
    }

    private static bool Judge(ExperimentResult? result)
    {
        var (sentences, passed) = PermutationControl.Judge(result?.Variants ?? []);
        foreach (var sentence in sentences)
            Console.WriteLine(sentence);
        return passed;
    }

    public void Report(SweepProgress value)
    {
        var left = value.Remaining is { } rest && value.Next is not null
            ? $", {Math.Ceiling(rest.TotalMinutes).ToString(CultureInfo.InvariantCulture)} min left" : "";
        Console.WriteLine(value.Next is null
            ? string.Create(CultureInfo.InvariantCulture,
                $"{_experiment}: {value.Done} of {value.Total} trials have a result ({value.Found} were there already), {value.Elapsed.TotalMinutes:0.0} min")
            : $"{_experiment}: {value.Done} of {value.Total}{left}: {value.Next}");
    }
}
