namespace DeviceId.Tests.Foundation;

public sealed class BuildTests
{
    [Fact]
    public void TheNativeLibraryIsACopyAndNotALinkIntoThePackageCache()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("the patch concerns Linux only");
        var library = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        Assert.True(File.Exists(library), $"{library} is missing: native libraries must lie beside the assemblies");
        Assert.Null(new FileInfo(library).LinkTarget);
    }
}
