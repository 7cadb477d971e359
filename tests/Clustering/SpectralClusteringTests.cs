using DeviceId.Clustering;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Clustering;

[Collection(TensorCollection.Name)]
public sealed class SpectralClusteringTests
{
    /// <summary>A few dozen operations in float64 on values near 1.</summary>
    private const double Tolerance = 1e-10;

    [Theory]
    [InlineData(2, 10)]
    [InlineData(5, 10)]
    [InlineData(12, 9)]
    [InlineData(10, 4)]
    [InlineData(8, 2)]
    public void SeparateGroupsAreFoundWithTheirNumber(int groups, int size)
    {
        using var scope = NewDisposeScope();
        var truth = Enumerable.Range(0, groups * size).Select(i => i % groups).ToArray();
        var result = SpectralClustering.Cluster(Groups(truth, 20), clusters: null, seed: 1);
        Assert.Equal(groups, result.Gaps[0].Clusters);
        Assert.Equal(1, ClusterAgreement.Measure(result.Labels, truth).AdjustedRand);
        Assert.Equal(0, result.Eigenvalues[0], Tolerance);
        Assert.All(result.Silhouettes, silhouette => Assert.InRange(silhouette.Value, 0.5, 1));
        Assert.Equal(result.Labels, SpectralClustering.Cluster(Groups(truth, 20), clusters: groups, seed: 1).Labels);
    }

    [Fact]
    public void OneGroupIsOneCluster()
    {
        using var scope = NewDisposeScope();
        var result = SpectralClustering.Cluster(Groups(new int[40], 20), clusters: null, seed: 1);
        Assert.Equal(1, result.Gaps[0].Clusters);
        Assert.All(result.Labels, label => Assert.Equal(0, label));
        Assert.All(result.Silhouettes, silhouette => Assert.True(double.IsNaN(silhouette.Value)));
    }

    [Fact]
    public void ARingAroundAGroupIsACluster()
    {
        // k-means on the points themselves cannot separate them: both have the same mean.
        using var scope = NewDisposeScope();
        var random = new Random(3);
        var points = Enumerable.Range(0, 120).Select(i => i < 80
            ? new[] { 10 * Math.Cos(i * Math.PI / 40), 10 * Math.Sin(i * Math.PI / 40) }
            : [random.NextDouble() - 0.5, random.NextDouble() - 0.5]).ToList();
        var result = SpectralClustering.Cluster(Points(points), clusters: 2, seed: 1);
        Assert.Equal(Enumerable.Range(0, 120).Select(i => i < 80 ? 0 : 1), result.Labels);
    }

    [Fact]
    public void AffinitiesEigenvaluesAndSilhouettesAreThoseOfPlainLoops()
    {
        using var scope = NewDisposeScope();
        var random = new Random(5);
        var points = Enumerable.Range(0, 14).Select(_ => Enumerable.Range(0, 3).Select(_ => random.NextDouble()).ToArray()).ToList();
        double Distance(int i, int j) => Math.Sqrt(points[i].Zip(points[j], (a, b) => (a - b) * (a - b)).Sum());
        double Scale(int i) => Enumerable.Range(0, 14).Select(j => Distance(i, j)).Order().ElementAt(7);
        double Affinity(int i, int j) => i == j ? 0 : Math.Exp(-Distance(i, j) * Distance(i, j) / (Scale(i) * Scale(j)));
        var affinities = SpectralClustering.Affinities(SpectralClustering.Distances(Points(points)), neighbour: 7);
        var laplacian = SpectralClustering.Laplacian(affinities);
        for (var i = 0; i < 14; i++)
        {
            for (var j = 0; j < 14; j++)
            {
                double Degree(int row) => Enumerable.Range(0, 14).Sum(k => Affinity(row, k));
                Assert.Equal(Affinity(i, j), affinities[i, j].item<double>(), Tolerance);
                var expected = (i == j ? 1 : 0) - (Affinity(i, j) / Math.Sqrt(Degree(i) * Degree(j)));
                Assert.Equal(expected, laplacian[i, j].item<double>(), Tolerance);
            }
        }

        var result = SpectralClustering.Cluster(Points(points), clusters: 3, seed: 1);
        // The trace of the Laplacian is the number of points.
        Assert.Equal(14, result.Eigenvalues.Sum(), Tolerance);
        for (var i = 0; i < 14; i++)
        {
            double Mean(int cluster) => Enumerable.Range(0, 14).Where(j => j != i && result.Labels[j] == cluster)
                .Select(j => Distance(i, j)).DefaultIfEmpty(double.NaN).Average();
            var own = Mean(result.Labels[i]);
            var other = Enumerable.Range(0, 3).Where(c => c != result.Labels[i]).MinBy(Mean);
            var value = double.IsNaN(own) ? 0 : (Mean(other) - own) / Math.Max(own, Mean(other));
            Assert.Equal(value, result.Silhouettes[i].Value, Tolerance);
            Assert.Equal(other, result.Silhouettes[i].Nearest);
        }
    }

