using DeviceId.Foundation;

namespace DeviceId.Tests.Models;

/// <summary>No tensor relies on libtorch's default device: the closest to a GPU test that is possible without a GPU.</summary>
/// <remarks>
/// The code runs with an explicit CPU device while the default device of the process is <c>meta</c>, hence in a child process
/// (<see cref="PlacedTensorsProcess"/>). Its first test shows that a tensor without an explicit device is detected.
/// </remarks>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class PlacedTensorsTests
{
    public static TheoryData<string, string> Work { get; } = new MatrixTheoryData<string, string>(
        [
            nameof(PlacedTensorsProcess.AnUnplacedTensorIsCaught), nameof(PlacedTensorsProcess.FeaturesMixturesAndClassifiers),
            nameof(PlacedTensorsProcess.Networks), nameof(PlacedTensorsProcess.Training),
            nameof(PlacedTensorsProcess.DeepFeaturesAndClustering),
        ],
        ["accelerated", "torch"]);

    [Theory]
    [MemberData(nameof(Work))]
    public async Task EveryTensorIsOnTheDeviceThatWasPassed(string work, string backend)
    {
        var (exit, output) = await ChildTest.RunAsync(
            typeof(PlacedTensorsProcess), work, (PlacedTensorsProcess.Variable, "yes"), (ComputeDevice.BackendVariable, backend));
        // The exit code is 0 too if no test was found or all were skipped.
        var hasRun = output.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", StringComparison.Ordinal);
        Assert.True(exit == 0 && hasRun, $"{work} ({backend}) ended with {exit}:\n{output}");
    }
}
