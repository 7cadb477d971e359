using DeviceId.Foundation;

namespace DeviceId.Training;

/// <summary>Settings of <see cref="DeepFeatures"/>.</summary>
internal sealed record DeepFeatureOptions : Options
{
    /// <summary>Frames in a stack, odd: the middle one and as many before as after it.</summary>
    public int Context { get; init; } = 11;

    /// <summary>Width of the first hidden layer.</summary>
    public int FirstWidth { get; init; } = 512;

    /// <summary>Width of the second hidden layer.</summary>
    public int SecondWidth { get; init; } = 256;

    /// <summary>Width of the bottleneck: the number of deep features of a frame.</summary>
    public int Bottleneck { get; init; } = 39;

    /// <summary>Number of passes over the frames, or over the frames drawn for each.</summary>
    public int Epochs { get; init; } = 15;

    /// <summary>Frames in a batch.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Frames drawn at random for each epoch; 0 means all.</summary>
    public int FramesPerEpoch { get; init; } = 20_000;

    /// <summary>Adam's step size; it falls to a tenth for the last third of the epochs.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Seed of weights and batches.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var (name, value) in new[]
        {
            (nameof(Context), Context), (nameof(FirstWidth), FirstWidth), (nameof(SecondWidth), SecondWidth),
            (nameof(Bottleneck), Bottleneck), (nameof(Epochs), Epochs), (nameof(BatchSize), BatchSize),
        })
            if (value < 1)
                yield return $"{name} is {value}: it must be at least 1.";
        if (Context % 2 == 0)
            yield return $"Context is {Context}: it must be odd, so that there is a middle frame.";
        if (FramesPerEpoch < 0)
            yield return $"FramesPerEpoch is {FramesPerEpoch}: it must be 0 (all frames) or more.";
        if (!(LearningRate > 0) || double.IsInfinity(LearningRate))
            yield return $"LearningRate is {LearningRate}: it must be positive and finite.";
    }
}
