namespace DeviceId.Classifiers;

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
