using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Degradations;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;

namespace DeviceId.Experiments;

/// <summary>The size of an experiment: how much data and how long a training. The code is the same for all profiles.</summary>
public sealed record Profile : Options
{
    /// <summary>Ending of the names of profiles without file facts.</summary>
    internal const string WithoutFactsEnding = "-without-file-facts";

    /// <summary>Ending of the names of profiles that train on two sentences and test on the others.</summary>
    internal const string TwoSentencesEnding = "-two-sentences";

    /// <summary>For tests and continuous integration: a few simulated devices, a few epochs, a narrow network, seconds.</summary>
    public static Profile Smoke { get; } = new()
    {
        Name = "smoke",
        Folds = 1,
        MaxCandidates = 1,
        Embedding = 32,
        Simulated = SimulatedCorpusOptions.Small,
        Degradations = TestDegradations.Few,
        DegradedCopies = 1,
        FrontEnd = FewSentences with { Background = FewSentences.Background with { Components = 16 } },
        Training = new TrainingOptions
        {
            Epochs = 4, LearningRateDecayEpochs = 3, SamplesPerEpoch = 400, BatchSize = 24, LearningRate = 3e-3,
        },
    };

    /// <summary>
    /// For a first run, which takes minutes on two cores: one held-out sentence, a network of a quarter of the width and a schedule for it
    /// (smaller batches, higher learning rate).
    /// </summary>
    public static Profile Quick { get; } = new()
    {
        Name = "quick",
        Folds = 1,
        MaxCandidates = 1,
        DegradedCopies = 2,
        Embedding = 256,
        Training = new TrainingOptions
        {
            Epochs = 8, LearningRateDecayEpochs = 3, SamplesPerEpoch = 1500, BatchSize = 48, LearningRate = 3e-3,
        },
    };

    /// <summary>
    /// For a full result on a desktop computer: all held-out sentences, the paper's network, its schedule shortened from 200 to 16 epochs.
    /// </summary>
    public static Profile Standard { get; } = new() { Name = "standard", Folds = 0, RunsHeavy = true };

    /// <summary>
    /// For replication on the full corpus (45 devices x 642 recordings) with a GPU: the paper's split, schedule and plain segments.
    /// </summary>
    public static Profile Paper { get; } = new()
    {
        Name = "paper",
        Folds = 0,
        RunsHeavy = true,
        DegradedCopies = 1,
        FrontEnd = new FrontEndOptions(),
        Training = new TrainingOptions(),
    };

    /// <summary>All profiles by name.</summary>
    public static IReadOnlyDictionary<string, Profile> All { get; } =
        new[] { Smoke, Quick, Standard, Paper }.ToDictionary(profile => profile.Name);

    /// <summary>The profile's name, as used in notebooks and on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>How many of the corpus's splits are run; 0 means all.</summary>
    public int Folds { get; init; }

    /// <summary>Number of training sentences, the first by name, all others being tested; 0 to leave one sentence out in turn.</summary>
    public int TrainingSentences { get; init; }

    /// <summary>The simulated corpus, used where there are no recordings.</summary>
    public SimulatedCorpusOptions Simulated { get; init; } = SimulatedCorpusOptions.Standard;

    /// <summary>Settings of the front end.</summary>
    public FrontEndOptions FrontEnd { get; init; } = FewSentences;

    /// <summary>Settings of the network's training.</summary>
    public TrainingOptions Training { get; init; } = new() { Epochs = 16, LearningRateDecayEpochs = 5, SamplesPerEpoch = 2500 };

    /// <summary>Width of each branch's output: 1024 in the paper.</summary>
    public int Embedding { get; init; } = 1024;

    /// <summary>
    /// Settings of a system that are tried in a search (<see cref="TrialSettings.Candidates"/>): the first of those that a variant names;
    /// 1 for no search.
    /// </summary>
    public int MaxCandidates { get; init; } = 12;

    /// <summary>Whether variants that need much time or memory are run.</summary>
    public bool RunsHeavy { get; init; }

    /// <summary>Degradations of the test recordings in the robustness study.</summary>
    public IReadOnlyList<Degradation> Degradations { get; init; } = TestDegradations.All;

    /// <summary>
    /// Number of degraded copies of each recording in the second training set of the robustness study; each takes as much disk space as its
    /// original.
    /// </summary>
    public int DegradedCopies { get; init; } = 3;

    /// <summary>Seeds of the trials; each seed is a separate training.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [1];

    /// <summary>
    /// Front end for few training sentences: training windows of several lengths increase the variety of the samples (see
    /// <see cref="FrontEndOptions.TrainingWindows"/>).
    /// </summary>
    private static FrontEndOptions FewSentences => new() { TrainingWindows = [new(64, 16), new(32, 32), new(16, 16)] };

