using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// Represents vectors y by a dictionary with atoms d_k: y is about sum_k a_k d_k. All methods need the Gram matrix G = D D' and the
/// correlations D y only, so that the cost of a vector does not depend on its length.
/// </summary>
/// <param name="gram">G (atom, atom), float64; taken over.</param>
internal abstract class SparseCoder(Tensor gram) : IDisposable
{
    // A Gram matrix of 3 GB.
    private const long MaxAtoms = 20_000;

    /// <summary>G (atom, atom).</summary>
    protected Tensor Gram { get; } = gram.DetachFromDisposeScope();

    /// <summary>The coefficients of vectors.</summary>
    /// <param name="correlations">D y of each vector (sample, atom).</param>
    /// <returns>a (sample, atom).</returns>
    public abstract Tensor Code(Tensor correlations);

    /// <summary>The Gram matrix (atom, atom) of atoms.</summary>
    /// <param name="atoms">(atom, value), of unit length or zero.</param>
    /// <exception cref="ArgumentException">There are too many atoms, or an atom is longer.</exception>
    public static Tensor GramOf(Tensor atoms)
    {
        using var scope = NewDisposeScope();
        if (atoms.shape[0] > MaxAtoms)
            throw new ArgumentException(
                $"A dictionary of {atoms.shape[0]} atoms is too large, at most {MaxAtoms} fit into memory: use fewer of each device.");
        if (atoms.square().sum([1]).max().item<double>() > 1 + 1e-6)
            throw new ArgumentException("an atom of the dictionary is longer than 1");
        return atoms.mm(atoms.t()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Gram.Dispose();
        GC.SuppressFinalize(this);
    }
}
