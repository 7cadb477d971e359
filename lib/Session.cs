using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using DeviceId.Reporting;
using static TorchSharp.torch;

namespace DeviceId;

/// <summary>
/// What a notebook opens: the recordings, the stored results, and the means to get those that are missing, with live progress.
/// </summary>
public sealed class Session : IDisposable
{
    private readonly Pipeline _pipeline;
    private readonly TrialRunner _runner;
    private readonly TrialStore _store;
    private readonly RobustnessStore _robustness;
    private readonly LiveProgress _progress = new();
    private readonly string _cache;

    private Session(Corpus corpus, Profile profile, string dataFolder, Device device)
    {
        (Corpus, Profile, Device, _cache) = (corpus, profile, device, Path.Combine(dataFolder, "cache"));
        var (own, committed) = (Path.Combine(dataFolder, "trials"), Path.Combine(dataFolder, "results"));
        _pipeline = new Pipeline(Path.Combine(_cache, "features"), device) { Work = _progress, Training = _progress };
        _runner = new TrialRunner(corpus, _pipeline);
        _store = new TrialStore(own, committed);
        _robustness = new RobustnessStore(Path.Combine(own, "robustness"), Path.Combine(committed, "robustness"));
    }

    /// <summary>The recordings.</summary>
    public Corpus Corpus { get; }

    /// <summary>Sizes and settings.</summary>
    public Profile Profile { get; }

    /// <summary>Where the arithmetic runs.</summary>
    public Device Device { get; }

    /// <summary>The settings that all experiments share: the reference PSTNN.</summary>
    public TrialSettings Settings => Profile.Settings;

    /// <summary>Tables about the recordings and about what systems say of them.</summary>
    public ResultTables Tables => new(Corpus);

