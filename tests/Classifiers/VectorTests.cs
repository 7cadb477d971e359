using DeviceId.Classifiers;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Mixtures;
using static DeviceId.Tests.Classifiers.ProjectionTests;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>The vectors of segments against plain loops, and what they do to a constant channel.</summary>
[Collection(TensorCollection.Name)]
public sealed class VectorTests
{
    [Fact]
    public void MonomialsAreThoseOfThreeNestedLoops()
    {
        using var scope = NewDisposeScope();
        double[] x = [2, 3, -5, 7];
        var expected = new List<double> { 1 };
        expected.AddRange(x);
        for (var i = 0; i < 4; i++)
            for (var j = i; j < 4; j++)
                expected.Add(x[i] * x[j]);
        for (var i = 0; i < 4; i++)
            for (var j = i; j < 4; j++)
                for (var k = j; k < 4; k++)
                    expected.Add(x[i] * x[j] * x[k]);
        Assert.Equal(expected, Monomials.Expand(tensor(x, device: CPU), 3).data<double>().ToArray());
        Assert.Equal([5L, 15, 35], new[] { 1, 2, 3 }.Select(degree => Monomials.Count(4, degree)));
        Assert.Equal(560, Monomials.Count(13, 3));
    }

    [Fact]
    public void AMonomialVectorIsTheMeanOverTheFramesDividedByTheRootOfItsSecondMoment()
    {
        using var scope = NewDisposeScope();
        using var devices = new DeviceSamples();
        using var train = devices.Train(each: 2);
        var options = new MonomialOptions { Columns = 2, Degree = 2 };
        using var monomials = options.Fit(train, devices.Context, null, default);
        using var batch = new SampleBatch(train.Supervectors.alias(), train.Segments.alias());
        var vector = monomials.Compute(batch, default)[3];
        var frames = train.Segments.reshape(-1, DeviceSamples.Columns).to(ScalarType.Float64);
        double[] Column(Tensor x, int c) => x.select(1, c).contiguous().data<double>().ToArray();
        double[] Standardised(Tensor x, int c)
        {
            var all = Column(frames, c);
            var (mean, deviation) = (all.Average(), Math.Sqrt(all.Average(v => Math.Pow(v - all.Average(), 2))));
            return [.. Column(x, c).Select(v => (v - mean) / deviation)];
        }

        double Value(Func<double, double, double> monomial)
        {
            double Mean(Tensor x, Func<double, double> of) => Standardised(x, 0).Zip(Standardised(x, 1), monomial).Average(of);
            return Mean(train.Segments[3].to(ScalarType.Float64), v => v) / Math.Sqrt(Mean(frames, v => v * v));
        }

        // Frames are float32; their sums are float64.
        AssertClose(
            [Value((_, _) => 1), Value((a, _) => a), Value((_, b) => b), Value((a, _) => a * a), Value((a, b) => a * b),
                Value((_, b) => b * b)],
            vector, 1e-6);
    }

    [Fact]
    public void AConstantChannelIsKeptInTheMeansOfFramesAndLostInTheirStandardDeviations()
    {
        using var scope = NewDisposeScope();
        using var devices = new DeviceSamples();
        using var train = devices.Train(sentences: 1);
        using var mean = new FrameMeanOptions { StandardDeviation = true }.Fit(train, devices.Context, null, default);
        var filter = tensor(new float[] { 1, -2, 0.5f, 4 }, device: CPU);
        using var clean = new SampleBatch(train.Supervectors.alias(), train.Segments.alias());
        using var filtered = new SampleBatch(train.Supervectors.alias(), train.Segments + filter);
        var difference = mean.Compute(filtered, default) - mean.Compute(clean, default);

        // Frames are float32 of size 10.
        AssertClose([1, -2, 0.5, 4, 0, 0, 0, 0], difference[0], 1e-5);
    }

