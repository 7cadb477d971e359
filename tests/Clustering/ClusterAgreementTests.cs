using DeviceId.Clustering;

namespace DeviceId.Tests.Clustering;

/// <summary>The measures against values computed by hand, and against sums over all permutations of small partitions.</summary>
public sealed class ClusterAgreementTests
{
    /// <summary>Sums of a few hundred terms below 2 in float64.</summary>
    private const double Tolerance = 1e-12;

    public static TheoryData<int[], int[]> SmallPartitions => new()
    {
        { [0, 0, 1, 1, 2, 2, 2], [0, 1, 1, 1, 0, 0, 2] },
        { [0, 0, 0, 0, 0, 0, 1], [0, 1, 2, 3, 4, 4, 4] },
        { [0, 1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1, 1] },
        { [5, 5, 5, 9, 9, 9], [1, 2, 1, 2, 1, 2] },
    };

    [Theory]
    [MemberData(nameof(SmallPartitions))]
    public void TheExpectedMutualInformationIsTheMeanOverAllPermutations(int[] clusters, int[] classes)
    {
        var all = Permutations(clusters).Select(permuted => PlainMutualInformation(permuted, classes)).ToList();
        Assert.Equal(all.Average(), new ContingencyTable(clusters, classes).ExpectedMutualInformation(), Tolerance);
        Assert.Equal(PlainMutualInformation(clusters, classes), new ContingencyTable(clusters, classes).MutualInformation(), Tolerance);
    }

    [Theory]
    [MemberData(nameof(SmallPartitions))]
    public void TheAdjustedMeasuresAreZeroOnAverageOverAllPermutations(int[] clusters, int[] classes)
    {
        var all = Permutations(clusters).Select(permuted => ClusterAgreement.Measure(permuted, classes)).ToList();
        Assert.Equal(0, all.Average(m => m.AdjustedRand), Tolerance);
        Assert.Equal(0, all.Average(m => m.AdjustedMutualInformation), Tolerance);
    }

    [Theory]
    [MemberData(nameof(SmallPartitions))]
    public void TheAccuracyIsThatOfTheBestOfAllAssignments(int[] clusters, int[] classes)
    {
        var (rows, columns) = (RepeatedKMeans.Renumber(clusters), RepeatedKMeans.Renumber(classes));
        var size = Math.Max(rows.Max(), columns.Max()) + 1;
        var best = LinearAssignmentTests.Permutations(size)
            .Max(classOf => rows.Zip(columns).Count(pair => classOf[pair.First] == pair.Second));
        Assert.Equal(best / (double)rows.Length, ClusterAgreement.Measure(clusters, classes).Accuracy, Tolerance);
    }

    [Fact]
    public void ValuesComputedByHand()
    {
        // Pairs: 1 together in both, 2 in the classes, 1 in the clusters, 6 in all: (1 - 1/3) / (1.5 - 1/3) = 4/7.
        var split = ClusterAgreement.Measure([0, 0, 1, 2], [0, 0, 1, 1]);
        Assert.Equal(4 / 7.0, split.AdjustedRand, Tolerance);
        // I = H(classes) = ln 2, H(clusters) = 1.5 ln 2.
        Assert.Equal(1 / 1.25, split.NormalisedMutualInformation, Tolerance);
        Assert.Equal((1.0, 0.75, 1), (split.Purity, split.Accuracy, split.ErrorOfK));

        // Independent partitions: no information; expected pairs 4/6, (0 - 2/3) / (2 - 2/3) = -1/2.
        var independent = ClusterAgreement.Measure([0, 0, 1, 1], [0, 1, 0, 1]);
        Assert.Equal((0.0, 0.5, 0.5, 0), (independent.NormalisedMutualInformation, independent.Purity, independent.Accuracy,
            independent.ErrorOfK));
        Assert.Equal(-0.5, independent.AdjustedRand, Tolerance);

        // Of 24 permutations 8 give ln 2 and 16 give nothing: E = ln 2 / 3, (0 - 1/3) / (1 - 1/3) = -1/2.
        Assert.Equal(-0.5, independent.AdjustedMutualInformation, Tolerance);
    }

    [Theory]
    [InlineData(new[] { 3, 3, 7, 7, 7 }, new[] { 1, 1, 0, 0, 0 })]
    [InlineData(new[] { 2, 2, 2 }, new[] { 0, 0, 0 })]
    [InlineData(new[] { 0, 1, 2 }, new[] { 2, 0, 1 })]
    [InlineData(new[] { 4 }, new[] { 9 })]
    public void EqualPartitionsAgreeCompletelyWhateverTheirNumbers(int[] clusters, int[] classes)
    {
        var same = ClusterAgreement.Measure(clusters, classes);
        Assert.Equal(
            (1.0, 1.0, 1.0, 1.0, 1.0, 0),
            (same.AdjustedMutualInformation, same.AdjustedRand, same.NormalisedMutualInformation, same.Purity, same.Accuracy,
                same.ErrorOfK));
    }

    [Theory]
    [InlineData(new[] { 0, 0, 0, 0 })]
    [InlineData(new[] { 0, 1, 2, 3 })]
    public void OneClusterAndSingleItemsShowNothing(int[] clusters)
    {
        var measured = ClusterAgreement.Measure(clusters, [0, 0, 1, 1]);
        Assert.Equal(0, measured.AdjustedRand, Tolerance);
        Assert.Equal(0, measured.AdjustedMutualInformation, Tolerance);
        Assert.Equal(clusters.Distinct().Count() - 2, measured.ErrorOfK);
    }

    [Fact]
    public void RandomClustersOfFortyFivePhonesHaveMuchInformationButNoneBeyondChance()
    {
        var phones = Enumerable.Range(0, 180).Select(i => i / 4).ToList();
        var random = ClusterAgreement.MeasureRandom(phones, phones);
        // Standard error of the mean of 100 partitions: below 0.002.
        Assert.InRange(random.NormalisedMutualInformation, 0.6, 0.7);
        Assert.InRange(random.AdjustedMutualInformation, -0.01, 0.01);
        Assert.InRange(random.AdjustedRand, -0.01, 0.01);
        Assert.Equal(random, ClusterAgreement.MeasureRandom(phones, phones));
        Assert.NotEqual(random, ClusterAgreement.MeasureRandom(phones, phones, seed: 2));
    }

    [Fact]
    public void PartitionsOfDifferentItemsAreRefused()
    {
        Assert.Throws<ArgumentException>(() => ClusterAgreement.Measure([0, 1], [0]));
        Assert.Throws<ArgumentException>(() => ClusterAgreement.Measure([], []));
    }

    private static IEnumerable<int[]> Permutations(int[] items) =>
        LinearAssignmentTests.Permutations(items.Length).Select(order => order.Select(i => items[i]).ToArray());

    private static double PlainMutualInformation(int[] first, int[] second)
    {
        double Probability(Func<int, bool> holds) => Enumerable.Range(0, first.Length).Count(holds) / (double)first.Length;
        var sum = 0.0;
        foreach (var a in first.Distinct())
        {
            foreach (var b in second.Distinct())
            {
                var both = Probability(i => first[i] == a && second[i] == b);
                sum += both == 0 ? 0 : both * Math.Log(both / (Probability(i => first[i] == a) * Probability(i => second[i] == b)));
            }
        }

        return sum;
    }
}
