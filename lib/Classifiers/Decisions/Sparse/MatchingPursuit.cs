using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// Orthogonal matching pursuit: (1) choose the atom that correlates most with the residual, (2) fit all chosen atoms by least squares, and
/// repeat, a fixed number of times.
/// </summary>
/// <remarks>
/// Y. C. Pati, R. Rezaiifar, P. S. Krishnaprasad, 1993; in terms of the Gram matrix, for all vectors at once: R. Rubinstein, M. Zibulevsky,
/// M. Elad, "Efficient implementation of the K-SVD algorithm using batch orthogonal matching pursuit", 2008.
/// </remarks>
/// <param name="gram">G (atom, atom); taken over.</param>
/// <param name="nonZeros">Number of atoms that are chosen.</param>
internal sealed class MatchingPursuit(Tensor gram, int nonZeros) : SparseCoder(gram)
{
    // Equal atoms would make the least-squares problem singular.
    private const double Ridge = 1e-9;

    public override Tensor Code(Tensor correlations)
    {
        using var scope = NewDisposeScope();
        var (samples, atoms, device) = (correlations.shape[0], correlations.shape[1], correlations.device);
        var count = Math.Min(nonZeros, atoms);
        var chosen = zeros([samples, count], ScalarType.Int64, device);
        var rows = zeros([samples, count, atoms], ScalarType.Float64, device);
        var (residual, coefficients) = (correlations, correlations.narrow(1, 0, 0));
        for (var k = 0; k < count; k++)
        {
            using var inner = NewDisposeScope();
            var best = residual.abs().scatter_(1, chosen.narrow(1, 0, k), MinusOnes(samples, k, device)).argmax(1);
            chosen.select(1, k).copy_(best);
            rows.select(1, k).copy_(Gram.index_select(0, best));
            var (index, chosenRows) = (chosen.narrow(1, 0, k + 1), rows.narrow(1, 0, k + 1));
            var system = chosenRows.gather(2, index.unsqueeze(1).expand(samples, k + 1, k + 1))
                + (eye(k + 1, dtype: ScalarType.Float64, device: device) * Ridge);
            var solution = correlations.gather(1, index).unsqueeze(2).cholesky_solve(linalg.cholesky(system));
            coefficients = solution.squeeze(2).MoveToOuterDisposeScope();
            residual = (correlations - solution.transpose(1, 2).bmm(chosenRows).squeeze(1)).MoveToOuterDisposeScope();
        }

        return zeros_like(correlations).scatter_(1, chosen, coefficients).MoveToOuterDisposeScope();
    }

    /// <summary>Below every absolute correlation, so that no atom is chosen twice.</summary>
    private static Tensor MinusOnes(long samples, long count, Device device) => full([samples, count], -1.0, ScalarType.Float64, device);
}
