using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Clustering;

/// <summary>
/// Normalised spectral clustering with self-tuning affinities; the number of clusters K is given, or follows from the largest eigengap.
/// </summary>
/// <remarks>
/// 1 A_ij = exp(-d_ij² / (s_i s_j)), A_ii = 0; s_i is the distance of point i to its m-th neighbour (L. Zelnik-Manor, P. Perona,
/// "Self-tuning spectral clustering", NIPS 17, 2004), with fewer points to its farthest, and at least a thousandth of the mean distance
/// 2 L = I - D^-1/2 A D^-1/2, D the row sums of A; ascending eigenvalues l_1 = 0, l_2, …
/// 3 K = the k with the largest gap l_(k+1) - l_k (U. von Luxburg, "A tutorial on spectral clustering", Stat. Comput. 17, 2007), for the m
/// of 1, 2, 3, 5 and 7 whose largest gap after the first is largest
/// 4 rows of the first K eigenvectors for m = 7 to unit length, k-means with 20 starts (A. Y. Ng, M. I. Jordan, Y. Weiss, NIPS 14, 2001)
/// The choice of m in step 3 is ours: with m = 7 alone, groups of fewer than eight points have no gap. It was made on mean spectra of the
/// public recordings, in groups of two to four, so the number of clusters is more certain there than elsewhere; if groups are smaller or
/// of very different sizes, the number is often too small. In float64 on the CPU.
/// </remarks>
internal static class SpectralClustering
{
    /// <summary>Maximum number of points: their eigenvalues take about a minute.</summary>
    public const int MaxPoints = 2000;

    /// <summary>The neighbour whose distance is the scale of a point where points are divided into K clusters.</summary>
    public const int Neighbour = 7;

    /// <summary>The neighbours that are tried where K is estimated.</summary>
    private static readonly int[] Neighbours = [1, 2, 3, 5, Neighbour];

    private const int Starts = 20;
    private const double MinScale = 1e-3;

    /// <summary>Clusters points.</summary>
    /// <param name="points">(point, value), finite, at least one point.</param>
    /// <param name="clusters">The number of clusters; null for the one with the largest eigengap, at most half the points.</param>
    /// <param name="seed">Seed of k-means.</param>
    /// <param name="cancellationToken">Checked before each decomposition, and before each iteration of k-means.</param>
    /// <exception cref="ArgumentException">There are no points or too many, or more clusters than points.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SpectralPartition Cluster(Tensor points, int? clusters, long seed, CancellationToken cancellationToken = default)
    {
        if (points.dim() != 2 || points.shape[0] is < 1 or > MaxPoints)
            throw new ArgumentException(
                $"The points must be (1 to {MaxPoints} points, value), not ({string.Join(", ", points.shape)}).", nameof(points));
        var count = (int)points.shape[0];
        if (clusters is { } wanted && (wanted < 1 || wanted > count))
            throw new ArgumentException($"{count} points cannot be divided into {wanted} clusters.", nameof(clusters));
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var distances = Distances(points);
        var spectrum = FindSpectrum(distances, cancellationToken);
        var chosen = clusters ?? (spectrum.Gaps.Count == 0 ? 1 : spectrum.Gaps[0].Clusters);
        var (_, vectors) = linalg.eigh(Laplacian(Affinities(distances, Neighbour)));
        var labels = RepeatedKMeans.Cluster(UnitRows(vectors.narrow(1, 0, chosen)), chosen, Starts, seed, cancellationToken);
        return new SpectralPartition(labels, spectrum.Eigenvalues, spectrum.Gaps, Silhouette.Compute(distances, labels));
    }

    /// <summary>The eigenvalues for the neighbour with the largest gap after the first.</summary>
    private static (double[] Eigenvalues, List<EigenGap> Gaps) FindSpectrum(Tensor distances, CancellationToken cancellationToken)
    {
        var spectra = new List<(double[] Eigenvalues, List<EigenGap> Gaps)>();
        foreach (var neighbour in Neighbours)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var eigenvalues = linalg.eigvalsh(Laplacian(Affinities(distances, neighbour))).data<double>().ToArray();
            spectra.Add((eigenvalues, Gaps(eigenvalues)));
        }

        return spectra.MaxBy(spectrum => spectrum.Gaps.Where(gap => gap.Clusters > 1).Select(gap => gap.Gap).DefaultIfEmpty(0).Max());
    }

    /// <summary>Euclidean distances (point, point); copies have the distance 0 exactly.</summary>
    internal static Tensor Distances(Tensor points)
    {
        using var scope = NewDisposeScope();
        var values = points.detach().cpu().to(ScalarType.Float64);
        // By matrix products, the distance of two copies would be a rounding error, which the scales would then amplify.
        return cdist(values, values, compute_mode: compute_mode.donot_use_mm_for_euclid_dist).MoveToOuterDisposeScope();
    }

    /// <summary>Affinities A (point, point), scaled by the distance of each point to its m-th neighbour.</summary>
    internal static Tensor Affinities(Tensor distances, int neighbour)
    {
        using var scope = NewDisposeScope();
        var count = distances.shape[0];
        // Copies have no distance to their neighbours; if all points are copies, any scale is right.
        var smallest = MinScale * distances.mean().item<double>();
        var scales = distances.sort(1).Values.select(1, Math.Min(neighbour, count - 1)).clamp_min(smallest > 0 ? smallest : 1);
        var affinities = (-distances.square() / (scales.unsqueeze(1) * scales.unsqueeze(0))).exp();
        affinities.diagonal().fill_(0);
        return affinities.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Normalised Laplacian L (point, point). A point without any affinity is a cluster of its own: its row is zero, an eigenvalue 0.
    /// </summary>
    internal static Tensor Laplacian(Tensor affinities)
    {
        using var scope = NewDisposeScope();
        var degrees = affinities.sum([1]);
        var isAlone = degrees.eq(0);
        var roots = degrees.sqrt().reciprocal().masked_fill(isAlone, 0);
        var identity = isAlone.logical_not().to(ScalarType.Float64).diag();
        return (identity - (roots.unsqueeze(1) * affinities * roots.unsqueeze(0))).MoveToOuterDisposeScope();
    }

    /// <summary>The gap after each eigenvalue up to half the points, the largest first; of equal ones, the smaller number.</summary>
    private static List<EigenGap> Gaps(double[] eigenvalues) =>
        [.. Enumerable.Range(1, eigenvalues.Length / 2).Select(k => new EigenGap(k, eigenvalues[k] - eigenvalues[k - 1]))
            .OrderByDescending(gap => gap.Gap)];

    private static double[][] UnitRows(Tensor vectors)
    {
        var rows = vectors / vectors.square().sum([1], keepdim: true).sqrt().clamp_min(double.Epsilon);
        var (values, columns) = (rows.contiguous().data<double>().ToArray(), (int)rows.shape[1]);
        return [.. values.Chunk(columns)];
    }
}

/// <summary>The result of spectral clustering.</summary>
/// <param name="Labels">The cluster of each point, numbered from 0 in the order of their first points.</param>
/// <param name="Eigenvalues">Eigenvalues of the normalised Laplacian, ascending, in [0, 2].</param>
/// <param name="Gaps">Possible numbers of clusters, the one with the largest eigengap first; none for a single point.</param>
/// <param name="Silhouettes">The silhouette of each point, in [-1, 1]; all NaN with a single cluster.</param>
internal sealed record SpectralPartition(
    int[] Labels, double[] Eigenvalues, IReadOnlyList<EigenGap> Gaps, IReadOnlyList<PointSilhouette> Silhouettes);
