using System.Numerics;
using System.Runtime.InteropServices;
using DeviceId.Foundation;

namespace DeviceId.Clustering;

/// <summary>
/// k-means with several starts: Lloyd's iterations from k-means++ centres; the start with the smallest sum of squared distances is taken.
/// </summary>
/// <remarks>
/// D. Arthur, S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007. A cluster that loses its last point takes the
/// point that is farthest from its own centre.
/// </remarks>
internal static class RepeatedKMeans
{
    private const int MaxIterations = 100;

    /// <summary>Clusters points.</summary>
    /// <param name="points">(point)(value), all of the same length.</param>
    /// <param name="clusters">Number of clusters, from 1 to the number of points.</param>
    /// <param name="starts">Number of starts, at least 1.</param>
    /// <param name="seed">Seed of the centres; the same seed gives the same clusters.</param>
    /// <param name="cancellationToken">Checked before each iteration.</param>
    /// <returns>
    /// The cluster of each point, numbered from 0 in the order of their first points. Fewer clusters if fewer points differ.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer points than clusters, or no start.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static int[] Cluster(double[][] points, int clusters, int starts, long seed, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clusters, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clusters, points.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(starts, 1);
        var found = new (int[] Labels, double Sum)[starts];
        ParallelLoops.For(starts, start => found[start] = Run(
            points, clusters, new SplitMix64((ulong)Seeds.Derive(seed, "k-means start", start)), cancellationToken),
            cancellationToken: cancellationToken);
        return Renumber(found.MinBy(run => run.Sum).Labels);
    }

    /// <summary>Numbers labels from 0 in the order of their first occurrence.</summary>
    public static int[] Renumber(IReadOnlyList<int> labels)
    {
        var numbers = new Dictionary<int, int>();
        return [.. labels.Select(label => numbers.TryGetValue(label, out var number) ? number : numbers[label] = numbers.Count)];
    }

    private static (int[] Labels, double Sum) Run(
        double[][] points, int clusters, SplitMix64 random, CancellationToken cancellationToken)
    {
        var centres = ChooseCentres(points, clusters, random, cancellationToken);
        var (labels, distances) = (new int[points.Length], new double[points.Length]);
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var moved = Assign(points, centres, labels, distances) || iteration == 0;
            if (!moved)
                break;
            MoveCentres(points, labels, distances, centres);
        }

        Assign(points, centres, labels, distances);
        return (labels, distances.Sum());
    }

    private static double[][] ChooseCentres(double[][] points, int clusters, SplitMix64 random, CancellationToken cancellationToken)
    {
        var centres = new double[clusters][];
        centres[0] = [.. points[random.Below(points.Length)]];
        var nearest = points.Select(point => SquaredDistance(point, centres[0])).ToArray();
        for (var c = 1; c < clusters; c++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            centres[c] = [.. points[Draw(nearest, random)]];
            for (var i = 0; i < points.Length; i++)
                nearest[i] = Math.Min(nearest[i], SquaredDistance(points[i], centres[c]));
        }

        return centres;
    }

    /// <summary>Draws an index with a probability in proportion to its weight; if all weights are zero, the first.</summary>
    private static int Draw(double[] weights, SplitMix64 random)
    {
        var rest = random.Uniform() * weights.Sum();
        var last = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] <= 0)
                continue;
            last = i;
            rest -= weights[i];
            if (rest < 0)
                break;
        }

        return last;
    }

    /// <summary>Assigns each point to its nearest centre, of equal ones to the first.</summary>
    /// <returns>Whether a label changed.</returns>
    private static bool Assign(double[][] points, double[][] centres, int[] labels, double[] distances)
    {
        var changed = false;
        for (var i = 0; i < points.Length; i++)
        {
            var (nearest, smallest) = (0, double.PositiveInfinity);
            for (var c = 0; c < centres.Length; c++)
            {
                var distance = SquaredDistance(points[i], centres[c]);
                if (distance < smallest)
                    (nearest, smallest) = (c, distance);
            }

            changed |= labels[i] != nearest;
            (labels[i], distances[i]) = (nearest, smallest);
        }

        return changed;
    }

    private static void MoveCentres(double[][] points, int[] labels, double[] distances, double[][] centres)
    {
        var counts = new int[centres.Length];
        foreach (var centre in centres)
            Array.Clear(centre);
        for (var i = 0; i < points.Length; i++)
        {
            counts[labels[i]]++;
            for (var v = 0; v < points[i].Length; v++)
                centres[labels[i]][v] += points[i][v];
        }

        for (var c = 0; c < centres.Length; c++)
        {
            if (counts[c] == 0)
            {
                var farthest = Array.IndexOf(distances, distances.Max());
                points[farthest].CopyTo(centres[c], 0);
                distances[farthest] = 0;
                continue;
            }

            for (var v = 0; v < centres[c].Length; v++)
                centres[c][v] /= counts[c];
        }
    }

    private static double SquaredDistance(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var a = MemoryMarshal.Cast<double, Vector<double>>(first);
        var b = MemoryMarshal.Cast<double, Vector<double>>(second);
        var sums = Vector<double>.Zero;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = a[i] - b[i];
            sums += difference * difference;
        }

        var sum = Vector.Sum(sums);
        for (var i = a.Length * Vector<double>.Count; i < first.Length; i++)
            sum += (first[i] - second[i]) * (first[i] - second[i]);
        return sum;
    }
}
