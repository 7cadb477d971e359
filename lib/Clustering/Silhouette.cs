using static TorchSharp.torch;

namespace DeviceId.Clustering;

/// <summary>
/// Silhouettes (P. J. Rousseeuw, J. Comput. Appl. Math. 20, 1987): (b - a) / max(a, b), where a is the mean distance of a point to the
/// others of its cluster, b that to the nearest other cluster.
/// </summary>
internal static class Silhouette
{
    /// <summary>Computes the silhouette of each point.</summary>
    /// <param name="distances">(point, point), float64 on the CPU.</param>
    /// <param name="labels">The cluster of each point, from 0 without gaps.</param>
    /// <returns>NaN and the own cluster if there is no other; 0 for a point alone in its cluster.</returns>
    public static PointSilhouette[] Compute(Tensor distances, int[] labels)
    {
        var clusters = labels.Max() + 1;
        if (clusters == 1)
            return [.. labels.Select(label => new PointSilhouette(double.NaN, label))];
        using var scope = NewDisposeScope();
        var counts = new int[clusters];
        foreach (var label in labels)
            counts[label]++;
        var membership = nn.functional.one_hot(tensor(labels.Select(label => (long)label).ToArray(), device: CPU), clusters);
        var sums = distances.matmul(membership.to(distances.dtype)).data<double>().ToArray();
        return [.. labels.Select((label, i) => OfPoint(sums.AsSpan(i * clusters, clusters), label, counts))];
    }

    private static PointSilhouette OfPoint(ReadOnlySpan<double> sums, int own, int[] counts)
    {
        var (nearest, b) = (-1, double.PositiveInfinity);
        for (var c = 0; c < counts.Length; c++)
            if (c != own && sums[c] / counts[c] < b)
                (nearest, b) = (c, sums[c] / counts[c]);
        if (counts[own] == 1)
            return new PointSilhouette(0, nearest);
        var a = sums[own] / (counts[own] - 1);
        var larger = Math.Max(a, b);
        return new PointSilhouette(larger == 0 ? 0 : (b - a) / larger, nearest);
    }
}

/// <summary>The silhouette of one point.</summary>
/// <param name="Value">In [-1, 1]; below 0 the point is nearer to another cluster.</param>
/// <param name="Nearest">The nearest other cluster.</param>
internal readonly record struct PointSilhouette(double Value, int Nearest);