    [Fact]
    public void AnIVectorIsTheMeanOfItsPosteriorByPlainLoops()
    {
        using var scope = NewDisposeScope();
        using var devices = new DeviceSamples();
        using var train = devices.Train(each: 2);
        using var extractor = new IVectorOptions { Rank = 2, Iterations = 2 }.Fit(train, devices.Context, null, default);
        using var batch = new SampleBatch(train.Supervectors.alias(), train.Segments.alias());
        var vector = extractor.Compute(batch, default)[5].data<double>().ToArray();
        var background = devices.Background;
        var frames = Rows(train.Segments[5].to(ScalarType.Float64));
        var posteriors = Rows(background.Posteriors(train.Segments[5]));
        var (means, variances) = (Rows(background.Means), Rows(background.Variances));
        var t = extractor.State[3].Tensor;
        double[,] precision = { { 1, 0 }, { 0, 1 } };
        var right = new double[2];
        for (var c = 0; c < 3; c++)
            for (var f = 0; f < DeviceSamples.Frames; f++)
                for (var j = 0; j < DeviceSamples.Columns; j++)
                {
                    double[] row = [t[c, j, 0].item<double>(), t[c, j, 1].item<double>()];
                    for (var a = 0; a < 2; a++)
                    {
                        right[a] += posteriors[f, c] * row[a] * (frames[f, j] - means[c, j]) / Math.Sqrt(variances[c, j]);
                        for (var b = 0; b < 2; b++)
                            precision[a, b] += posteriors[f, c] * row[a] * row[b];
                    }
                }

        var determinant = (precision[0, 0] * precision[1, 1]) - (precision[0, 1] * precision[1, 0]);
        Assert.Equal(((right[0] * precision[1, 1]) - (right[1] * precision[0, 1])) / determinant, vector[0], 1e-8);
        Assert.Equal(((right[1] * precision[0, 0]) - (right[0] * precision[1, 0])) / determinant, vector[1], 1e-8);
    }

    [Fact]
    public void EveryIterationOfTheTotalVariabilityRaisesTheLikelihood()
    {
        using var scope = NewDisposeScope();
        using var devices = new DeviceSamples();
        using var train = devices.Train();
        using var statistics = new SegmentStatistics(devices.Background, CPU);
        var (counts, sums) = statistics.Compute(train.Segments, default);
        Assert.Equal(DeviceSamples.Frames, counts[0].sum().item<double>(), 1e-9);

        // ln p of the first-order statistics, up to a term without T: (F'T L^-1 T'F - ln |L|) / 2, each sample by itself.
        double LogLikelihood(Tensor t)
        {
            var sum = 0.0;
            for (var i = 0; i < train.Count; i++)
            {
                var precision = eye(t.shape[2], dtype: ScalarType.Float64, device: CPU);
                var right = zeros([t.shape[2], 1], ScalarType.Float64, CPU);
                for (var c = 0; c < 3; c++)
                {
                    precision = precision + (counts[i, c] * t[c].t().mm(t[c]));
                    right = right + t[c].t().mm(sums[i, c].unsqueeze(1));
                }

                var determinant = linalg.slogdet(precision).Item2.item<double>();
                sum += (right.t().mm(linalg.inv(precision)).mm(right).item<double>() - determinant) / 2;
            }

            return sum;
        }

        var matrix = TotalVariability.Fit(counts, sums, 2, 1, 1, null, default);
        for (var i = 0; i < 4; i++)
        {
            var next = TotalVariability.Iterate(matrix, counts, sums, default);
            var (before, after) = (LogLikelihood(matrix), LogLikelihood(next));
            Assert.True(after >= before - 1e-6, $"iteration {i}: {before} -> {after}");
            matrix = next;
        }
    }

    public static TheoryData<VectorOptions, string> Unusable => new()
    {
        { new IVectorOptions { Rank = 0 }, "Rank is 0" },
        { new IVectorOptions { Iterations = 0 }, "Iterations is 0" },
        { new MonomialOptions { Columns = 0 }, "Columns is 0" },
        { new MonomialOptions { Degree = 4 }, "Degree is 4" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void UnusableSettingsAreExplained(VectorOptions options, string problem) =>
        Assert.Contains(problem, Assert.Single(new VectorClassifierOptions { Vectors = options }.Problems()), StringComparison.Ordinal);

    public static TheoryData<VectorOptions, FrontEndOptions, string> RejectedFrontEnds => new()
    {
        { new SupervectorOptions(), new FrontEndOptions { WithSupervectors = false }, "WithSupervectors is off" },
        { new IVectorOptions(), new FrontEndOptions { WithSupervectors = false, StandardiseSegments = false }, "WithSupervectors is off" },
        { new IVectorOptions(), new FrontEndOptions(), "switch StandardiseSegments off" },
        { new MonomialOptions { Columns = 60 }, new FrontEndOptions().WithMfcc(m => m with { Coefficients = 20 }), "use fewer columns" },
    };

    [Theory]
    [MemberData(nameof(RejectedFrontEnds))]
    public void AFrontEndThatCannotBeUsedIsExplained(VectorOptions options, FrontEndOptions frontEnd, string problem) =>
        Assert.Contains(problem, Assert.Single(new VectorClassifierOptions { Vectors = options }.ProblemsWith(frontEnd)),
            StringComparison.Ordinal);
}
