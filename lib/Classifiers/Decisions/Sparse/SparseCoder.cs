using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// Represents vectors y by a dictionary with atoms d_k: y is about sum_k a_k d_k. All methods need the Gram matrix G = D D' and the
/// correlations D y only, so that the cost of a vector does not depend on its length.
/// </summary>
/// <param name="gram">G (atom, atom), float64; taken over.</param>
internal abstract class SparseCoder(Tensor gram) : IDisposable
{
    /// <summary>G (atom, atom).</summary>
    protected Tensor Gram { get; } = gram.DetachFromDisposeScope();

    /// <summary>The coefficients of vectors.</summary>
    /// <param name="correlations">D y of each vector (sample, atom).</param>
    /// <returns>a (sample, atom).</returns>
    public abstract Tensor Code(Tensor correlations);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Gram.Dispose();
        GC.SuppressFinalize(this);
    }
}
