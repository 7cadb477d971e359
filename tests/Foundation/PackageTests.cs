using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DeviceId.Tests.Foundation;

/// <summary>The library in another project, elsewhere on the disk: as a package and as a project reference.</summary>
[Trait("Speed", "Slow")]
public sealed class PackageTests(PackedLibrary library) : IClassFixture<PackedLibrary>
{
    private const string PackageReference = """<PackageReference Include="DeviceId.Lib" Version="0.1.0" />""";
    private const string CurrentRuntime = "<UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>";

    [Fact]
    public void ThePackageDependsOnNoNativePackage()
    {
        library.SkipWithoutSource();
        var dependencies = XDocument.Parse(ReadEntry("DeviceId.Lib.nuspec")).Descendants().Where(e => e.Name.LocalName == "dependency")
            .ToDictionary(e => e.Attribute("id")!.Value, e => e.Attribute("exclude")?.Value ?? "");
        Assert.DoesNotContain(dependencies.Keys, id => id.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase)
            || id.StartsWith("TorchSharp-", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("Native", dependencies["TorchSharp"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("win-x64")]
    [InlineData("osx-arm64")]
    public void ARuntimeIdentifierAddsItsNativePackageInTheVersionOfTheBuild(string runtime)
    {
        library.SkipWithoutSource();
        using var document = JsonDocument.Parse(ReadEntry("runtime.json"));
        var packages = document.RootElement.GetProperty("runtimes").GetProperty(runtime).GetProperty("DeviceId.Lib");
        var package = Assert.Single(packages.EnumerateObject());
        Assert.Equal($"libtorch-cpu-{runtime}", package.Name);
        var version = XDocument.Load(Path.Combine(TestPaths.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .Single(e => e.Attribute("Include")!.Value == package.Name).Attribute("Version")!.Value;
        Assert.Equal(version, package.Value.GetString());
    }

    [Fact]
    public void ThePackageContainsPlotlyJs()
    {
        library.SkipWithoutSource();
        Assert.Contains("plotly.js", ReadEntry("buildTransitive/plotly.min.js")[..1000], StringComparison.Ordinal);
    }

    [Fact]
    public void ThePackageContainsTheThirdPartyNotices()
    {
        library.SkipWithoutSource();
        var plotly = Regex.Match(ReadEntry("buildTransitive/plotly.min.js")[..1000], @"plotly\.js v([\d.]+)").Groups[1].Value;
        Assert.NotEmpty(plotly);
        Assert.Contains($"**plotly.js** {plotly},", ReadEntry("THIRD-PARTY-NOTICES.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProgramElsewhereRunsByPackageReference()
    {
        var (exit, output) = await library.RunConsumerAsync("byPackage", PackageReference, CurrentRuntime);
        Assert.True(exit == 0, output);
        Assert.Equal(ConsumerProgram.Expected, output.Trim());
    }

    [Fact]
    public async Task AProgramWithoutRuntimeIdentifierGetsAnErrorThatSaysWhatToWrite()
    {
        var (exit, output) = await library.RunConsumerAsync("withoutRuntime", PackageReference);
        Assert.NotEqual(0, exit);
        Assert.Contains("error DEVICEID002", output, StringComparison.Ordinal);
        Assert.Contains(CurrentRuntime, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("byProject", "")]
    [InlineData("byProjectForThisSystem", CurrentRuntime)]
    public async Task AProgramElsewhereRunsByProjectReference(string name, string property)
    {
        var reference = $"""<ProjectReference Include="{library.Project}" />""";
        var (exit, output) = await library.RunConsumerAsync(name, reference, property);
        Assert.True(exit == 0, output);
        Assert.Equal(ConsumerProgram.Expected, output.Trim());
    }

    private string ReadEntry(string name)
    {
        using var package = ZipFile.OpenRead(library.Package);
        var entry = package.GetEntry(name) ?? throw new FileNotFoundException($"{name} is not in the package");
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
