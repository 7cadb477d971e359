using DeviceId.Classifiers;
using static DeviceId.Tests.Classifiers.ProjectionTests;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>Decisions against values computed by hand or by plain loops.</summary>
[Collection(TensorCollection.Name)]
public sealed class DecisionTests
{
    [Fact]
    public void NearestMeanScoresByDistanceOrCosine()
    {
        using var scope = NewDisposeScope();
        var train = Vectors(new[,] { { 1.0, 0 }, { 3, 0 }, { 0, 4 } }, [0, 0, 1]);
        var test = Matrix(new[,] { { 3.0, 4 }, { 0, 0 } });
        using var distance = new NearestMeanOptions().Fit(train, null, default);
        AssertClose([-17, -9, -4, -16], distance.Scores(test, default), 1e-12);
        using var cosine = new NearestMeanOptions { Cosine = true }.Fit(train, null, default);
        AssertClose([0.6, 0.8, 0, 0], cosine.Scores(test, default), 1e-12);
    }

    [Fact]
    public void GaussianDiscriminantScoresAreLogLikelihoodsUpToACommonTerm()
    {
        using var scope = NewDisposeScope();
        var train = Random(samples: 50, values: 3, classes: 3);
        using var decision = new GaussianDiscriminantOptions { Shrinkage = 0 }.Fit(train, null, default);
        var test = Random(samples: 6, values: 3, classes: 3, seed: 8).Values;
        var scores = decision.Scores(test, default);

        // -(x - m)'W^-1 (x - m) / 2 by a general solver; differences between classes must agree.
        var (means, within) = (train.Means(), train.WithinScatter());
        var expected = stack(Enumerable.Range(0, 3).Select(c =>
        {
            var offsets = test - means[c];
            return -(linalg.inv(within).mm(offsets.t()).t() * offsets).sum([1]) / 2;
        }).ToArray(), 1);
        var difference = (scores - scores.mean([1], keepdim: true)) - (expected - expected.mean([1], keepdim: true));

        // The ridge of the covariance is a relative 1e-9.
        Assert.True(difference.abs().max().item<double>() < 1e-6);
    }

    public static TheoryData<DecisionOptions, string> Unusable => new()
    {
        { new GaussianDiscriminantOptions { Shrinkage = -1 }, "Shrinkage is -1" },
        { new SvmDecisionOptions { Penalties = [] }, "Penalties is empty" },
        { new SvmDecisionOptions { Penalties = [0] }, "A value of Penalties is 0" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void UnusableSettingsAreExplained(DecisionOptions options, string problem) =>
        Assert.Contains(problem, Assert.Single(new VectorClassifierOptions { Decision = options }.Problems()), StringComparison.Ordinal);
}
