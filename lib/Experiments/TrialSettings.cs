using DeviceId.Classifiers;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;

namespace DeviceId.Experiments;

/// <summary>
/// Everything that determines a trial's result but corpus, split and seed: two variants of an experiment differ here and nowhere else.
/// </summary>
/// <remarks>The numbers of devices, components and columns are no settings: they follow from corpus and front end.</remarks>
public sealed record TrialSettings : Options
{
    /// <summary>How recordings become samples.</summary>
    public required FrontEndOptions FrontEnd { get; init; }

    /// <summary>What learns from them.</summary>
    public required ClassifierOptions Classifier { get; init; }

    /// <summary>Sentences to train on, the first of those that the split offers; 0 for all.</summary>
    public int Sentences { get; init; }

    /// <summary>
    /// A control: the training recordings' devices are dealt out anew by this seed, and accuracy must fall to chance; null for the truth.
    /// </summary>
    [AbsentValue(null)]
    public long? PermutedDevices { get; init; }

    /// <summary>
    /// Names and versions of the parts of one's own among the settings; a file holds their names and not their functions.
    /// </summary>
    public IReadOnlyList<string> CustomVersions => [.. CustomParts.In(this).Select(part => part.Version)];

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        // What the two say of one another makes sense only where each can be used.
        var problems = FrontEnd.Problems().Concat(Classifier.Problems()).ToList();
        foreach (var problem in problems.Count > 0 ? problems : Classifier.ProblemsWith(FrontEnd))
            yield return problem;
        if (Sentences < 0)
            yield return $"Sentences is {Sentences}: say 0 for all, or how many.";
    }

    /// <summary>The same with another front end.</summary>
    /// <param name="change">What is changed, by a <c>with</c>.</param>
    public TrialSettings WithFrontEnd(Func<FrontEndOptions, FrontEndOptions> change) => this with { FrontEnd = change(FrontEnd) };

    /// <summary>The same with other cepstra.</summary>
    /// <param name="change">What is changed, by a <c>with</c>.</param>
    public TrialSettings WithMfcc(Func<MfccOptions, MfccOptions> change) => WithFrontEnd(frontEnd => frontEnd.WithMfcc(change));

    /// <summary>The same with another size of the background model.</summary>
    /// <param name="components">Gaussian components.</param>
    public TrialSettings WithComponents(int components) =>
        WithFrontEnd(frontEnd => frontEnd with { Background = frontEnd.Background with { Components = components } });

    /// <summary>The same with another PSTNN.</summary>
    /// <param name="change">What is changed, by a <c>with</c>.</param>
    /// <exception cref="InvalidOperationException">The classifier is no PSTNN.</exception>
    public TrialSettings WithNetwork(Func<PstnnOptions, PstnnOptions> change) => this with
    {
        Classifier = Network with { Network = change(Network.Network as PstnnOptions ?? throw NoPstnn()) },
    };

    /// <summary>The same trained otherwise.</summary>
    /// <param name="change">What is changed, by a <c>with</c>.</param>
    /// <exception cref="InvalidOperationException">The classifier is no network.</exception>
    public TrialSettings WithTraining(Func<TrainingOptions, TrainingOptions> change) => this with
    {
        Classifier = Network with { Training = change(Network.Training) },
    };

    /// <summary>The same with another loss.</summary>
    /// <param name="loss">What the training makes small.</param>
    /// <exception cref="InvalidOperationException">The classifier is no network.</exception>
    public TrialSettings WithLoss(LossOptions loss) => WithTraining(training => training with { Loss = loss });

    /// <summary>
    /// Statistics-pooling SVM on the same frames, the baseline: mean and standard deviation, and a support vector machine.
    /// </summary>
    public TrialSettings AsBaseline() => this with
    {
        Classifier = new StatisticsPoolingSvmOptions(),
        FrontEnd = FrontEnd with { WithSupervectors = false, StandardiseSegments = false },
    };

    private NetworkClassifierOptions Network => Classifier as NetworkClassifierOptions ?? throw NoPstnn();

    private InvalidOperationException NoPstnn() =>
        new($"The classifier is {Classifier.GetType().Name}: change the settings of a network before you exchange it.");
}
