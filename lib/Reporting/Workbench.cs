using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Reporting;

/// <summary>What a notebook opens: the recordings, the stored results, and the means to get those that are missing, with live progress.</summary>
public sealed class Workbench : IDisposable
{
    private readonly Laboratory _laboratory;
    private readonly TrialStore _store;
    private readonly LiveProgress _progress = new();

    private readonly RobustnessStore _robustness;
    private readonly string _cache;
    private readonly Device _device;

    private Workbench(Corpus corpus, Profile profile, string dataFolder, Device device)
    {
        (Corpus, Profile, _cache, _device) = (corpus, profile, Path.Combine(dataFolder, "cache"), device);
        var (own, committed) = (Path.Combine(dataFolder, "trials"), Path.Combine(dataFolder, "results"));
        _laboratory = new Laboratory(corpus, Path.Combine(_cache, "features"), device);
        _store = new TrialStore(own, committed);
        _robustness = new RobustnessStore(Path.Combine(own, "robustness"), Path.Combine(committed, "robustness"));
    }

    /// <summary>The recordings.</summary>
    public Corpus Corpus { get; }

    /// <summary>Sizes and settings.</summary>
    public Profile Profile { get; }

    /// <summary>The settings that all experiments share: the reference PSTNN.</summary>
    public TrialSettings Settings => Profile.Settings(Corpus.Devices.Count);

    /// <summary>Opens the recordings and the store, and prints what speaks against the recordings (<see cref="ContainerFacts"/>).</summary>
    /// <param name="data">Folder of recordings; empty for the default.</param>
    /// <param name="profile">Name of the profile.</param>
    /// <param name="seeds">How many seeds each variant is trained with: 1, 2, 3…</param>
    /// <param name="device">Compute device: auto, cpu, cuda.</param>
    /// <param name="dataFolder">The project's data folder: recordings, caches, results.</param>
    /// <exception cref="ArgumentException">No such profile, or less than one seed.</exception>
    /// <exception cref="CorpusException">The recordings cannot be used.</exception>
    public static Workbench Open(string data, string profile, int seeds = 1, string device = "auto", string dataFolder = "../data")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        var sized = Profile.Named(profile) with { Seeds = [.. Enumerable.Range(1, seeds).Select(seed => (long)seed)] };
        var hardware = ComputeDevice.Choose(device);
        var corpus = CorpusFinder.Open(data, dataFolder, sized.Simulated, new LiveProgress());
        foreach (var warning in ContainerFacts.Warnings(corpus))
            Console.WriteLine(warning);
        return new Workbench(corpus, sized, dataFolder, hardware);
    }

    /// <summary>What an experiment will run: each variant, what sets it apart from the first, and how many of its trials have a stored result.</summary>
    public ResultTable Plan(Experiment experiment)
    {
        var variants = experiment.Variants(Profile, Corpus.Devices.Count);
        var table = new ResultTable($"{experiment.Id} at the size '{Profile.Name}'", "variant", "differs from the first in", "answer", "trials", "stored");
        foreach (var variant in variants)
        {
            var trials = Experiment.Trials(variant, Profile, Corpus);
            var difference = variant == variants[0] ? "" : SettingsDifference.Of(variants[0].Settings, variant.Settings);
            table.Row(variant.Name, difference, variant.Output, trials.Count, trials.Count(trial => _store.Find(trial.Key) is not null));
        }

        var distinct = variants.SelectMany(v => Experiment.Trials(v, Profile, Corpus)).DistinctBy(t => t.Key).Count();
        var left = experiment.Vary(Settings).Count - variants.Count;
        return table.WithNote($"{distinct} different trials.{(left > 0 ? $" {left} variants that take long are left out at this size; 'standard' runs them." : "")} {new ResultTables(Corpus).Source}");
    }

    /// <summary>Runs an experiment of the catalogue; what is stored already is not run again.</summary>
    public ExperimentResult Run(Experiment experiment, CancellationToken cancellationToken = default) =>
        Run(experiment, experiment.Variants(Profile, Corpus.Devices.Count), cancellationToken);

    /// <summary>Runs variants of your own against one another; the first is the reference.</summary>
    /// <param name="title">What is asked.</param>
    /// <param name="variants">Settings that differ from <see cref="Settings"/> by a <c>with</c>.</param>
    /// <exception cref="ArgumentException">No variant, or two of one name.</exception>
    public ExperimentResult Run(string title, params Variant[] variants) =>
        variants.Length > 0 && variants.DistinctBy(v => v.Name).Count() == variants.Length
            ? Run(new Experiment("own", title, title, null, variants[0].Name, _ => variants), variants, default)
            : throw new ArgumentException("Give one variant at least, and each its own name.", nameof(variants));

    /// <summary>A variant of the shared settings.</summary>
    /// <param name="name">The row's name.</param>
    /// <param name="change">What is changed, by a <c>with</c>.</param>
    public Variant Variant(string name, Func<TrialSettings, TrialSettings> change) => new(name, change(Settings));

    /// <summary>Runs the robustness study, and prints what was not tested; a held-out sentence that is stored already is not run again.</summary>
    /// <param name="sentences">How many sentences are held out in turn; 0 for as many as the profile says.</param>
    public RobustnessResult Robustness(int sentences = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sentences);
        var study = new RobustnessStudy(Corpus, sentences == 0 ? Profile : Profile with { Folds = sentences }, _cache, _robustness, _device) { Work = _progress };
        var result = study.Run();
        foreach (var untested in result.Splits.SelectMany(split => split.Untested).Distinct())
            Console.WriteLine($"Not tested: {untested}");
        foreach (var damaged in _robustness.Damaged)
            Console.WriteLine(damaged);
        return result;
    }

    /// <summary>Frees what was kept for the next trial.</summary>
    public void Dispose() => _laboratory.Dispose();

    private ExperimentResult Run(Experiment experiment, IReadOnlyList<Variant> variants, CancellationToken cancellationToken)
    {
        var results = new Sweep(_laboratory, _store, Profile) { Progress = _progress, Work = _progress, Training = _progress }.Run(variants, cancellationToken: cancellationToken);
        foreach (var damaged in _store.Damaged)
            Console.WriteLine(damaged);
        return ExperimentResult.From(experiment, variants, variant => Experiment.Trials(variant, Profile, Corpus), key => results.GetValueOrDefault(key))!;
    }
}
