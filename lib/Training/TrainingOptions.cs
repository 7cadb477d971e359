using DeviceId.Foundation;

namespace DeviceId.Training;

/// <summary>Settings of a network's training; the defaults are the paper's (Sections 6.2 and 6.6).</summary>
public sealed record TrainingOptions : Options
{
    /// <summary>Number of passes over the training samples: the paper reports 100 and 200.</summary>
    public int Epochs { get; init; } = 200;

    /// <summary>Approximate number of samples in a batch: see <see cref="Data.BatchSampler"/>.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Samples drawn at random for each epoch; 0 means all.</summary>
    /// <remarks>
    /// With overlapping windows there are many more samples than independent seconds, so an epoch need not use all of them.
    /// </remarks>
    public int SamplesPerEpoch { get; init; }

    /// <summary>Adam's initial step size.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The step size is multiplied by <see cref="LearningRateDecayFactor"/> after every this many epochs.</summary>
    public int LearningRateDecayEpochs { get; init; } = 20;

    /// <summary>Factor of the learning rate decay, in (0, 1]; see <see cref="LearningRateDecayEpochs"/>.</summary>
    public double LearningRateDecayFactor { get; init; } = 0.1;

    /// <summary>The loss function.</summary>
    public LossOptions Loss { get; init; } = DeepAndShallowLossOptions.Paper;

    /// <summary>Precision of the matrix products; lower precisions are faster on a GPU, but are not the paper's arithmetic.</summary>
    [AbsentValue(MatmulPrecision.Single)]
    public MatmulPrecision Precision { get; init; }

    /// <summary>Seed of weights, batches and dropout.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Adam's step size in an epoch.</summary>
    /// <param name="epoch">Number of the epoch, from 0.</param>
    public double LearningRateIn(int epoch) => LearningRate * Math.Pow(LearningRateDecayFactor, epoch / LearningRateDecayEpochs);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (Epochs < 1)
            yield return $"Epochs is {Epochs}: it must be at least 1.";
        if (BatchSize < 2)
            yield return $"BatchSize is {BatchSize}: batch normalisation needs at least 2 samples.";
        if (SamplesPerEpoch is < 0 or 1)
            yield return $"SamplesPerEpoch is {SamplesPerEpoch}: it must be 0 (all samples) or at least 2.";
        if (!(LearningRate > 0) || double.IsInfinity(LearningRate))
            yield return $"LearningRate is {LearningRate}: it must be positive and finite.";
        if (LearningRateDecayEpochs < 1)
            yield return $"LearningRateDecayEpochs is {LearningRateDecayEpochs}: it must be at least 1.";
        if (!(LearningRateDecayFactor > 0 && LearningRateDecayFactor <= 1))
            yield return $"LearningRateDecayFactor is {LearningRateDecayFactor}: it must lie in (0, 1].";
        if (!Enum.IsDefined(Precision))
            yield return $"Precision is {Precision}: it must be one of {string.Join(", ", Enum.GetNames<MatmulPrecision>())}.";
        foreach (var problem in Loss.Problems())
            yield return problem;
    }
}
