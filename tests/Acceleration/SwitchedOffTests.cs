using DeviceId.Foundation;

namespace DeviceId.Tests.Acceleration;

/// <summary>Switched off, no kernel runs: checked by the types that the JIT compiles in a process that runs everything once.</summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class SwitchedOffTests
{
    /// <summary>The types that choose the backend, and the layers, whose forward and reference methods are in the same class.</summary>
    private static readonly string[] Allowed =
        ["Backend", "Kernels", "Layers.AcceleratedLinear", "Layers.AcceleratedLstm", "Layers.ConvReluPool"];

    [Fact]
    public async Task SwitchedOffNoTypeOfTheFolderRunsExceptTheBackendAndTheReferences()
    {
        var run = await TypesThatRun("torch");
        Assert.Contains("Backend", run);
        Assert.Contains("Layers.AcceleratedLstm", run);
        Assert.Empty(run.Except(Allowed));
    }

    [Fact]
    public async Task NotSwitchedOffTheSameWorkUsesTheKernels()
    {
        var run = await TypesThatRun("accelerated");
        string[] expected =
        [
            "Layers.LstmKernel", "Layers.PairConvolution", "Layers.GlobalPoolConvolution", "Optimiser.AdamKernel",
            "MatrixMultiply.SmallBatchGemm", "Mixtures.FrameStatistics", "Fourier.FourierTransform",
        ];
        Assert.Empty(expected.Except(run));
    }

    /// <summary>Names relative to DeviceId.Acceleration, without type arguments.</summary>
    private static async Task<IReadOnlyList<string>> TypesThatRun(string backend)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("types");
        var (exit, output) = await ChildTest.RunAsync(
            typeof(SwitchedOffProcess), nameof(SwitchedOffProcess.RunsEverythingOnce), (SwitchedOffProcess.FileVariable, file),
            (ComputeDevice.BackendVariable, backend));
        Assert.True(exit == 0 && File.Exists(file), $"the process ended with {exit}:\n{output}");
        return File.ReadAllLines(file);
    }
}
