using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>The total variability matrix T of <see cref="IVectors"/>: its training by EM, and the posterior of i-vectors.</summary>
/// <remarks>
/// P. Kenny, G. Boulianne, P. Dumouchel, "Eigenvoice modeling with sparse training data", IEEE TSAP 13(3), 2005, with the variances of the
/// background model. E-step: E[w] and E[w w'] of each segment. M-step: T_c = (sum F_c E[w]') (sum n_c E[w w'])^-1. The sums over components
/// and over segments are matrix products; each segment needs one inverse of size rank.
/// </remarks>
internal static class TotalVariability
{
    private const long BlockSamples = 256;
    private const double Ridge = 1e-8;

    /// <summary>Trains T.</summary>
    /// <param name="counts">n (sample, component).</param>
    /// <param name="sums">F (sample, component, column).</param>
    /// <param name="rank">Number of columns of T.</param>
    /// <param name="iterations">Number of iterations.</param>
    /// <param name="seed">Seed of the first T.</param>
    /// <param name="progress">Receives the iterations.</param>
    /// <param name="cancellationToken">Checked before each block of samples.</param>
    /// <returns>T (component, column, rank).</returns>
    public static Tensor Fit(
        Tensor counts, Tensor sums, int rank, int iterations, long seed, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var (components, columns) = (sums.shape[1], sums.shape[2]);
        var random = new SplitMix64((ulong)Seeds.Derive(seed, "total variability"));
        var first = new double[components * columns * rank];
        for (var i = 0; i < first.Length; i++)
            first[i] = 0.1 * random.Normal();
        var matrix = tensor(first, device: CPU).reshape(components, columns, rank);
        for (var i = 0; i < iterations; i++)
        {
            using var inner = NewDisposeScope();
            matrix = Iterate(matrix, counts, sums, cancellationToken).MoveToOuterDisposeScope();
            progress?.Report(new WorkProgress("i-vectors", i + 1, iterations));
        }

        return matrix.contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The i-vectors E[w] (sample, rank).</summary>
    /// <param name="matrix">T (component, column, rank).</param>
    /// <param name="counts">n (sample, component).</param>
    /// <param name="sums">F (sample, component, column).</param>
    /// <param name="cancellationToken">Checked before each block of samples.</param>
    public static Tensor Posterior(Tensor matrix, Tensor counts, Tensor sums, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var products = matrix.transpose(1, 2).bmm(matrix);
        var joined = cat([counts, sums.flatten(1)], 1);
        Tensor Means(Tensor block)
        {
            var (n, f) = (block.narrow(1, 0, counts.shape[1]), block.narrow(1, counts.shape[1], block.shape[1] - counts.shape[1]));
            return f.mm(matrix.flatten(0, 1)).unsqueeze(2).cholesky_solve(linalg.cholesky(Precision(products, n))).squeeze(2);
        }

        return SampleBlocks.Compute(joined, BlockSamples, Means, cancellationToken).MoveToOuterDisposeScope();
    }

    /// <summary>One EM iteration.</summary>
    internal static Tensor Iterate(Tensor matrix, Tensor counts, Tensor sums, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var (components, columns, rank) = (matrix.shape[0], matrix.shape[1], matrix.shape[2]);
        var products = matrix.transpose(1, 2).bmm(matrix);
        var second = zeros([components, rank * rank], ScalarType.Float64, matrix.device);
        var first = zeros([components * columns, rank], ScalarType.Float64, matrix.device);
        var identity = eye(rank, dtype: ScalarType.Float64, device: matrix.device);
        for (long start = 0; start < counts.shape[0]; start += BlockSamples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var length = Math.Min(BlockSamples, counts.shape[0] - start);
            var (n, f) = (counts.narrow(0, start, length), sums.narrow(0, start, length).flatten(1));
            var covariance = identity.expand(length, rank, rank).cholesky_solve(linalg.cholesky(Precision(products, n)));
            var mean = covariance.bmm(f.mm(matrix.flatten(0, 1)).unsqueeze(2));
            second.add_(n.t().mm((covariance + mean.bmm(mean.transpose(1, 2))).flatten(1)));
            first.add_(f.t().mm(mean.squeeze(2)));
        }

        // A component without frames has no equation: the ridge gives it T_c = 0.
        var squares = second.view(components, rank, rank) + (identity * Ridge);
        var right = first.view(components, columns, rank).transpose(1, 2);
        return right.cholesky_solve(linalg.cholesky(squares)).transpose(1, 2).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>L = I + sum_c n_c T_c'T_c (sample, rank, rank).</summary>
    private static Tensor Precision(Tensor products, Tensor counts) =>
        counts.mm(products.flatten(1)).view(counts.shape[0], products.shape[1], products.shape[2])
            + eye(products.shape[1], dtype: ScalarType.Float64, device: products.device);
}
