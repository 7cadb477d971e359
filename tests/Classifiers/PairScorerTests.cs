using DeviceId.Classifiers;
using DeviceId.Data;
using DeviceId.Foundation;
using static DeviceId.Tests.Classifiers.ProjectionTests;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>KISS metric and PLDA: decisions that also compare vectors of devices that were never trained.</summary>
[Collection(TensorCollection.Name)]
public sealed class PairScorerTests
{
    [Fact]
    public void PairCovariancesAreTheMeansOverAllPairs()
    {
        using var scope = NewDisposeScope();
        var train = Random(samples: 11, values: 3, classes: 3);
        var (same, different) = KissMetric.PairCovariances(train);
        var (x, labels) = (Rows(train.Values), train.Labels.data<long>().ToArray());
        foreach (var (expectSame, actual) in new[] { (true, same), (false, different) })
        {
            var (sum, pairs) = (new double[9], 0);
            for (var i = 0; i < 11; i++)
                for (var j = i + 1; j < 11; j++)
                {
                    if (labels[i] == labels[j] != expectSame)
                        continue;
                    pairs++;
                    for (var ab = 0; ab < 9; ab++)
                        sum[ab] += (x[i, ab / 3] - x[j, ab / 3]) * (x[i, ab % 3] - x[j, ab % 3]);
                }

            AssertClose([.. sum.Select(value => value / pairs)], actual, 1e-9);
        }
    }

    [Fact]
    public void TheKissMetricIgnoresDirectionsInWhichDevicesDoNotDiffer()
    {
        using var scope = NewDisposeScope();

        // Means differ along the first axis only; along the second all samples vary equally.
        var random = new SplitMix64(3);
        var values = new double[400, 2];
        for (var i = 0; i < 400; i++)
            (values[i, 0], values[i, 1]) = ((i % 20) + (0.1 * random.Normal()), random.Normal());
        var train = Vectors(values, [.. Enumerable.Range(0, 400).Select(i => (long)(i % 20))]);
        using var decision = new KissMetricOptions { Shrinkage = 0 }.Fit(train, null, default);
        var scorer = Assert.IsAssignableFrom<IPairScorer>(decision);
        var origin = Matrix(new[,] { { 50.0, 0 } });
        var scores = scorer.PairScores(origin, Matrix(new[,] { { 50.0, 0 }, { 50.5, 0 }, { 50, 0.5 } }));
        Assert.Equal(0, scores[0, 0].item<double>());

        // 1 / (2 x 0.01) - 1 / (2 x 33.5) along the first axis: 0.25 x 50; sampling error of 400 values below 15 %.
        Assert.InRange(scores[0, 1].item<double>(), -12.5 * 1.15, -12.5 * 0.85);
        Assert.InRange(scores[0, 2].item<double>(), -0.1, 0);
    }

    [Fact]
    public void PldaScoresAreRatiosOfNormalDensities()
    {
        using var scope = NewDisposeScope();
        var train = Random(samples: 30, values: 3, classes: 4);
        using var decision = Assert.IsType<Plda>(new PldaOptions().Fit(train, null, default));
        var (axes, mean) = (decision.State[1].Tensor, decision.State[0].Tensor);
        var inverse = linalg.inv(axes);
        var within = inverse.t().mm(inverse);
        var between = (inverse.t() * decision.State[2].Tensor).mm(inverse);
        var test = Random(samples: 3, values: 3, classes: 4, seed: 12).Values - mean;

        // Same y: the test vector and the n training vectors of the device are jointly normal, with the blocks B + W on and B off the
        // diagonal. ln p(all together) - ln p(test vector) - ln p(training vectors).
        double LogDensity(Tensor vectors)
        {
            var n = vectors.shape[0];
            var covariance = ones([n, n], ScalarType.Float64, CPU).kron(between)
                + eye(n, dtype: ScalarType.Float64, device: CPU).kron(within);
            var x = vectors.reshape(-1, 1);
            return -0.5 * (x.t().mm(linalg.inv(covariance)).mm(x).item<double>() + linalg.slogdet(covariance).Item2.item<double>()
                + (3 * n * Math.Log(2 * Math.PI)));
        }

        double Ratio(Tensor one, Tensor others) => LogDensity(cat([one, others], 0)) - LogDensity(one) - LogDensity(others);
        var scores = decision.Scores(test + mean, default);
        var pairs = decision.PairScores(test + mean, test + mean);
        for (var i = 0; i < 3; i++)
        {
            for (var c = 0; c < 4; c++)
            {
                var own = train.Values.index_select(0, train.Labels.eq(c).nonzero().squeeze(1)) - mean;
                Assert.Equal(Ratio(test.narrow(0, i, 1), own), scores[i, c].item<double>(), 1e-6);
            }

            for (var j = 0; j < 3; j++)
                Assert.Equal(Ratio(test.narrow(0, i, 1), test.narrow(0, j, 1)), pairs[i, j].item<double>(), 1e-6);
        }
    }

