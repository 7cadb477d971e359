using DeviceId.Foundation;

namespace DeviceId.Classifiers;

/// <summary>Settings of a projection of vectors; each kind of settings creates its own kind of projection.</summary>
public abstract record ProjectionOptions : Options
{
    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => [];

    /// <summary>Fits the projection to training vectors.</summary>
    /// <param name="train">The vectors, after the earlier projections.</param>
    /// <param name="cancellationToken">Checked between the steps of the computation.</param>
    internal abstract Projection Fit(TrainingVectors train, CancellationToken cancellationToken);

    /// <summary>Restores a projection from its state.</summary>
    /// <param name="state">The tensors.</param>
    /// <param name="inputs">Number of values of a vector before the projection.</param>
    /// <exception cref="ArgumentException">The tensors do not belong to these settings.</exception>
    internal abstract Projection Restore(StateReader state, long inputs);

    /// <summary>The problem of a number of dimensions, if there is one.</summary>
    private protected static IEnumerable<string> DimensionProblems(string name, int value, int min, string meaningOfZero = "")
    {
        if (value < min)
            yield return $"{name} is {value}: it must be at least {min}{meaningOfZero}.";
    }

    /// <summary>The problem of a shrinkage, if there is one.</summary>
    private protected static IEnumerable<string> ShrinkageProblems(double shrinkage)
    {
        if (!(shrinkage is >= 0 and <= 1))
            yield return FormattableString.Invariant($"Shrinkage is {shrinkage}: it must lie between 0 and 1.");
    }
}