    /// <summary>Finds a profile; the ending "-without-file-facts" gives that of <see cref="WithoutFileFacts"/>.</summary>
    /// <param name="name">Such as "standard" or "standard-without-file-facts".</param>
    /// <exception cref="ArgumentException">There is no profile of that name; the message lists all.</exception>
    public static Profile Named(string name)
    {
        bool HasEnding(string ending) => name.Contains(ending, StringComparison.Ordinal);
        if (!All.TryGetValue(name.Split('-')[0], out var profile))
            throw Unknown(name);
        if (HasEnding(WithoutFactsEnding))
            profile = profile.WithoutFileFacts();
        if (HasEnding(TwoSentencesEnding))
            profile = profile.WithTwoSentences();
        return profile.Name == name ? profile : throw Unknown(name);
    }

    private static ArgumentException Unknown(string name) => new(
        $"There is no profile '{name}'; there are {string.Join(", ", All.Keys)}, each also with the endings {WithoutFactsEnding} and "
            + $"{TwoSentencesEnding}, in this order.", nameof(name));

    /// <summary>
    /// The same size with recordings from which level, DC offset and the histogram of sample values are removed
    /// (<see cref="FrontEndOptions.WithoutFileFacts"/>): every experiment can be repeated without what betrays a device's files.
    /// </summary>
    public Profile WithoutFileFacts() => this with { Name = Name + WithoutFactsEnding, FrontEnd = FrontEnd.WithoutFileFacts() };

    /// <summary>
    /// The same size with the first two sentences for training and the others for testing, to compare with laboratories that divide the
    /// same files so.
    /// </summary>
    public Profile WithTwoSentences() => this with { Name = Name + TwoSentencesEnding, TrainingSentences = 2 };

    /// <summary>Whether this is the given profile, or one of its forms without file facts or with another division.</summary>
    internal bool HasSizeOf(Profile other) => Name.Split('-')[0] == other.Name;

    /// <summary>The same profile with another seed for all random choices.</summary>
    public Profile WithSeed(long seed) => this with { Training = Training with { Seed = seed }, Seeds = [seed] };

    /// <summary>The settings that all experiments share: the reference PSTNN, the paper's best pair, DNN + Bi-LSTM.</summary>
    public TrialSettings Settings => new()
    {
        FrontEnd = FrontEnd,
        Classifier = new NetworkClassifierOptions
        {
            Network = new PstnnOptions { Embedding = Embedding }, Training = Training with { Seed = 0 },
        },
    };

    /// <summary>The variants of an experiment that are run at this size.</summary>
    /// <param name="variants">Creates the variants from the shared settings; defined by the experiment's notebook.</param>
    public IReadOnlyList<Variant> Variants(Func<TrialSettings, IReadOnlyList<Variant>> variants) =>
        [.. variants(Settings).Where(variant => RunsHeavy || !variant.IsHeavy)
            .Select(variant => variant with { Settings = variant.Settings.WithAtMost(MaxCandidates) })];

    /// <summary>
    /// The splits that this profile runs: leave one sentence out, or a fixed number of training sentences. The profile
    /// "paper" uses the paper's split where the corpus has its 642 recordings per device.
    /// </summary>
    public IReadOnlyList<Split> Splits(Corpus corpus)
    {
        if (TrainingSentences > 0)
            return DeviceId.Corpora.Folds.FirstSentences(corpus, TrainingSentences);
        var all = HasSizeOf(Paper) && corpus.Recordings.Count >= 642 * corpus.Devices.Count
            ? DeviceId.Corpora.Folds.Paper(corpus)
            : DeviceId.Corpora.Folds.LeaveOneSentenceOut(corpus);
        return DeviceId.Corpora.Folds.First(all, Folds);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in Simulated.Problems().Concat(FrontEnd.Problems()).Concat(Training.Problems()))
            yield return problem;
        if (Folds < 0)
            yield return $"Folds is {Folds}: it must be the number of splits to run, or 0 for all.";
        if (TrainingSentences < 0)
            yield return $"TrainingSentences is {TrainingSentences}: it must be at least 1, or 0 to leave one sentence out in turn.";
        foreach (var problem in Degradations.SelectMany(degradation => degradation.Problems()))
            yield return problem;
        if (DegradedCopies < 1)
            yield return $"DegradedCopies is {DegradedCopies}: it must be at least 1.";
        if (MaxCandidates < 1)
            yield return $"MaxCandidates is {MaxCandidates}: it must be at least 1.";
        if (Seeds.Count == 0)
            yield return "Seeds is empty: give at least one.";
    }
}
