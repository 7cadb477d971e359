using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// Settings of a linear discriminant analysis: y = (x - m) A, where the columns a of A maximise a'B a / a'W a and a'W a = 1. W is the
/// covariance within the devices, shrunk towards a sphere, and B that of the devices' means.
/// </summary>
/// <remarks>R. A. Fisher, 1936; C. R. Rao, 1948. There are at most as many dimensions as devices less one.</remarks>
[OptionsKind("lda")]
public sealed record LdaOptions : ProjectionOptions
{
    /// <summary>Maximum number of dimensions; 0 for the number of devices less one.</summary>
    public int Dimensions { get; init; }

    /// <summary>Shrinkage of W, from 0 (none) to 1 (a sphere).</summary>
    public double Shrinkage { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() =>
        DimensionProblems(nameof(Dimensions), Dimensions, min: 0, ", or 0 for the number of devices less one")
            .Concat(ShrinkageProblems(Shrinkage));

    internal override Projection Fit(TrainingVectors train, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var mean = train.Values.mean([0]);
        var within = Covariance.Shrink(train.WithinScatter(), Shrinkage);
        cancellationToken.ThrowIfCancellationRequested();
        return new LinearProjection(mean, Axes(within, train, mean, Dimensions));
    }

    internal override Projection Restore(StateReader state, long inputs) => LinearProjection.Restore(state, inputs);

    /// <summary>The discriminant axes (value, axis) of vectors.</summary>
    /// <param name="within">Covariance within the classes.</param>
    /// <param name="train">The vectors.</param>
    /// <param name="mean">Their mean (value).</param>
    /// <param name="dimensions">Maximum number of axes; 0 for the number of classes less one.</param>
    internal static Tensor Axes(Tensor within, TrainingVectors train, Tensor mean, int dimensions)
    {
        using var scope = NewDisposeScope();
        var offsets = (train.Means() - mean) * (train.Counts() / train.Count).sqrt().unsqueeze(1);
        var max = Math.Max(1, train.Classes - 1);
        return Covariance.DiscriminantAxes(within, offsets, dimensions == 0 ? max : Math.Min(dimensions, max)).MoveToOuterDisposeScope();
    }
}
