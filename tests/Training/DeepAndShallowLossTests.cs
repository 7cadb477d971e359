using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Tests.Training;

[Collection(TensorCollection.Name)]
public sealed class DeepAndShallowLossTests
{
    private static readonly double[] Spatial = [2, 0, -1], Temporal = [0, 0, 0], Deep = [-1, 3, 0.5];

    [Theory]
    [InlineData(0.25, 0.5, 0.25)]
    [InlineData(1, 0, 0)]
    [InlineData(0, 0, 1)]
    public void TheLossIsTheWeightedSumOfThreeCrossEntropies(double spatial, double temporal, double deep)
    {
        using var scope = NewDisposeScope();
        var loss = new DeepAndShallowLoss(new DeepAndShallowLossOptions(spatial, temporal, deep))
            .Compute(MakeOutput(Spatial, Temporal, Deep), tensor(new[] { 1L }));
        // One sample of class 1, in double precision: rounding only.
        Assert.Equal(spatial * CrossEntropy(Spatial) + temporal * Math.Log(3) + deep * CrossEntropy(Deep), loss.item<double>(), 1e-12);
    }

    [Fact]
    public void TheWeightOfAMissingOutputIsDistributedOverTheOthersInProportion()
    {
        using var scope = NewDisposeScope();
        var loss = new DeepAndShallowLoss(DeepAndShallowLossOptions.Paper).Compute(MakeOutput(null, Temporal, Deep), tensor(new[] { 1L }));
        Assert.Equal(2 / 3.0 * Math.Log(3) + 1 / 3.0 * CrossEntropy(Deep), loss.item<double>(), 1e-12);
    }

    [Fact]
    public void WeightOnMissingOutputsAloneIsRefused()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => new DeepAndShallowLoss(new DeepAndShallowLossOptions(1, 0, 0))
            .Compute(MakeOutput(null, Temporal, Deep), tensor(new[] { 1L })));
        Assert.Contains("1 : 0 : 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsAreNotNegativeAndAddUpToOne()
    {
        Assert.Empty(DeepAndShallowLossOptions.Paper.Problems());
        Assert.Single(new DeepAndShallowLossOptions(0.5, 0.5, 0.5).Problems());
        Assert.Single(new DeepAndShallowLossOptions(-0.5, 1, 0.5).Problems());
        Assert.Equal(2, new DeepAndShallowLossOptions(double.NaN, 0, 1).Problems().Count());
        Assert.Equal(DeepAndShallowLossOptions.Paper, Json.Read<DeepAndShallowLossOptions>(Json.Write(DeepAndShallowLossOptions.Paper)));
    }

    private static PstnnOutput MakeOutput(double[]? spatial, double[]? temporal, double[] deep) =>
        new(spatial is null ? null : tensor(spatial).unsqueeze(0), temporal is null ? null : tensor(temporal).unsqueeze(0),
            tensor(deep).unsqueeze(0));

    private static double CrossEntropy(double[] logits) => Math.Log(logits.Sum(Math.Exp)) - logits[1];
}
