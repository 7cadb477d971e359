using DeviceId.Foundation;

namespace DeviceId.Tests.Acceleration;

/// <summary>With the switch, nothing hand-written runs: seen by what the runtime compiles in a process that does everything once.</summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class SwitchedOffTests
{
    /// <summary>The door, its table, and the layers, whose forward methods choose and whose references are calls of libtorch.</summary>
    private static readonly string[] Allowed = ["Backend", "Kernels", "Layers.AcceleratedLinear", "Layers.AcceleratedLstm",
        "Layers.ConvReluPool"];

    [Fact]
    public async Task WithTheSwitchNoTypeOfTheFolderRunsButItsDoorAndTheReferences()
    {
        var run = await TypesThatRun("torch");
        Assert.Contains("Backend", run);
        Assert.Contains("Layers.AcceleratedLstm", run);
        Assert.Empty(run.Except(Allowed));
    }

    [Fact]
    public async Task WithoutTheSwitchTheSameWorkIsSeenToUseTheKernels()
    {
        var run = await TypesThatRun("accelerated");
        string[] some = ["Layers.LstmKernel", "Layers.PairConvolution", "Layers.GlobalPoolConvolution", "Optimiser.AdamKernel",
            "MatrixMultiply.SmallBatchGemm",
            "Mixtures.FrameStatistics", "Fourier.FourierTransform"];
        Assert.Empty(some.Except(run));
    }

    /// <summary>Names below DeviceId.Acceleration, without their type arguments.</summary>
    private static async Task<IReadOnlyList<string>> TypesThatRun(string backend)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("types");
        var (exit, output) = await ChildTest.RunAsync(
            typeof(SwitchedOffProcess), nameof(SwitchedOffProcess.DoesEverythingOnce), (SwitchedOffProcess.FileVariable, file),
                (ComputeDevice.BackendVariable, backend));
        Assert.True(exit == 0 && File.Exists(file), $"the process ended with {exit}:\n{output}");
        return File.ReadAllLines(file);
    }
}
