using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Covariance matrices that can be inverted, and the axes that are computed from them.</summary>
internal static class Covariance
{
    // Relative to the mean variance: keeps a matrix with constant columns positive definite. Absolute: the same if all samples are equal.
    private const double RelativeRidge = 1e-9;
    private const double AbsoluteRidge = 1e-12;

    /// <summary>
    /// (1 - s) S + s v I with the mean variance v: shrinkage towards a sphere (O. Ledoit, M. Wolf, 2004, with s given instead of
    /// estimated). A small ridge keeps the result positive definite even for s = 0.
    /// </summary>
    /// <param name="covariance">S (value, value), float64.</param>
    /// <param name="shrinkage">s, in [0, 1].</param>
    public static Tensor Shrink(Tensor covariance, double shrinkage)
    {
        using var scope = NewDisposeScope();
        var values = covariance.shape[0];
        var variance = covariance.trace() / values;
        var diagonal = (variance * (shrinkage + RelativeRidge)) + AbsoluteRidge;
        var sphere = eye(values, dtype: ScalarType.Float64, device: covariance.device) * diagonal;
        return ((covariance * (1 - shrinkage)) + sphere).MoveToOuterDisposeScope();
    }

    /// <summary>The matrix A (value, value) with A A' = S^-1: x A has covariance I if x has covariance S.</summary>
    /// <param name="covariance">S, symmetric and positive definite.</param>
    public static Tensor Whitening(Tensor covariance)
    {
        using var scope = NewDisposeScope();
        var identity = eye(covariance.shape[0], dtype: ScalarType.Float64, device: covariance.device);
        return SolveLower(linalg.cholesky(covariance), identity).t().contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The axes a with the largest ratio a'B a / a'S a, scaled to a'S a = 1, in descending order of the ratio. B = M'M has at most as many
    /// axes as M has rows.
    /// </summary>
    /// <remarks>With S = L L', the axes are L^-T u for the right singular vectors u of M L^-T: no decomposition of S or B.</remarks>
    /// <param name="covariance">S (value, value), symmetric and positive definite.</param>
    /// <param name="offsets">M (row, value), such as the differences of class means.</param>
    /// <param name="dimensions">Maximum number of axes; axes of ratio 0 are left out, but at least one axis is returned.</param>
    /// <returns>(value, axis).</returns>
    public static Tensor DiscriminantAxes(Tensor covariance, Tensor offsets, long dimensions)
    {
        using var scope = NewDisposeScope();
        var factor = linalg.cholesky(covariance);
        var (_, ratios, axes) = linalg.svd(SolveLower(factor, offsets.t()).t(), fullMatrices: false);
        var count = Math.Clamp(ratios.gt(ratios.max() * 1e-8).sum().item<long>(), 1, dimensions);
        var kept = axes.narrow(0, 0, count).t();
        return linalg.solve_triangular(factor.t(), kept, upper: true, left: true, unitriangular: false, null!)
            .contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>L^-1 x for a lower triangular L.</summary>
    private static Tensor SolveLower(Tensor factor, Tensor x) =>
        linalg.solve_triangular(factor, x, upper: false, left: true, unitriangular: false, null!);
}
