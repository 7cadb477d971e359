using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// Settings of a principal component analysis: y = (x - m) U with the eigenvectors U of the covariance of the training vectors that belong
/// to the largest eigenvalues.
/// </summary>
/// <remarks>
/// The eigenvectors are computed from the smaller of the covariance (value, value) and the Gram matrix (sample, sample). Directions without
/// variance are left out, so that there may be fewer dimensions than asked for, but at least one.
/// </remarks>
[OptionsKind("pca")]
public sealed record PcaOptions : ProjectionOptions
{
    private const double RelativeVariance = 1e-10;

    /// <summary>Maximum number of dimensions.</summary>
    public int Dimensions { get; init; } = 100;

    /// <summary>Whether each dimension is scaled to variance 1 over the training vectors.</summary>
    public bool Whiten { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => DimensionProblems(nameof(Dimensions), Dimensions, min: 1);

    internal override Projection Fit(TrainingVectors train, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var mean = train.Values.mean([0]);
        var centred = train.Values - mean;
        var bySamples = train.Count < train.Length;
        var (variances, vectors) = linalg.eigh((bySamples ? centred.mm(centred.t()) : centred.t().mm(centred)) / train.Count);
        cancellationToken.ThrowIfCancellationRequested();
        var meaningful = variances.gt(variances.max() * RelativeVariance).sum().item<long>();
        var count = Math.Clamp(meaningful, 1, Dimensions);
        var largest = arange(variances.shape[0] - 1, variances.shape[0] - 1 - count, -1, ScalarType.Int64, variances.device);
        var axes = vectors.index_select(1, largest);
        var matrix = bySamples ? UnitLength.Scale(centred.t().mm(axes).t()).t() : axes;
        var deviations = variances.index_select(0, largest).clamp_min(0).sqrt();
        if (Whiten)
            matrix = matrix / where(deviations.gt(0), deviations, ones_like(deviations));
        return new LinearProjection(mean, matrix.contiguous());
    }

    internal override Projection Restore(StateReader state, long inputs) => LinearProjection.Restore(state, inputs);
}