    /// <summary>
    /// Opens the recordings and the store, and prints where the recordings come from and what speaks against them
    /// (<see cref="ContainerFacts"/>).
    /// </summary>
    /// <param name="data">Folder of recordings; empty for the default.</param>
    /// <param name="profile">Name of the profile.</param>
    /// <param name="seeds">How many seeds each variant is trained with: 1, 2, 3…</param>
    /// <param name="device">Compute device: auto, cpu, cuda.</param>
    /// <param name="dataFolder">The project's data folder: recordings, caches, results.</param>
    /// <exception cref="ArgumentException">No such profile, or less than one seed.</exception>
    /// <exception cref="CorpusException">The recordings cannot be used.</exception>
    public static Session Open(string data, string profile, int seeds = 1, string device = "auto", string dataFolder = "../data")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        var sized = Profile.Named(profile) with { Seeds = [.. Enumerable.Range(1, seeds).Select(seed => (long)seed)] };
        return Open(data, sized, device, dataFolder);
    }

    /// <summary>The same at a size of one's own.</summary>
    /// <param name="data">Folder of recordings; empty for the default.</param>
    /// <param name="profile">Sizes, seeds and settings.</param>
    /// <param name="device">Compute device: auto, cpu, cuda.</param>
    /// <param name="dataFolder">The project's data folder: recordings, caches, results.</param>
    /// <exception cref="OptionsException">The profile cannot be used.</exception>
    /// <exception cref="CorpusException">The recordings cannot be used.</exception>
    public static Session Open(string data, Profile profile, string device = "auto", string dataFolder = "../data")
    {
        profile.Validate();
        var hardware = ComputeDevice.Choose(device);
        var corpus = CorpusFinder.Open(data, dataFolder, profile.Simulated, new LiveProgress());
        var session = new Session(corpus, profile, dataFolder, hardware);
        Console.WriteLine(session.Tables.Source);
        if (corpus.Skipped.Count > 0)
            Console.WriteLine(corpus.SkippedNotice);
        foreach (var warning in ContainerFacts.Warnings(corpus))
            Console.WriteLine(warning);
        return session;
    }

    /// <summary>The splits that the profile runs.</summary>
    public IReadOnlyList<Split> Splits => Profile.Splits(Corpus);

    /// <summary>Fits a front end: features, background model, standardisation, training samples.</summary>
    /// <param name="split">Its training recordings are learnt from.</param>
    /// <param name="settings">How; null for the shared settings.</param>
    /// <param name="background">A background model from elsewhere (<see cref="OpenBackground"/>); null to train one.</param>
    public PreparedSamples Prepare(Split split, TrialSettings? settings = null, DiagonalGmm? background = null) =>
        _pipeline.Prepare(split.Train, (settings ?? Settings).FrontEnd, background, NotebookDisplay.Interruption());

    /// <summary>Trains a system on prepared samples.</summary>
    /// <param name="samples">The samples; they and their front end must outlive the system.</param>
    /// <param name="settings">How; null for the shared settings.</param>
    public FittedSystem Train(PreparedSamples samples, TrialSettings? settings = null) =>
        _pipeline.Train(samples, (settings ?? Settings).Classifier, Profile.Seeds[0], cancellationToken: NotebookDisplay.Interruption());

    /// <summary>Fits a front end and a system on a split's training recordings, and asks it about its test recordings.</summary>
    /// <param name="split">The split.</param>
    /// <param name="settings">How; null for the shared settings.</param>
    /// <param name="background">A background model from elsewhere (<see cref="OpenBackground"/>); null to train one.</param>
    public SystemPredictions Evaluate(Split split, TrialSettings? settings = null, DiagonalGmm? background = null)
    {
        using var samples = Prepare(split, settings, background);
        using var system = Train(samples, settings);
        return system.Predict(split.Test, NotebookDisplay.Interruption());
    }

    /// <summary>A background model from elsewhere; null for an empty path, where each split trains its own.</summary>
    /// <param name="path">
    /// A <c>.mat</c> file of the laboratory, a file of <see cref="DiagonalGmm.Save"/>, or TIMIT's folder; empty for none.
    /// </param>
    /// <exception cref="FileNotFoundException">Neither a file nor a folder.</exception>
    public DiagonalGmm? OpenBackground(string path)
    {
        var frontEnd = Settings.FrontEnd;
        var store = new FeatureStore(Path.Combine(_cache, "features"), frontEnd.CreateFeatures(Device));
        return BackgroundSource.Open(path, frontEnd, store, Device, _progress);
    }

    /// <summary>A variant of the shared settings.</summary>
    /// <param name="name">The row's name.</param>
    /// <param name="change">What is changed, by a <c>with</c>.</param>
    public Variant Variant(string name, Func<TrialSettings, TrialSettings> change) => new(name, change(Settings));

    /// <summary>
    /// What an experiment will run: each variant, what sets it apart from the first, and how many of its trials have a stored result.
    /// </summary>
    /// <param name="experiment">Its id, which is its notebook's name.</param>
    /// <param name="variants">From the shared settings to variants: the notebook's cell tagged <c>variants</c>.</param>
    public ResultTable Plan(string experiment, Func<TrialSettings, IReadOnlyList<Variant>> variants)
    {
        var asked = Profile.Variants(variants);
        var table = new ResultTable(
            $"{experiment} at the size '{Profile.Name}'", "variant", "differs from the first in", "answer", "trials", "stored");
        foreach (var variant in asked)
        {
            var trials = Experiment.Trials(variant, Profile, Corpus);
            var difference = variant == asked[0] ? "" : SettingsDifference.Describe(asked[0].Settings, variant.Settings);
            table.Row(variant.Name, difference, variant.Output, trials.Count, trials.Count(trial => _store.Find(trial) is not null));
        }

        var distinct = asked.SelectMany(v => Experiment.Trials(v, Profile, Corpus)).DistinctBy(t => t.Key).Count();
        var left = variants(Settings).Count - asked.Count;
        var heavy = left > 0 ? $" {left} variants that take long are left out at this size; 'standard' runs them." : "";
        return table.WithNote($"{distinct} different trials.{heavy} {Tables.Source}");
    }

    /// <summary>Runs an experiment; what is stored already is not run again.</summary>
    /// <param name="experiment">Its id, which is its notebook's name.</param>
    /// <param name="variants">From the shared settings to variants: the notebook's cell tagged <c>variants</c>.</param>
    /// <exception cref="OptionsException">A variant's settings cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The reader stopped the cell; run again, a training goes on from its
    /// checkpoint.</exception>
    public PaperComparison Compare(string experiment, Func<TrialSettings, IReadOnlyList<Variant>> variants) =>
        Compare(ExperimentCatalog.Named(experiment), Profile.Variants(variants));

    /// <summary>Runs variants of one's own against one another; the first is the reference.</summary>
    /// <param name="title">What is asked.</param>
    /// <param name="variants">Settings that differ from <see cref="Settings"/> by a <c>with</c>.</param>
    /// <exception cref="ArgumentException">No variant, or two of one name.</exception>
    public PaperComparison Compare(string title, params Variant[] variants) =>
        variants.Length > 0 && variants.DistinctBy(v => v.Name).Count() == variants.Length
            ? Compare(new Experiment("own", title, title, null, variants[0].Name), (IReadOnlyList<Variant>)variants)
            : throw new ArgumentException("Give one variant at least, and each its own name.", nameof(variants));

    /// <summary>
    /// Runs the robustness study, and prints what was not tested; a held-out sentence that is stored already is not run again.
    /// </summary>
    /// <param name="sentences">How many sentences are held out in turn; 0 for as many as the profile says.</param>
    public RobustnessResult Robustness(int sentences = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sentences);
        var size = sentences == 0 ? Profile : Profile with { Folds = sentences };
        var study = new RobustnessStudy(Corpus, size, _cache, _robustness, Device) { Work = _progress, Notice = Console.WriteLine };
        var result = study.Run(NotebookDisplay.Interruption());
        foreach (var untested in result.Splits.SelectMany(split => split.Untested).Distinct())
            Console.WriteLine($"Not tested: {untested}");
        foreach (var damaged in _robustness.Damaged)
            Console.WriteLine(damaged);
        return result;
    }

    /// <summary>Frees what was kept for the next trial.</summary>
    public void Dispose() => _runner.Dispose();

    private PaperComparison Compare(Experiment experiment, IReadOnlyList<Variant> variants)
    {
        foreach (var variant in variants)
            variant.Settings.Validate();
        var sweep = new Sweep(_runner, _store, Profile) { Progress = _progress, Notice = Console.WriteLine };
        var results = sweep.Run(variants, cancellationToken: NotebookDisplay.Interruption());
        foreach (var line in _store.Damaged.Concat(_store.Changed))
            Console.WriteLine(line);
        var rows = ExperimentResult.From(
            experiment, variants, variant => Experiment.Trials(variant, Profile, Corpus), results.GetValueOrDefault)!;
        return new PaperComparison(rows, _store, Profile.Name);
    }
}
