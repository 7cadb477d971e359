using DeviceId.Foundation;

namespace DeviceId.Classifiers;

/// <summary>Settings of a support vector machine.</summary>
internal sealed record SvmOptions : Options
{
    /// <summary>The kernel.</summary>
    public SvmKernel Kernel { get; init; } = SvmKernel.Linear;

    /// <summary>How two-class machines are combined for more than two classes.</summary>
    public SvmStrategy Strategy { get; init; } = SvmStrategy.OneAgainstOne;

    /// <summary>Penalty C of margin violations, the upper bound of the multipliers; above 0.</summary>
    public double C { get; init; } = 1;

    /// <summary>gamma of the RBF kernel; 0 for 1 / (number of values x variance of all values of the training samples).</summary>
    public double Gamma { get; init; }

    /// <summary>Stopping tolerance of the solver: the largest KKT violation that is accepted, above 0.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (!(C > 0) || double.IsInfinity(C))
            yield return FormattableString.Invariant($"C is {C}: it must be a positive number.");
        if (!(Gamma >= 0) || double.IsInfinity(Gamma))
            yield return FormattableString.Invariant($"Gamma is {Gamma}: it must be a positive number, or 0 to compute it from the data.");
        if (!(Tolerance > 0) || double.IsInfinity(Tolerance))
            yield return FormattableString.Invariant($"Tolerance is {Tolerance}: it must be a positive number.");
    }
}

/// <summary>Kernel of a support vector machine.</summary>
internal enum SvmKernel
{
    /// <summary>The inner product.</summary>
    Linear,

    /// <summary>exp(-gamma |x - y|^2).</summary>
    Rbf,

    /// <summary>The caller passes kernel matrices instead of samples.</summary>
    Precomputed,
}

/// <summary>How two-class machines are combined into a classifier of more than two classes.</summary>
internal enum SvmStrategy
{
    /// <summary>One machine for each pair of classes; the machines vote.</summary>
    OneAgainstOne,

    /// <summary>One machine for each class against all others; the class with the highest decision value wins.</summary>
    OneAgainstRest,
}
