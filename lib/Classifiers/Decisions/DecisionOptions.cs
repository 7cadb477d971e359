using DeviceId.Foundation;

namespace DeviceId.Classifiers;

/// <summary>Settings of a decision between devices; each kind of settings creates its own kind of decision.</summary>
public abstract record DecisionOptions : Options
{
    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => [];

    /// <summary>Fits the decision to training vectors.</summary>
    /// <param name="train">The vectors, after all projections.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    internal abstract Decision Fit(TrainingVectors train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Restores a decision from its state.</summary>
    /// <param name="state">The tensors.</param>
    /// <param name="inputs">Number of values of a vector.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="ArgumentException">The tensors do not belong to these settings.</exception>
    internal abstract Decision Restore(StateReader state, long inputs, int classes);

    /// <summary>The problem of a number that must be positive, if there is one.</summary>
    private protected static IEnumerable<string> PositiveProblems(string name, double value)
    {
        if (!(value > 0) || double.IsInfinity(value))
            yield return FormattableString.Invariant($"{name} is {value}: it must be positive and finite.");
    }

    /// <summary>The problem of a whole number with a minimum, if there is one.</summary>
    private protected static IEnumerable<string> CountProblems(string name, int value, int min)
    {
        if (value < min)
            yield return $"{name} is {value}: it must be at least {min}.";
    }

    /// <summary>The problem of a shrinkage, if there is one.</summary>
    private protected static IEnumerable<string> ShrinkageProblems(double shrinkage)
    {
        if (!(shrinkage is >= 0 and <= 1))
            yield return FormattableString.Invariant($"Shrinkage is {shrinkage}: it must lie between 0 and 1.");
    }
}
