using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DeviceId.Notebooks.Format;
using DeviceId.Tests.Notebooks.Referee;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Foundation;

/// <summary>The library in another project, elsewhere on the disk: as a package and as a project reference.</summary>
[Trait("Speed", "Slow")]
public sealed class PackageTests(PackedLibrary library) : IClassFixture<PackedLibrary>
{
    private const string PackageReference = $"""<PackageReference Include="DeviceId.Lib" Version="{PackedLibrary.Version}" />""";
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
    public void ThePackageContainsPlotlyJsAndTheFontWithItsLicence()
    {
        library.SkipWithoutSource();
        Assert.Contains("plotly.js", ReadEntry("buildTransitive/plotly.min.js")[..1000], StringComparison.Ordinal);
        Assert.Contains("SIL Open Font License", ReadEntry("buildTransitive/Inter-Regular.ttf").Replace("\0", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ThePackageContainsTheThirdPartyNotices()
    {
        library.SkipWithoutSource();
        var plotly = Regex.Match(ReadEntry("buildTransitive/plotly.min.js")[..1000], @"plotly\.js v([\d.]+)").Groups[1].Value;
        Assert.NotEmpty(plotly);
        Assert.Contains($"**plotly.js** {plotly},", ReadEntry("THIRD-PARTY-NOTICES.md"), StringComparison.Ordinal);
        Assert.Contains("**Inter** 3.019,", ReadEntry("THIRD-PARTY-NOTICES.md"), StringComparison.Ordinal);
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

    [Theory]
    [InlineData("own")]
    [InlineData("dotnet-interactive")]
    public async Task ANotebookThatNamesThePackageHasTensorsTablesAndCharts(string engine)
    {
        if (engine != "own")
            await RefereeRuns.SkipWithoutToolAsync();
        var executed = await library.RunNotebookAsync(engine,
            Code($"#r \"nuget: DeviceId.Lib, {PackedLibrary.Version}\""),
            Code("TorchSharp.torch.ones(2, 3).sum().item<float>().ToString()"),
            Code("new Microsoft.Data.Analysis.DataFrame(new Microsoft.Data.Analysis.SingleDataFrameColumn(\"p\", new float[] { 1, 2 }))"),
            Code("XPlot.Plotly.Chart.Line(new[] { 1, 2, 3 })"),
            Code("System.IO.File.ReadLines(\"/proc/self/maps\").First(line => line.EndsWith(\"/libLibTorchSharp.so\")).Split(' ')[^1]"));
        Assert.Equal("6", Result(executed, 1)["text/plain"]);
        Assert.Contains("<table", Result(executed, 2)["text/html"], StringComparison.Ordinal);
        Assert.Contains("deviceid-chart", Result(executed, 3)["text/html"], StringComparison.Ordinal);

        // Loaded first, and not from the copy of libtorch that TorchSharp itself would have made in the package folder.
        var loaded = Result(executed, 4)["text/plain"];
        var package = Path.GetFullPath(Path.Combine(loaded, "..", "..", "..", ".."));
        var mended = Path.Combine(library.Cache, "deviceid", $"torchsharp-{TorchVersion}", "libLibTorchSharp.so");
        Assert.True(loaded == mended || (!File.Exists(mended) && Path.GetFileName(package) == TorchVersion), loaded);
    }

    private static string TorchVersion => XDocument.Load(Path.Combine(TestPaths.Root, "Directory.Packages.props"))
        .Descendants("TorchSharpVersion").Single().Value;

    private static IReadOnlyDictionary<string, string> Result(NotebookFile executed, int cell) =>
        executed.Cells[cell].Outputs.OfType<Output.Data>().Last().Mime;

    private string ReadEntry(string name)
    {
        using var package = ZipFile.OpenRead(library.Package);
        var entry = package.GetEntry(name) ?? throw new FileNotFoundException($"{name} is not in the package");
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
