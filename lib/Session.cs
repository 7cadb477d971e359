using DeviceId.Clustering;
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
/// A notebook's entry point: the recordings, the stored results, and methods that compute missing results, with live progress.
/// </summary>
public sealed class Session : IDisposable
{
    private readonly Pipeline _pipeline;
    private readonly TrialRunner _runner;
    private readonly TrialStore _store;
    private readonly RobustnessStore _robustness;
    private readonly FileFactsStore _fileFacts;
    private readonly CostStore _costs;
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
        _fileFacts = new FileFactsStore(
            Path.Combine(own, FileFactsStore.Folder), Path.Combine(committed, FileFactsStore.Folder));
        _costs = new CostStore(Path.Combine(own, CostStore.Folder), Path.Combine(committed, CostStore.Folder));
    }

    /// <summary>The recordings.</summary>
    public Corpus Corpus { get; }

    /// <summary>Sizes and settings.</summary>
    public Profile Profile { get; }

    /// <summary>Compute device.</summary>
    public Device Device { get; }

    /// <summary>The settings that all experiments share: the reference PSTNN.</summary>
    public TrialSettings Settings => Profile.Settings;

    /// <summary>Tables about the recordings and the predictions of systems.</summary>
    public ResultTables Tables => new(Corpus);

    /// <summary>
    /// Opens the recordings and the store, and prints the source of the recordings and warnings about them (<see cref="MetadataCheck"/>).
    /// </summary>
    /// <param name="data">Folder of recordings; empty for the default.</param>
    /// <param name="profile">Name of the profile.</param>
    /// <param name="seeds">Number of seeds that each variant is trained with (seeds 1, 2, 3, …).</param>
    /// <param name="device">Compute device: auto, cpu, cuda.</param>
    /// <param name="dataFolder">The project's data folder: recordings, caches, results.</param>
    /// <exception cref="ArgumentException">There is no such profile, or fewer than one seed.</exception>
    /// <exception cref="DeviceIdException">The recordings cannot be used.</exception>
    public static Session Open(string data, string profile, int seeds = 1, string device = "auto", string dataFolder = "../data")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        var sizedProfile = Profile.Named(profile) with { Seeds = [.. Enumerable.Range(1, seeds).Select(seed => (long)seed)] };
        return Open(data, sizedProfile, device, dataFolder);
    }

    /// <summary>Opens the recordings and the store with a profile of your own.</summary>
    /// <param name="data">Folder of recordings; empty for the default.</param>
    /// <param name="profile">Sizes, seeds and settings.</param>
    /// <param name="device">Compute device: auto, cpu, cuda.</param>
    /// <param name="dataFolder">The project's data folder: recordings, caches, results.</param>
    /// <exception cref="DeviceIdException">The profile is invalid.</exception>
    /// <exception cref="DeviceIdException">The recordings cannot be used.</exception>
    public static Session Open(string data, Profile profile, string device = "auto", string dataFolder = "../data")
    {
        profile.Validate();
        var computeDevice = ComputeDevice.Choose(device);
        var corpus = CorpusFinder.Open(data, dataFolder, profile.Simulated, new LiveProgress());
        var session = new Session(corpus, profile, dataFolder, computeDevice);
        Console.WriteLine(session.Tables.Source);
        foreach (var notice in corpus.Notices)
            Console.WriteLine(notice);
        foreach (var warning in MetadataCheck.Warnings(corpus))
            Console.WriteLine(warning);
        return session;
    }

    /// <summary>The splits that the profile runs.</summary>
    public IReadOnlyList<Split> Splits => Profile.Splits(Corpus);

    /// <summary>Fits a front end: features, background model, standardisation, training samples.</summary>
    /// <param name="split">The split; its training recordings are used.</param>
    /// <param name="settings">The settings; null for the shared ones.</param>
    /// <param name="background">An existing background model (<see cref="OpenBackground"/>); null to train one.</param>
    public PreparedSamples Prepare(Split split, TrialSettings? settings = null, DiagonalGmm? background = null) =>
        _pipeline.Prepare(split.Train, (settings ?? Settings).FrontEnd, background, NotebookDisplay.Interruption());

    /// <summary>Trains a system on prepared samples.</summary>
    /// <param name="samples">The samples; they and their front end must outlive the system.</param>
    /// <param name="settings">The settings; null for the shared ones.</param>
    public FittedSystem Train(PreparedSamples samples, TrialSettings? settings = null) =>
        _pipeline.Train(samples, (settings ?? Settings).Classifier, Profile.Seeds[0], cancellationToken: NotebookDisplay.Interruption());

    /// <summary>Trains a system on the training recordings of a split, and returns its predictions for the test recordings.</summary>
    /// <param name="split">The split.</param>
    /// <param name="settings">The settings; null for the shared ones.</param>
    /// <param name="background">An existing background model (<see cref="OpenBackground"/>); null to train one.</param>
    public SystemPredictions Evaluate(Split split, TrialSettings? settings = null, DiagonalGmm? background = null)
    {
        using var samples = Prepare(split, settings, background);
        using var system = Train(samples, settings);
        return system.Predict(split.Test, NotebookDisplay.Interruption());
    }

    /// <summary>
    /// Loads a background model, or trains one on TIMIT. Returns null for an empty path: then each split trains its own.
    /// </summary>
    /// <param name="path">
    /// A <c>.mat</c> file of the paper's authors, a file written by <see cref="DiagonalGmm.Save"/>, or the folder of TIMIT; empty for none.
    /// </param>
    /// <exception cref="FileNotFoundException">The path is neither a file nor a folder.</exception>
    public DiagonalGmm? OpenBackground(string path)
    {
        var frontEnd = Settings.FrontEnd;
        var store = new FeatureStore(Path.Combine(_cache, "features"), frontEnd.CreateFeatures(Device));
        return BackgroundSource.Open(path, frontEnd, store, Device, _progress);
    }

    /// <summary>Creates a variant of the shared settings.</summary>
    /// <param name="name">Name of the row in tables.</param>
    /// <param name="change">Returns the changed settings, by a <c>with</c> expression.</param>
    public Variant Variant(string name, Func<TrialSettings, TrialSettings> change) => new(name, change(Settings));

    /// <summary>
    /// The plan of an experiment: each variant, its differences from the first, and how many of its trials have a stored result.
    /// </summary>
    /// <param name="experiment">Id of the experiment, which is the name of its notebook.</param>
    /// <param name="variants">Creates the variants from the shared settings: the notebook's cell tagged <c>variants</c>.</param>
    public ResultTable Plan(string experiment, Func<TrialSettings, IReadOnlyList<Variant>> variants)
    {
        var shown = Profile.Variants(variants);
        var table = new ResultTable(
            $"{experiment} at the size '{Profile.Name}'", "variant", "differs from the first in", "answer", "trials", "stored");
        foreach (var variant in shown)
        {
            var trials = Experiment.Trials(variant, Profile, Corpus);
            var difference = variant == shown[0] ? "" : SettingsDifference.Describe(shown[0].Settings, variant.Settings);
            table.Row(variant.Name, difference, variant.Output, trials.Count, trials.Count(trial => _store.Find(trial) is not null));
        }

        var distinct = shown.SelectMany(v => Experiment.Trials(v, Profile, Corpus)).DistinctBy(t => t.Key).Count();
        var omitted = variants(Settings).Count - shown.Count;
        var omittedNote = omitted > 0
            ? $" {SentenceList.Count(omitted, "variant")} of long duration left out at this size; the profile 'standard' runs all." : "";
        return table.WithNote($"{SentenceList.Count(distinct, "distinct trial")}.{omittedNote} {Tables.Source}");
    }

    /// <summary>Runs an experiment; trials with a stored result are not run again.</summary>
    /// <param name="experiment">Id of the experiment, which is the name of its notebook.</param>
    /// <param name="variants">Creates the variants from the shared settings: the notebook's cell tagged <c>variants</c>.</param>
    /// <exception cref="DeviceIdException">The settings of a variant are invalid.</exception>
    /// <exception cref="OperationCanceledException">
    /// The cell was interrupted. When it is run again, a training resumes from its checkpoint.
    /// </exception>
    public PaperComparison Compare(string experiment, Func<TrialSettings, IReadOnlyList<Variant>> variants) =>
        Compare(ExperimentCatalog.Named(experiment), Profile.Variants(variants));

    /// <summary>Compares variants of your own with one another; the first is the reference.</summary>
    /// <param name="title">Title of the comparison.</param>
    /// <param name="variants">The variants, such as from <see cref="Variant"/>.</param>
    /// <exception cref="ArgumentException">There is no variant, or two have the same name.</exception>
    public PaperComparison Compare(string title, params Variant[] variants) =>
        variants.Length > 0 && variants.DistinctBy(v => v.Name).Count() == variants.Length
            ? Compare(new Experiment("own", title, title, null, variants[0].Name), (IReadOnlyList<Variant>)variants)
            : throw new ArgumentException("Give at least one variant, and give each a different name.", nameof(variants));

    /// <summary>
    /// Runs the robustness study, and prints which degradations were not tested; held-out sentences with a stored result are not run again.
    /// </summary>
    /// <param name="sentences">Number of sentences that are held out in turn; 0 for the number in the profile.</param>
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

    /// <summary>Finds out, without labels, how many phone sessions made recordings, and which belong together.</summary>
    /// <param name="recordings">The recordings; their devices are not used.</param>
    /// <param name="vectors">What represents a recording.</param>
    /// <param name="sessions">Number of sessions; null to estimate it.</param>
    /// <exception cref="DeviceIdException">A recording cannot be read.</exception>
    public RecordingClusters Cluster(
        IReadOnlyList<Recording> recordings, RecordingVectorKind vectors = RecordingVectorKind.Spectrum, int? sessions = null) =>
        RecordingClusters.Find(recordings, new ClusteringOptions { Vectors = vectors, Clusters = sessions },
            Path.Combine(_cache, "features"), Device, _progress, NotebookDisplay.Interruption());

    /// <summary>Frees the samples cached for the next trial.</summary>
    public void Dispose() => _runner.Dispose();

    private PaperComparison Compare(Experiment experiment, IReadOnlyList<Variant> variants)
    {
        if (experiment.IsExploratory)
            return Explore(experiment, variants);
        var results = Run(variants, Profile);
        return Comparison(experiment, variants, variant => Experiment.Trials(variant, Profile, Corpus), results.GetValueOrDefault);
    }

    private PaperComparison Explore(Experiment experiment, IReadOnlyList<Variant> variants)
    {
        var screening = new Screening(Profile, Corpus);
        var first = Run(variants, screening.FirstRound);
        var chosen = screening.Choose(variants, trial => first.GetValueOrDefault(trial.Key))!;
        var all = Run(chosen, Profile);
        return Comparison(experiment, variants, variant => screening.Trials(variant, chosen),
            key => all.GetValueOrDefault(key) ?? first.GetValueOrDefault(key));
    }

    /// <summary>Runs the trials of the variants that have no stored result.</summary>
    private IReadOnlyDictionary<string, TrialResult> Run(IReadOnlyList<Variant> variants, Profile profile)
    {
        foreach (var variant in variants)
            variant.Settings.Validate();
        var sweep = new Sweep(_runner, _store, profile) { Progress = _progress, Notice = Console.WriteLine };
        var results = sweep.Run(variants, cancellationToken: NotebookDisplay.Interruption());
        foreach (var line in _store.Damaged.Concat(_store.Changed))
            Console.WriteLine(line);
        return results;
    }

    private PaperComparison Comparison(Experiment experiment, IReadOnlyList<Variant> variants,
        Func<Variant, IReadOnlyList<Trial>> trialsOf, Func<string, TrialResult?> find) => new(
            ExperimentResult.From(experiment, variants, trialsOf, find)!, _store, Profile.Name,
            _fileFacts.FindOrMeasure(Corpus, _progress), _costs.Find(experiment.Id, Profile.Name, Corpus.Fingerprint));
}
