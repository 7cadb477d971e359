namespace DeviceId.Tests.Foundation;

public sealed class BuildTests
{
    [Fact]
    public void OurCopyOfTheNativeLibraryIsNeverTheOneInThePackageCache()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("the patch concerns Linux only");
        var ours = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        Assert.True(File.Exists(ours), $"{ours} is missing: natives must lie flat beside the assemblies");
        Assert.Null(new FileInfo(ours).LinkTarget);
    }
}
