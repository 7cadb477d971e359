using DeviceId.Reporting;
using static DeviceId.Tests.Reporting.Article.Digests;

namespace DeviceId.Tests.Reporting.Article;

/// <summary>Costs are compared between trials of the same split, seed and machine, and noise is called noise.</summary>
public sealed class CostTablesTests
{
    [Fact]
    public void RatiosAreThoseOfPairsSoTheNoiseThatATrialSharesWithItsPairCancels()
    {
        // Both variants' trials take 1 to 4 times as long; each pair has the ratio 1/2.
        var row = Assert.Single(new CostTables([Experiment("one", -10)]).Tables()).Rows[1];
        Assert.Equal(
            ["one variant", "1,000", "4.0 (2.0 to 8.0)", "0.50 (0.50 to 0.50)", "100.0 (50.0 to 200.0)", "0.50 (0.50 to 0.50)", "4"], row);
    }

    [Fact]
    public void RatiosOnBothSidesOfOneAreNoise()
    {
        var experiment = Experiment("one", -10);
        var (reference, variant) = (experiment.Variants[0], experiment.Variants[1]);
        var mixed = variant with { Trials = [variant.Trials[0] with { TrainingSeconds = 300 }, .. variant.Trials.Skip(1)] };
        var row = Assert.Single(new CostTables([experiment with { Variants = [reference, mixed] }]).Tables()).Rows[1];
        Assert.Equal("noise (0.50 to 3.00)", row[5]);
        Assert.Equal("0.50 (0.50 to 0.50)", row[3]);
    }

    [Fact]
    public void TrialsOfDifferentMachinesAreNotCompared()
    {
        var experiment = Experiment("one", -10);
        var (reference, variant) = (experiment.Variants[0], experiment.Variants[1]);
        var elsewhere = variant with { Trials = [.. variant.Trials.Select(trial => trial with { Pair = "other machine" })] };
        var row = Assert.Single(new CostTables([experiment with { Variants = [reference, elsewhere] }]).Tables()).Rows[1];
        Assert.Equal("no pair", row[5]);
    }

    [Fact]
    public void TheNoiseOfTheMachineIsSaid() =>
        Assert.Contains("the slowest takes 4.0 times as long to train as the fastest", new CostTables([Experiment("one", -10)]).Method(),
            StringComparison.Ordinal);
}
