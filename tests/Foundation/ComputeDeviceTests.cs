using System.Runtime.InteropServices;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Foundation;

[Collection(TensorCollection.Name)]
public sealed class ComputeDeviceTests
{
    [Fact]
    public void TheNativeLibraryOfTheBuildLoadsAndComputes()
    {
        ComputeDevice.Load();
        using var product = tensor(new[] { 3f, 4f }).dot(tensor(new[] { 5f, 6f }));
        Assert.Equal(39f, product.item<float>());
    }

    /// <summary>
    /// Reads the variables through the C library, as libgomp does: .NET's own view of the environment does not show them.
    /// </summary>
    [Fact]
    public void LibgompsThreadsSpinBrieflyUnlessTheUserSetsOtherwise()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libgomp is used on Linux only.");
        ComputeDevice.Load();
        var user = Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") ?? Environment.GetEnvironmentVariable("GOMP_SPINCOUNT");
        Assert.SkipWhen(user is not null, "the environment sets it already");
        Assert.Equal(("active", "300"), (ReadNative("OMP_WAIT_POLICY"), ReadNative("GOMP_SPINCOUNT")));
    }

    private static string? ReadNative(string name) => Marshal.PtrToStringUTF8(ReadEnvironment(name));

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint ReadEnvironment(string name);

    [Theory]
    [InlineData("auto")]
    [InlineData("cpu")]
    [InlineData(" CPU ")]
    public void KnownNamesGiveADevice(string name) => Assert.NotNull(ComputeDevice.Choose(name));

    [Theory]
    [InlineData("tpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:one")]
    public void AnUnknownNameIsRefusedWithTheChoices(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => ComputeDevice.Choose(name));
        Assert.Contains("auto, cpu, cuda or cuda:N", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("accelerated", true)]
    [InlineData(" Torch ", false)]
    public void TheBackendVariableSwitchesTheKernelsOff(string? value, bool isAccelerated) =>
        Assert.Equal(isAccelerated, ComputeDevice.IsAcceleratedBy(value));

    [Fact]
    public void AnUnknownBackendIsRefusedWithTheChoices()
    {
        var error = Assert.Throws<InvalidOperationException>(() => ComputeDevice.IsAcceleratedBy("mkl"));
        Assert.Contains("DEVICEID_BACKEND is 'mkl': say torch", error.Message, StringComparison.Ordinal);
    }
}
