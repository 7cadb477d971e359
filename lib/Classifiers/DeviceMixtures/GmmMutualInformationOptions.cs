using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Mixtures;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="GmmMutualInformation"/>.</summary>
[OptionsKind("gmmMutualInformation")]
public sealed record GmmMutualInformationOptions : ClassifierOptions
{
    /// <summary>Settings of each device's mixture, which is first trained by maximum likelihood.</summary>
    public GmmOptions Mixture { get; init; } = new() { Components = 32 };

    /// <summary>Factor kappa of the log-likelihoods of a segment, which are sums over dependent frames; above 0, 1 for none.</summary>
    public double AcousticScale { get; init; } = 0.1;

    /// <summary>Maximum number of epochs; the number that is used is chosen on a held-out training sentence.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Segments in a batch.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Learning rate of Adam, in standard deviations of the training frames.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in Mixture.Problems())
            yield return problem;
        foreach (var (name, value) in new[] { (nameof(AcousticScale), AcousticScale), (nameof(LearningRate), LearningRate) })
            if (!(value > 0) || double.IsInfinity(value))
                yield return FormattableString.Invariant($"{name} is {value}: it must be positive and finite.");
        foreach (var (name, value) in new[] { (nameof(Epochs), Epochs), (nameof(BatchSize), BatchSize) })
            if (value < 1)
                yield return $"{name} is {value}: it must be at least 1.";
    }

    /// <inheritdoc/>
    protected override IDeviceClassifier Make(ClassifierContext context) =>
        new GmmMutualInformation(this, context.Seed, context.Device);
}
