using DeviceId.Experiments;
using DeviceId.Foundation;

namespace DeviceId.Tests.Experiments.Costs;

public sealed class CostStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AResultIsFoundForItsExperimentProfileAndCorpusOnly()
    {
        Store.Write(Result([1, 2], [3, 4]));
        var found = Store.Find("06-systems", "standard", "0123456789abcdef")!;
        Assert.Equal([3.0, 4.0], Assert.Single(found.Rows).TrainingSeconds);
        Assert.Null(Store.Find("06-systems", "quick", "0123456789abcdef"));
        Assert.Null(Store.Find("07-ablations", "standard", "0123456789abcdef"));
        Assert.Null(Store.Find("06-systems", "standard", "fedcba9876543210"));
    }

    [Theory]
    [InlineData(new double[] { }, new double[] { }, "it has no measurements")]
    [InlineData(new double[] { 1, 2 }, new double[] { 3 }, "its variants were not measured equally often")]
    [InlineData(new double[] { 1, 0 }, new double[] { 3, 4 }, "a time is not positive")]
    public void ADamagedResultIsNotUsedAndNamed(double[] segments, double[] trainings, string reason)
    {
        Store.Write(Result(segments, trainings));
        var store = Store;
        Assert.Null(store.Find("06-systems", "standard", "0123456789abcdef"));
        Assert.Contains(reason, Assert.Single(store.Damaged), StringComparison.Ordinal);
    }

    private CostStore Store => new(_folder.Path);

    private static CostResult Result(double[] segments, double[] trainings) => new(
        "06-systems", "standard", "0123456789abcdef", new RunEnvironment("machine", "cpu", 1, "system", "runtime", "torch"),
        DateTime.UnixEpoch, [new CostRow("key", "PSTNN", TrialOutput.Deep, segments, trainings)]);
}
