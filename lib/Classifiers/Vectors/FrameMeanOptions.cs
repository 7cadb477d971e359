using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="FrameMean"/>.</summary>
[OptionsKind("frameMean")]
public sealed record FrameMeanOptions : VectorOptions
{
    /// <summary>Whether the standard deviation of each column follows the means.</summary>
    public bool StandardDeviation { get; init; }

    internal override VectorExtractor Fit(
        TrainDataset train, VectorContext context, IProgress<WorkProgress>? progress, CancellationToken cancellationToken) =>
        new FrameMean(StandardDeviation);

    internal override VectorExtractor Restore(StateReader state, long length, Device device) => new FrameMean(StandardDeviation);
}

/// <summary>
/// Mean of each column over the frames of the segment, and optionally its standard deviation (divisor T). A constant channel adds a
/// constant to logarithmic columns: it is kept in the means and lost in the standard deviations.
/// </summary>
/// <param name="standardDeviation">Whether the standard deviations follow the means.</param>
internal sealed class FrameMean(bool standardDeviation) : VectorExtractor
{
    public override Tensor Compute(SampleBatch samples, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var frames = samples.Segments;
        var mean = frames.mean([1], keepdim: true, type: ScalarType.Float64);
        if (!standardDeviation)
            return mean.squeeze(1).to(CPU).MoveToOuterDisposeScope();
        var variance = (frames - mean).square().mean([1]);
        return cat([mean.squeeze(1), variance.sqrt()], 1).to(CPU).MoveToOuterDisposeScope();
    }
}
