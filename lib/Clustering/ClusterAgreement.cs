using DeviceId.Foundation;

namespace DeviceId.Clustering;

/// <summary>How well clusters agree with the true classes.</summary>
/// <remarks>
/// With many small classes, purity and normalised mutual information are high for random clusters too: compare with
/// <see cref="MeasureRandom"/>. The adjusted measures are 0 on average for random clusters, and 1 for the true classes.
/// </remarks>
/// <param name="Clusters">Number of clusters; of several random partitions, their number.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="AdjustedMutualInformation">At most 1; 0 on average for random clusters.</param>
/// <param name="AdjustedRand">At most 1; 0 on average for random clusters.</param>
/// <param name="NormalisedMutualInformation">In [0, 1], not adjusted for chance.</param>
/// <param name="Purity">Share of items in the most frequent class of their cluster, not adjusted for chance.</param>
/// <param name="Accuracy">Share of items in the right class with the best one-to-one assignment (Hungarian method).</param>
public sealed record ClusterAgreement(
    int Clusters, int Classes, double AdjustedMutualInformation, double AdjustedRand, double NormalisedMutualInformation, double Purity,
    double Accuracy)
{
    private const int RandomPartitions = 100;

    /// <summary>Number of clusters less number of classes.</summary>
    public int ErrorOfK => Clusters - Classes;

    /// <summary>Compares clusters with classes.</summary>
    /// <param name="clusters">The cluster of each item, any numbers.</param>
    /// <param name="classes">The class of each item, any numbers.</param>
    /// <exception cref="ArgumentException">The lists have different lengths, or no items.</exception>
    public static ClusterAgreement Measure(IReadOnlyList<int> clusters, IReadOnlyList<int> classes)
    {
        var table = new ContingencyTable(clusters, classes);
        return new ClusterAgreement(
            table.Clusters, table.Classes, table.AdjustedMutualInformation(), table.AdjustedRand(), table.NormalisedMutualInformation(),
            table.Purity(), table.Accuracy());
    }

    /// <summary>
    /// The mean agreement of random clusters of the same sizes: the labels of the items are shuffled 100 times.
    /// </summary>
    /// <param name="clusters">The cluster of each item, any numbers.</param>
    /// <param name="classes">The class of each item, any numbers.</param>
    /// <param name="seed">Seed of the shuffles.</param>
    /// <exception cref="ArgumentException">The lists have different lengths, or no items.</exception>
    public static ClusterAgreement MeasureRandom(IReadOnlyList<int> clusters, IReadOnlyList<int> classes, long seed = 1)
    {
        var random = new SplitMix64((ulong)Seeds.Derive(seed, "random clusters"));
        var shuffled = clusters.ToArray();
        var measured = new List<ClusterAgreement>();
        for (var partition = 0; partition < RandomPartitions; partition++)
        {
            for (var i = shuffled.Length - 1; i > 0; i--)
            {
                var other = random.Below(i + 1);
                (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
            }

            measured.Add(Measure(shuffled, classes));
        }

        return new ClusterAgreement(
            measured[0].Clusters, measured[0].Classes, measured.Average(m => m.AdjustedMutualInformation),
            measured.Average(m => m.AdjustedRand), measured.Average(m => m.NormalisedMutualInformation), measured.Average(m => m.Purity),
            measured.Average(m => m.Accuracy));
    }
}
