using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// Settings of a random projection, a sketch: y = x R. Gaussian entries of R preserve Euclidean distances on average; of Cauchy entries,
/// the median of |y - y'| is the distance in the 1-norm.
/// </summary>
/// <remarks>
/// P. Indyk, "Stable distributions, pseudorandom generators, embeddings, and data stream computation", JACM 53(3), 2006. R depends on the
/// seed alone, not on the training samples.
/// </remarks>
[OptionsKind("randomProjection")]
public sealed record RandomProjectionOptions : ProjectionOptions
{
    /// <summary>Number of dimensions.</summary>
    public int Dimensions { get; init; } = 128;

    /// <summary>Whether the entries are Cauchy instead of normal; both are divided by a power of the number of dimensions.</summary>
    public bool Cauchy { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => DimensionProblems(nameof(Dimensions), Dimensions, min: 1);

    internal override Projection Fit(TrainingVectors train, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var random = new SplitMix64((ulong)Seeds.Derive(train.Seed, "random projection"));
        var entries = new double[train.Length * Dimensions];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = Cauchy ? Math.Tan(Math.PI * (random.Uniform() - 0.5)) / Dimensions : random.Normal() / Math.Sqrt(Dimensions);
        return new LinearProjection(
            zeros(train.Length, ScalarType.Float64, CPU), tensor(entries, device: CPU).reshape(train.Length, Dimensions));
    }

    internal override Projection Restore(StateReader state, long inputs) => LinearProjection.Restore(state, inputs);
}
