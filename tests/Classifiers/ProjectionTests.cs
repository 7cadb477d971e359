using DeviceId.Classifiers;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>Projections against analytic values and plain loops.</summary>
[Collection(TensorCollection.Name)]
public sealed class ProjectionTests
{
    [Fact]
    public void UnitLengthCentresAndScales()
    {
        using var scope = NewDisposeScope();
        var train = Vectors(new[,] { { 1.0, 2 }, { 3, 6 } }, [0, 1]);
        using var projection = new UnitLengthOptions().Fit(train, default);
        var projected = projection.Apply(Matrix(new[,] { { 5.0, 8 }, { 2, 4 }, { 2, 3 } }));

        // The mean is (2, 4): (3, 4) / 5, the zero vector, and (0, -1).
        Assert.Equal([0.6, 0.8, 0, 0, 0, -1], projected.data<double>().ToArray());
    }

    [Fact]
    public void PcaFindsTheAxesOfKnownVariancesFromFewAndFromManySamples()
    {
        using var scope = NewDisposeScope();

        // Points at +-3 along (0.6, 0.8, 0) and +-1 along (0, 0, 1): variances 4.5 and 0.5 (divisor 4).
        var points = Matrix(new[,] { { 1.8, 2.4, 0 }, { -1.8, -2.4, 0 }, { 0, 0, 1 }, { 0, 0, -1 } });
        foreach (var copies in new[] { 1, 5 })
        {
            var train = new TrainingVectors(
                points.repeat(copies, 1) + 7, zeros(4 * copies, ScalarType.Int64, CPU), 1, [.. new string[4 * copies]], 1);
            using var projection = new PcaOptions { Dimensions = 9 }.Fit(train, default);
            Assert.Equal(2, projection.Outputs);
            var axes = projection.State[1].Tensor.abs();
            AssertClose([0.6, 0, 0.8, 0, 0, 1], axes, 1e-12);
            using var whitened = new PcaOptions { Dimensions = 2, Whiten = true }.Fit(train, default);
            AssertClose([1, 1], whitened.Apply(train.Values).square().mean([0]), 1e-12);
        }
    }

    [Fact]
    public void WccnMakesTheScatterWithinTheDevicesASphere()
    {
        using var scope = NewDisposeScope();
        var train = Random(samples: 60, values: 4, classes: 3);
        using var projection = new WccnOptions { Shrinkage = 0 }.Fit(train, default);
        var projected = train with { Values = projection.Apply(train.Values) };

        // The ridge is a relative 1e-9.
        AssertClose(Flat(eye(4, dtype: ScalarType.Float64, device: CPU)), Tensor(Scatter(projected, within: true)), 1e-7);
    }

    [Fact]
    public void LdaAxesAreTheEigenvectorsOfWithinInverseTimesBetween()
    {
        using var scope = NewDisposeScope();
        var train = Random(samples: 60, values: 5, classes: 3);
        using var projection = new LdaOptions { Shrinkage = 0 }.Fit(train, default);
        Assert.Equal(2, projection.Outputs);
        var axes = projection.State[1].Tensor;
        var (within, between) = (Tensor(Scatter(train, within: true)), Tensor(Scatter(train, within: false)));
        AssertClose([1, 0, 0, 1], axes.t().mm(within).mm(axes), 1e-7);
        var ratios = axes.t().mm(between).mm(axes).diagonal();
        Assert.True(ratios[0].item<double>() >= ratios[1].item<double>());

        // B a = ratio W a for each axis.
        Assert.True((between.mm(axes) - within.mm(axes) * ratios).abs().max().item<double>() < 1e-7);
    }

    [Fact]
    public void StandardisationLeavesAConstantValueAtZero()
    {
        using var scope = NewDisposeScope();
        var train = Vectors(new[,] { { 1.0, 5 }, { 3, 5 } }, [0, 1]);
        using var projection = new StandardisationOptions().Fit(train, default);
        Assert.Equal([-1, 0, 1, 0, 3, 2], projection.Apply(Matrix(new[,] { { 1.0, 5 }, { 3, 5 }, { 5, 7 } })).data<double>().ToArray());
    }

