using DeviceId.Foundation;

namespace DeviceId.Classifiers;

/// <summary>Settings of a support vector machine.</summary>
internal sealed record SvmOptions : Options
{
    /// <summary>How samples are compared.</summary>
    public SvmKernel Kernel { get; init; } = SvmKernel.Linear;

    /// <summary>How many classes are told apart.</summary>
    public SvmStrategy Strategy { get; init; } = SvmStrategy.OneAgainstOne;

    /// <summary>Price of a sample on the wrong side of its margin, above 0.</summary>
    public double C { get; init; } = 1;

    /// <summary>gamma of the RBF kernel; 0 for 1 / (values x their variance over the training samples).</summary>
    public double Gamma { get; init; }

    /// <summary>How far from the optimum the solver may stop: the largest violation of its conditions, above 0.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (!(C > 0) || double.IsInfinity(C))
            yield return FormattableString.Invariant($"C is {C}: it is a positive number.");
        if (!(Gamma >= 0) || double.IsInfinity(Gamma))
            yield return FormattableString.Invariant($"Gamma is {Gamma}: it is a positive number, or 0 to be measured.");
        if (!(Tolerance > 0) || double.IsInfinity(Tolerance))
            yield return FormattableString.Invariant($"Tolerance is {Tolerance}: it is a positive number.");
    }
}

/// <summary>How a support vector machine compares two samples.</summary>
internal enum SvmKernel
{
    /// <summary>The inner product.</summary>
    Linear,

    /// <summary>exp(-gamma |x - y|^2).</summary>
    Rbf,

    /// <summary>The caller gives the matrix of all comparisons instead of samples.</summary>
    Precomputed,
}

/// <summary>How two-class machines make a machine of many classes.</summary>
internal enum SvmStrategy
{
    /// <summary>One for each pair of classes; they vote.</summary>
    OneAgainstOne,

    /// <summary>One for each class against all others; the greatest decision value wins.</summary>
    OneAgainstRest,
}
