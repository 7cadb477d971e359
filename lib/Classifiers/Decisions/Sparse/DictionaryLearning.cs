using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// K-SVD: learns atoms d_k by which vectors y can be represented sparsely. Each iteration (1) codes all vectors with the current atoms,
/// (2) replaces each atom in turn, with its coefficients, by the best rank-1 approximation of what the other atoms leave.
/// </summary>
/// <remarks>
/// M. Aharon, M. Elad, A. Bruckstein, "K-SVD", IEEE Trans. Signal Processing 54(11), 2006. The rank-1 approximation is computed by a few
/// alternations d = E'g / |E'g|, g = E d instead of a singular value decomposition (R. Rubinstein, M. Zibulevsky, M. Elad, 2008); the
/// residual of all vectors is kept, so that an atom costs only the vectors that use it. An atom that no vector uses is replaced by the
/// vector that is represented worst.
/// </remarks>
internal static class DictionaryLearning
{
    private const int Alternations = 3;

    /// <summary>Learns atoms.</summary>
    /// <param name="vectors">Y (vector, value).</param>
    /// <param name="atoms">The first atoms (atom, value), of unit length.</param>
    /// <param name="nonZeros">Atoms for a vector.</param>
    /// <param name="iterations">Number of iterations.</param>
    /// <param name="cancellationToken">Checked before each iteration and each atom.</param>
    /// <returns>(atom, value), of unit length.</returns>
    public static Tensor Learn(Tensor vectors, Tensor atoms, int nonZeros, int iterations, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var learned = atoms.clone();
        for (var i = 0; i < iterations; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var codes = Code(vectors, learned, nonZeros, cancellationToken);
            var residual = vectors - codes.mm(learned);
            for (long k = 0; k < learned.shape[0]; k++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Replace(learned.select(0, k), codes.select(1, k), residual, vectors);
            }
        }

        return learned.MoveToOuterDisposeScope();
    }

    /// <summary>Sparse codes (vector, atom) by matching pursuit.</summary>
    public static Tensor Code(Tensor vectors, Tensor atoms, int nonZeros, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var coder = new MatchingPursuit(atoms.mm(atoms.t()), nonZeros);
        var block = Math.Max(1, (1L << 24) / (atoms.shape[0] * Math.Min(nonZeros, atoms.shape[0])));
        return SampleBlocks.Compute(vectors, block, part => coder.Code(part.mm(atoms.t())), cancellationToken).MoveToOuterDisposeScope();
    }

    /// <summary>Replaces an atom, and in place the residual of the vectors that use it.</summary>
    private static void Replace(Tensor atom, Tensor codes, Tensor residual, Tensor vectors)
    {
        using var scope = NewDisposeScope();
        var users = codes.ne(0).nonzero().squeeze(1);
        if (users.shape[0] == 0)
        {
            var worst = residual.square().sum([1]).argmax().item<long>();
            Renew(atom, vectors[worst]);
            return;
        }

        var coefficients = codes.index_select(0, users);
        var error = residual.index_select(0, users).addr_(coefficients, atom);
        for (var i = 0; i < Alternations; i++)
        {
            Renew(atom, coefficients.unsqueeze(0).mm(error).squeeze(0));
            coefficients = error.mv(atom);
        }

        residual.index_copy_(0, users, error.addr_(coefficients, atom, alpha: -1));
    }

    /// <summary>Sets the atom to a direction; a direction of length zero leaves it as it is.</summary>
    private static void Renew(Tensor atom, Tensor direction)
    {
        var length = direction.norm().item<double>();
        if (length > 0)
            atom.copy_(direction / length);
    }
}