    [Fact]
    public void AtMostTheGivenNumberOfSamplesOfEachClassIsKeptEvenlySpaced()
    {
        using var scope = NewDisposeScope();
        var train = Vectors(new[,] { { 0.0 }, { 1 }, { 2 }, { 3 }, { 4 }, { 5 } }, [0, 0, 0, 0, 1, 0]);
        var few = train.Limit(2);
        Assert.Equal([0, 2, 4], few.Values.data<double>().ToArray());
        Assert.Equal([0, 0, 1], few.Labels.data<long>().ToArray());
        Assert.Same(train, train.Limit(0));
    }

    public static TheoryData<ProjectionOptions, string> Unusable => new()
    {
        { new PcaOptions { Dimensions = 0 }, "Dimensions is 0" },
        { new LdaOptions { Dimensions = -1 }, "Dimensions is -1" },
        { new LdaOptions { Shrinkage = 2 }, "Shrinkage is 2" },
        { new WccnOptions { Shrinkage = double.NaN }, "Shrinkage is NaN" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void UnusableSettingsAreExplained(ProjectionOptions options, string problem) =>
        Assert.Contains(problem, Assert.Single(new VectorClassifierOptions { Projections = [options] }.Problems()),
            StringComparison.Ordinal);

    /// <summary>Normal vectors of devices with different means.</summary>
    internal static TrainingVectors Random(int samples, int values, int classes, ulong seed = 3)
    {
        var random = new SplitMix64(seed);
        var x = new double[samples, values];
        for (var i = 0; i < samples; i++)
            for (var j = 0; j < values; j++)
                x[i, j] = random.Normal() * (1 + j) + (i % classes == j ? 4 : 0) + 10;
        return Vectors(x, [.. Enumerable.Range(0, samples).Select(i => (long)(i % classes))]);
    }

    internal static TrainingVectors Vectors(double[,] values, long[] labels) => new(
        Matrix(values), tensor(labels, device: CPU), (int)labels.Max() + 1, [.. labels.Select((_, i) => $"{i % 3}")], 1);

    internal static Tensor Matrix(double[,] values) => tensor(values, device: CPU);

    internal static void AssertClose(double[] expected, Tensor actual, double tolerance)
    {
        var values = actual.to(ScalarType.Float64).contiguous().data<double>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    internal static double[,] Rows(Tensor values)
    {
        var (rows, columns) = (values.shape[0], values.shape[1]);
        var result = new double[rows, columns];
        Buffer.BlockCopy(values.contiguous().data<double>().ToArray(), 0, result, 0, (int)(rows * columns * sizeof(double)));
        return result;
    }

    /// <summary>Scatter within or between the classes by plain loops; divisor: number of samples.</summary>
    private static double[,] Scatter(TrainingVectors train, bool within)
    {
        var (x, labels) = (Rows(train.Values), train.Labels.data<long>().ToArray());
        var values = x.GetLength(1);
        double Mean(int j, Func<int, bool> where) =>
            Enumerable.Range(0, labels.Length).Where(where).Average(i => x[i, j]);
        var scatter = new double[values, values];
        for (var i = 0; i < labels.Length; i++)
        {
            var own = labels[i];
            var offset = Enumerable.Range(0, values)
                .Select(j => within ? x[i, j] - Mean(j, k => labels[k] == own) : Mean(j, k => labels[k] == own) - Mean(j, _ => true))
                .ToArray();
            for (var a = 0; a < values; a++)
                for (var b = 0; b < values; b++)
                    scatter[a, b] += offset[a] * offset[b] / labels.Length;
        }

        return scatter;
    }

    private static Tensor Tensor(double[,] values) => Matrix(values);

    private static double[] Flat(Tensor values) => values.contiguous().data<double>().ToArray();
}
