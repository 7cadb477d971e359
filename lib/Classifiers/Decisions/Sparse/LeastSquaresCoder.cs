using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Minimises |y - sum_k a_k d_k|^2 + lambda sum_k a_k^2: a = (G + lambda I)^-1 D y, one matrix product.</summary>
internal sealed class LeastSquaresCoder : SparseCoder
{
    private readonly Tensor _inverse;

    /// <param name="gram">G (atom, atom); taken over.</param>
    /// <param name="penalty">lambda, above 0.</param>
    public LeastSquaresCoder(Tensor gram, double penalty)
        : base(gram)
    {
        using var scope = NewDisposeScope();
        var identity = eye(gram.shape[0], dtype: ScalarType.Float64, device: gram.device);
        _inverse = identity.cholesky_solve(linalg.cholesky(gram + (identity * penalty))).contiguous().DetachFromDisposeScope();
    }

    public override Tensor Code(Tensor correlations) => correlations.mm(_inverse);

    public override void Dispose()
    {
        _inverse.Dispose();
        base.Dispose();
    }
}