    [Fact]
    public void ThePldaTrainingFindsTheCovariancesThatVectorsWereDrawnWith()
    {
        using var scope = NewDisposeScope();
        var random = new SplitMix64(5);
        const int Devices = 400, Each = 5;
        var values = new double[Devices * Each, 2];
        for (var c = 0; c < Devices; c++)
        {
            var (y0, y1) = (2 * random.Normal(), 0.5 * random.Normal());
            for (var i = c * Each; i < (c + 1) * Each; i++)
                (values[i, 0], values[i, 1]) = (y0 + (0.5 * random.Normal()), y1 + random.Normal());
        }

        var train = Vectors(values, [.. Enumerable.Range(0, Devices * Each).Select(i => (long)(i / Each))]);
        var (axes, between) = TwoCovarianceModel.Fit(train, 30, default);
        var inverse = linalg.inv(axes);

        // W = diag(0.25, 1), B = diag(4, 0.25). Standard error of a variance from 400 devices: 7 %; of 1600 degrees of freedom: 3.5 %.
        var (within, covariance) = (inverse.t().mm(inverse), (inverse.t() * between).mm(inverse));
        AssertClose([0.25, 0, 0, 1], within, 0.12);
        Assert.InRange(covariance[0, 0].item<double>(), 3.2, 4.8);
        Assert.InRange(covariance[1, 1].item<double>(), 0.15, 0.35);
        Assert.InRange(covariance[0, 1].item<double>(), -0.25, 0.25);
    }

    [Theory]
    [InlineData("KISS metric", true)]
    [InlineData("PLDA", true)]
    [InlineData("nearest mean, cosine", true)]
    [InlineData("SVM", false)]
    public void PairsOfUnknownDevicesAreTold(string kind, bool comparesPairs)
    {
        using var scope = NewDisposeScope();
        using var known = new DeviceSamples(devices: 12, seed: 2);
        using var train = known.Train();
        using var classifier = new VectorClassifier(VectorClassifierKinds.All[kind], known.Context);
        var (early, _) = known.Test();
        Assert.Throws<InvalidOperationException>(() => classifier.PairScores(early, early));
        classifier.Fit(train);

        // Other devices, on the same background model.
        using var unknown = new DeviceSamples(devices: 6, seed: 77);
        var (one, labels) = unknown.Test();
        using var oneOfKnown = new SampleBatch(known.Supervectors(one.Segments), one.Segments);
        if (!comparesPairs)
        {
            Assert.Contains("does not compare", Assert.Throws<NotSupportedException>(
                () => classifier.PairScores(oneOfKnown, oneOfKnown)).Message, StringComparison.Ordinal);
            return;
        }

        var scores = classifier.PairScores(oneOfKnown, oneOfKnown);
        var same = labels.unsqueeze(0).eq(labels.unsqueeze(1));
        var (ofSame, ofDifferent) = (scores.masked_select(same), scores.masked_select(same.logical_not()));

        // Area under the curve: the probability that a pair of one device scores above a pair of two.
        var area = ofSame.unsqueeze(1).gt(ofDifferent.unsqueeze(0)).to(ScalarType.Float64).mean().item<double>();
        Assert.InRange(area, 0.9, 1);
    }

    [Fact]
    public void UnusableSettingsAreExplained()
    {
        Assert.Contains("Shrinkage is 3", Assert.Single(new KissMetricOptions { Shrinkage = 3 }.Problems()), StringComparison.Ordinal);
        Assert.Contains("Iterations is 0", Assert.Single(new PldaOptions { Iterations = 0 }.Problems()), StringComparison.Ordinal);
    }
}
