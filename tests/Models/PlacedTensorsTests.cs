using DeviceId.Foundation;

namespace DeviceId.Tests.Models;

/// <summary>No tensor relies on libtorch's default device: the nearest to a run on a GPU that a machine without one allows.</summary>
/// <remarks>
/// The work is done on an explicit CPU device while the default device of the whole process is <c>meta</c>, hence a process of its own
/// (<see cref="PlacedTensorsProcess"/>). Its first test shows that a tensor which nobody placed does not pass.
/// </remarks>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class PlacedTensorsTests
{
    public static TheoryData<string, string> Work { get; } = new MatrixTheoryData<string, string>(
        [
            nameof(PlacedTensorsProcess.AnUnplacedTensorIsCaught), nameof(PlacedTensorsProcess.FeaturesMixturesAndClassifiers),
            nameof(PlacedTensorsProcess.Networks), nameof(PlacedTensorsProcess.Training),
        ],
        ["accelerated", "torch"]);

    [Theory]
    [MemberData(nameof(Work))]
    public async Task EveryTensorIsPutOnTheDeviceOfAnArgument(string work, string backend)
    {
        var (exit, output) = await ChildTest.RunAsync(
            typeof(PlacedTensorsProcess), work, (PlacedTensorsProcess.Asked, "yes"), (ComputeDevice.BackendVariable, backend));
        // A process that finds or asks no test ends well too.
        var isRun = output.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", StringComparison.Ordinal);
        Assert.True(exit == 0 && isRun, $"{work} ({backend}) ended with {exit}:\n{output}");
    }
}
