using DeviceId.Foundation;

namespace DeviceId.Training;

/// <summary>How a network is trained; the defaults are the paper's (Sections 6.2 and 6.6).</summary>
public sealed record TrainingOptions : Options
{
    /// <summary>Passes over the training samples: the paper reports 100 and 200.</summary>
    public int Epochs { get; init; } = 200;

    /// <summary>Samples in a batch, about: see <see cref="Data.BatchSampler"/>.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Samples that an epoch draws at random; 0 means all.</summary>
    /// <remarks>With overlapping windows there are many more samples than independent seconds, and an epoch need not see all.</remarks>
    public int SamplesPerEpoch { get; init; }

    /// <summary>Adam's step size in the first epochs.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The step size is multiplied by <see cref="LearningRateDecayFactor"/> every so many epochs.</summary>
    public int LearningRateDecayEpochs { get; init; } = 20;

    /// <summary>See <see cref="LearningRateDecayEpochs"/>; in (0, 1].</summary>
    public double LearningRateDecayFactor { get; init; } = 0.1;

    /// <summary>What is made small.</summary>
    public LossOptions Loss { get; init; } = DeepAndShallowLossOptions.Paper;

    /// <summary>Precision of the matrix products; lower ones are faster on a GPU, but not the paper's arithmetic.</summary>
    [AbsentValue(MatmulPrecision.Single)]
    public MatmulPrecision Precision { get; init; }

    /// <summary>Seed of weights, batches and dropout.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The step size in an epoch, counted from 0.</summary>
    public double LearningRateIn(int epoch) => LearningRate * Math.Pow(LearningRateDecayFactor, epoch / LearningRateDecayEpochs);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (Epochs < 1)
            yield return $"Epochs is {Epochs}: it is 1 at least.";
        if (BatchSize < 2)
            yield return $"BatchSize is {BatchSize}: batch normalisation needs 2 samples at least.";
        if (SamplesPerEpoch is < 0 or 1)
            yield return $"SamplesPerEpoch is {SamplesPerEpoch}: say 0 for all, or how many, 2 at least.";
        if (!(LearningRate > 0) || double.IsInfinity(LearningRate))
            yield return $"LearningRate is {LearningRate}: it is a positive number.";
        if (LearningRateDecayEpochs < 1)
            yield return $"LearningRateDecayEpochs is {LearningRateDecayEpochs}: it is 1 at least.";
        if (!(LearningRateDecayFactor > 0 && LearningRateDecayFactor <= 1))
            yield return $"LearningRateDecayFactor is {LearningRateDecayFactor}: it lies in (0, 1].";
        if (!Enum.IsDefined(Precision))
            yield return $"Precision is {Precision}: there are {string.Join(", ", Enum.GetNames<MatmulPrecision>())}.";
        foreach (var problem in Loss.Problems())
            yield return problem;
    }
}
