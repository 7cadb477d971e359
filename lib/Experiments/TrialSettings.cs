using System.Globalization;
using DeviceId.Classifiers;
using DeviceId.Data;
using DeviceId.Degradations;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;

namespace DeviceId.Experiments;

/// <summary>
/// Everything that determines a trial's result except corpus, split and seed. Variants of an experiment differ only in these settings.
/// </summary>
/// <remarks>
/// The network's numbers of devices, components and columns are not settings: they follow from the corpus and the front end.
/// </remarks>
public sealed record TrialSettings : Options
{
    /// <summary>Systems are compared on equal terms: none may try more settings than this.</summary>
    private const int MaxCandidates = 12;

    /// <summary>Settings of the front end.</summary>
    public required FrontEndOptions FrontEnd { get; init; }

    /// <summary>Settings of the classifier.</summary>
    public required ClassifierOptions Classifier { get; init; }

    /// <summary>Number of training sentences, the first of the split's; 0 for all.</summary>
    public int Sentences { get; init; }

    /// <summary>
    /// Seed of a random permutation of the training recordings' device labels, for a control that must be at chance; null for true labels.
    /// </summary>
    [AbsentValue(null)]
    public long? PermutedDevices { get; init; }

    /// <summary>
    /// What is done to the test recordings, such as added noise; null to test them as they are. Training recordings and the search for
    /// settings are not degraded.
    /// </summary>
    [AbsentValue(null)]
    public Degradation? TestDegradation { get; init; }

    /// <summary>
    /// Settings to choose from, at most 12: front end and classifier are then those of the candidate that is best in a search on the
    /// training recordings (each training sentence held out in turn). Null for no search.
    /// </summary>
    [AbsentValue(null)]
    public IReadOnlyList<SettingsCandidate>? Candidates { get; init; }

    /// <summary>
    /// Names and versions of the user-defined parts of the settings. A file contains only these, not the code.
    /// </summary>
    public IReadOnlyList<string> CustomVersions => [.. CustomParts.In(this).Select(part => part.Version)];

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        // Whether the two fit together is checked only if each is valid.
        var problems = FrontEnd.Problems().Concat(Classifier.Problems()).ToList();
        foreach (var problem in problems.Count > 0 ? problems : Classifier.ProblemsWith(FrontEnd))
            yield return problem;
        if (Sentences < 0)
            yield return $"Sentences is {Sentences}: it must be the number of training sentences, or 0 for all.";
        foreach (var problem in TestDegradation?.Problems() ?? [])
            yield return $"TestDegradation: {problem}";
        if (Candidates is null)
            yield break;
        if (Candidates.Count is < 1 or > MaxCandidates || Candidates.DistinctBy(candidate => candidate.Name).Count() < Candidates.Count)
            yield return $"There are {Candidates.Count} Candidates: give 1 to {MaxCandidates}, each with a name of its own.";
        foreach (var candidate in Candidates)
            foreach (var problem in With(candidate).Problems())
                yield return $"Candidate '{candidate.Name}': {problem}";
    }

    /// <summary>The same settings, searched for the best of several on the training recordings.</summary>
    /// <param name="candidates">Name of each candidate, and a function that returns the changed settings.</param>
    public TrialSettings Searching(params (string Name, Func<TrialSettings, TrialSettings> Change)[] candidates)
    {
        var unsearched = this with { Candidates = null };
        var changed = candidates.Select(candidate => (candidate.Name, Settings: candidate.Change(unsearched))).ToList();
        return this with
        {
            // The first stands for the system where nothing is searched, such as in a measurement of costs.
            FrontEnd = changed.Count > 0 ? changed[0].Settings.FrontEnd : FrontEnd,
            Classifier = changed.Count > 0 ? changed[0].Settings.Classifier : Classifier,
            Candidates = [.. changed.Select(c => new SettingsCandidate(c.Name, c.Settings.FrontEnd, c.Settings.Classifier))],
        };
    }

    /// <summary>The same settings, searched for the best value of something on the training recordings.</summary>
    /// <param name="values">The values; a candidate's name is its value.</param>
    /// <param name="change">Returns the settings with a value.</param>
    public TrialSettings Searching<T>(IReadOnlyList<T> values, Func<TrialSettings, T, TrialSettings> change) => Searching(
        [.. values.Select(value => (Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", (Func<TrialSettings, TrialSettings>)(
            settings => change(settings, value))))]);

    /// <summary>The same settings with fewer candidates, the first; with one, there is nothing to search.</summary>
    internal TrialSettings WithAtMost(int candidates) => Candidates is null || Candidates.Count <= candidates ? this
        : candidates == 1 ? With(Candidates[0]) : this with { Candidates = [.. Candidates.Take(candidates)] };

    /// <summary>The settings of a candidate, without a search.</summary>
    internal TrialSettings With(SettingsCandidate candidate) =>
        this with { FrontEnd = candidate.FrontEnd, Classifier = candidate.Classifier, Candidates = null };

    /// <summary>The same settings with a changed front end.</summary>
    /// <param name="change">Returns the changed settings, by a <c>with</c> expression.</param>
    public TrialSettings WithFrontEnd(Func<FrontEndOptions, FrontEndOptions> change) => this with { FrontEnd = change(FrontEnd) };

    /// <summary>The same settings with changed MFCCs.</summary>
    /// <param name="change">Returns the changed settings, by a <c>with</c> expression.</param>
    public TrialSettings WithMfcc(Func<MfccOptions, MfccOptions> change) => WithFrontEnd(frontEnd => frontEnd.WithMfcc(change));

    /// <summary>The same settings with another size of the background model.</summary>
    /// <param name="components">Number of Gaussian components.</param>
    public TrialSettings WithComponents(int components) =>
        WithFrontEnd(frontEnd => frontEnd with { Background = frontEnd.Background with { Components = components } });

    /// <summary>The same settings with a changed PSTNN.</summary>
    /// <param name="change">Returns the changed settings, by a <c>with</c> expression.</param>
    /// <exception cref="InvalidOperationException">The classifier is not a PSTNN.</exception>
    public TrialSettings WithNetwork(Func<PstnnOptions, PstnnOptions> change) => this with
    {
        Classifier = Network with { Network = change(Network.Network as PstnnOptions ?? throw NotThatNetwork()) },
    };

    /// <summary>The same settings with a changed training of the network.</summary>
    /// <param name="change">Returns the changed settings, by a <c>with</c> expression.</param>
    /// <exception cref="InvalidOperationException">The classifier is not a network.</exception>
    public TrialSettings WithTraining(Func<TrainingOptions, TrainingOptions> change) => this with
    {
        Classifier = Network with { Training = change(Network.Training) },
    };

    /// <summary>The same settings with another loss of the network.</summary>
    /// <param name="loss">The loss that the training minimises.</param>
    /// <exception cref="InvalidOperationException">The classifier is not a network.</exception>
    public TrialSettings WithLoss(LossOptions loss) => WithTraining(training => training with { Loss = loss });

    /// <summary>
    /// The baseline on the same frames: the statistics-pooling SVM, a support vector machine on means and standard deviations.
    /// </summary>
    public TrialSettings AsBaseline() => this with
    {
        Classifier = new StatisticsPoolingSvmOptions(),
        FrontEnd = FrontEnd with { WithSupervectors = false, StandardiseSegments = false },
    };

    private NetworkClassifierOptions Network => Classifier as NetworkClassifierOptions ?? throw NotThatNetwork();

    private InvalidOperationException NotThatNetwork() =>
        new($"The classifier is {Classifier.GetType().Name}, not the network whose settings are to be changed: change them before you "
            + "replace the classifier.");
}
