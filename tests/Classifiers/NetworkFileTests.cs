using DeviceId.Classifiers;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Tests.Models;
using DeviceId.Tests.Training;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>The description in a network's file is checked against the tensors in it.</summary>
[Collection(TensorCollection.Name)]
public sealed class NetworkFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Wrong descriptions; most would take gigabytes if the network were built before the comparison.</summary>
    public static TheoryData<string, string> Claims => new()
    {
        { "\"embedding\":20", "\"embedding\":200000" },
        { "\"frames\":5", "\"frames\":10000000" },
        { "\"components\":16", "\"components\":16000000" },
        { "\"lstmUnits\":[3,", "\"lstmUnits\":[300000," },
        { "\"lstmUnits\":[3,4]", "\"lstmUnits\":[3,400000]" },
        { "\"devices\":3", "\"devices\":2000000000" },
        { "\"embedding\":20", "\"embedding\":21" },
    };

    [Theory]
    [MemberData(nameof(Claims))]
    public void ADescriptionThatDoesNotMatchTheTensorsIsRefusedBeforeMemoryIsAllocated(string truth, string claim)
    {
        using var scope = NewDisposeScope();
        using var data = TrainingSamples.Make();
        using var system = new NetworkClassifier(Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1),
            TrainingSamples.Options with { Epochs = 1 }, CPU);
        system.Fit(data);
        var (about, tensors) = system.Contents();

        // The unchanged description is accepted.
        using (var same = NetworkClassifier.Restore("model", about, tensors, CPU))
            Assert.Equal(system.Network.Settings, same.Network.Settings);
        Assert.Contains(truth, about, StringComparison.Ordinal);
        var before = GC.GetTotalAllocatedBytes() + Environment.WorkingSet;
        var error = Assert.Throws<ModelFileException>(() =>
            NetworkClassifier.Restore("model", about.Replace(truth, claim, StringComparison.Ordinal), tensors, CPU));
        Assert.Contains("do not match the network that it describes", error.Message, StringComparison.Ordinal);

        // 1 GiB is far less than the wrong descriptions need, and far more than the rest of the test needs.
        Assert.InRange(GC.GetTotalAllocatedBytes() + Environment.WorkingSet - before, long.MinValue, 1L << 30);
    }

    [Theory]
    [InlineData("\"version\":3", "\"version\":2")]
    [InlineData("\"version\":3,", "")]
    public void AnEarlierFormatIsRefusedWithWhatToDo(string now, string then)
    {
        using var scope = NewDisposeScope();
        using var data = TrainingSamples.Make();
        using var system = new NetworkClassifier(Pstnn.Create(TinyNetwork.Options, TinyNetwork.Shape, 1),
            TrainingSamples.Options with { Epochs = 1 }, CPU);
        system.Fit(data);
        var (about, tensors) = system.Contents();
        Assert.Contains(now, about, StringComparison.Ordinal);
        var error = Assert.Throws<ModelFileException>(() =>
            NetworkClassifier.Restore("old.model", about.Replace(now, then, StringComparison.Ordinal), tensors, CPU));
        Assert.StartsWith("old.model: it holds a network in the format of another version", error.Message, StringComparison.Ordinal);
        Assert.Contains("train the network again", error.Message, StringComparison.Ordinal);
    }
}
