using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;

namespace DeviceId.Tests.Notebooks;

[Trait("Speed", "Slow")]
public sealed class PackageRestoreTests
{
    [Fact]
    public void APackageIsRestoredOnceAndASecondVersionIsRefusedByItsName()
    {
        // A package of these tests: it is in the cache, so that no network is needed.
        var packages = new PackageRestore();
        Assert.Contains(packages.Restore("nuget: Newtonsoft.Json, 13.0.3")!.Assemblies,
            path => path.EndsWith("Newtonsoft.Json.dll", StringComparison.Ordinal));
        Assert.Null(packages.Restore("nuget:newtonsoft.json,13.0.3"));
        Assert.Null(packages.Restore("nuget: Newtonsoft.Json"));
        var problem = Assert.Throws<NotebookException>(() => packages.Restore("nuget: Newtonsoft.Json, 12.0.3"));
        Assert.Contains("13.0.3 was added before", problem.Message, StringComparison.Ordinal);
    }
}