    [Fact]
    public void ThreeEquallyDistantPointsHaveKnownEigenvalues()
    {
        using var scope = NewDisposeScope();
        var result = SpectralClustering.Cluster(eye(3, dtype: ScalarType.Float64, device: CPU), clusters: null, seed: 1);
        Assert.Equal([0, 1.5, 1.5], result.Eigenvalues.Select(value => Math.Round(value, 10) + 0.0));
        Assert.Equal([0, 0, 0], result.Labels);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AFewPointsAreOneClusterUnlessMoreAreAsked(int count)
    {
        using var scope = NewDisposeScope();
        var points = eye(count, dtype: ScalarType.Float64, device: CPU);
        Assert.Equal(new int[count], SpectralClustering.Cluster(points, clusters: null, seed: 1).Labels);
        Assert.Equal(Enumerable.Range(0, count), SpectralClustering.Cluster(points, clusters: count, seed: 1).Labels);
        foreach (var impossible in new[] { 0, count + 1 })
            Assert.Throws<ArgumentException>(() => SpectralClustering.Cluster(points, impossible, seed: 1));
    }

    [Fact]
    public void NoPointsOrTooManyAreRefused()
    {
        using var scope = NewDisposeScope();
        foreach (var shape in new long[][] { [0, 3], [4], [SpectralClustering.MaxPoints + 1, 1] })
            Assert.Throws<ArgumentException>(() => SpectralClustering.Cluster(zeros(shape, device: CPU), clusters: null, seed: 1));
    }

    [Fact]
    public void CopiesAreOneClusterAndTwoGroupsOfCopiesTwo()
    {
        using var scope = NewDisposeScope();
        var same = SpectralClustering.Cluster(ones(20, 5, device: CPU), clusters: null, seed: 1);
        Assert.Equal(new int[20], same.Labels);
        var truth = Enumerable.Range(0, 20).Select(i => i % 2).ToArray();
        var two = SpectralClustering.Cluster(Points([.. truth.Select(t => new[] { t, 1.0 - t })]), clusters: null, seed: 1);
        Assert.Equal(2, two.Gaps[0].Clusters);
        Assert.Equal(truth, two.Labels);
        // More clusters than points that differ: no cluster is empty, and none is made up.
        Assert.Equal(truth, SpectralClustering.Cluster(Points([.. truth.Select(t => new[] { t, 1.0 - t })]), clusters: 2, seed: 1).Labels);
        Assert.Equal([0, 0, 1], RepeatedKMeans.Cluster([[1.0], [1.0], [2.0]], clusters: 3, starts: 5, seed: 1));
    }

    [Fact]
    public void APointFarFromAllOthersIsAClusterOfItsOwn()
    {
        using var scope = NewDisposeScope();
        var truth = Enumerable.Range(0, 31).Select(i => i < 30 ? i % 2 : 2).ToArray();
        var points = Groups(truth, 6);
        points[30].fill_(1e6);
        Assert.Equal(truth, SpectralClustering.Cluster(points, clusters: 3, seed: 1).Labels);
    }

    [Fact]
    public void TheOrderOfThePointsDoesNotMatterAndTheSeedFixesTheResult()
    {
        using var scope = NewDisposeScope();
        var points = randn(60, 4, ScalarType.Float64, CPU, generator: new Generator(7));
        var order = Enumerable.Range(0, 60).OrderBy(i => i * 37 % 60).ToArray();
        var first = SpectralClustering.Cluster(points, clusters: 4, seed: 1).Labels;
        Assert.Equal(first, SpectralClustering.Cluster(points, clusters: 4, seed: 1).Labels);
        var permuted = points.index_select(0, tensor(order.Select(i => (long)i).ToArray(), device: CPU));
        var second = SpectralClustering.Cluster(permuted, clusters: 4, seed: 1).Labels;
        Assert.InRange(ClusterAgreement.Measure(second, [.. order.Select(i => first[i])]).AdjustedRand, 0.9, 1);
    }

    [Fact]
    public void NoTensorStaysBehind()
    {
        using var scope = NewDisposeScope();
        var points = Groups([0, 0, 0, 1, 1, 1], 5);
        SpectralClustering.Cluster(points, clusters: null, seed: 1);
        var before = LiveTensors.CountSettled();
        SpectralClustering.Cluster(points, clusters: null, seed: 1);
        Assert.Equal(before, Tensor.TotalCount);
    }

    /// <summary>Groups around the corners of a simplex, (point, 16); the standard deviation within a group is 1.</summary>
    private static Tensor Groups(int[] group, double separation)
    {
        var random = new Random(11);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Points([.. group.Select(g => Enumerable.Range(0, 16).Select(v => Normal() + (v == g ? separation : 0)).ToArray())]);
    }

    private static Tensor Points(IReadOnlyList<double[]> rows) =>
        tensor(rows.SelectMany(row => row).ToArray(), [rows.Count, rows[0].Length], device: CPU);
}
