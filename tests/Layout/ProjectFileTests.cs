using System.Diagnostics;
using System.Text.Json;

namespace DeviceId.Tests.Layout;

/// <summary>The switches of the project file, as MSBuild evaluates them.</summary>
[Trait("Speed", "Slow")]
public sealed class ProjectFileTests
{
    private static readonly string[] Always = ["TorchSharp", "MathNet.Numerics", "Microsoft.Data.Analysis", "XPlot.Plotly", "NAudio"];

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("win-x64")]
    [InlineData("osx-arm64")]
    public void ByDefaultOnlyTheCpuNativesOfTheRuntimeAreReferenced(string runtime)
    {
        var packages = Packages($"-p:RuntimeIdentifier={runtime}");
        Assert.Superset(new HashSet<string>([.. Always, $"libtorch-cpu-{runtime}"]), packages);
        Assert.Equal($"libtorch-cpu-{runtime}", Assert.Single(packages, name => name.StartsWith("libtorch", StringComparison.Ordinal)));
        Assert.DoesNotContain(packages, name => name.Contains("cuda", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("linux-x64", "TorchSharp-cuda-linux")]
    [InlineData("win-x64", "TorchSharp-cuda-windows")]
    public void TorchCudaSwapsTheNativesOfTheSystem(string runtime, string expected)
    {
        var packages = Packages($"-p:RuntimeIdentifier={runtime}", "-p:Torch=cuda");
        Assert.Superset(new HashSet<string>([.. Always, expected]), packages);
        Assert.DoesNotContain(packages, name => name.StartsWith("libtorch-cpu", StringComparison.Ordinal));
        Assert.Equal(expected, Assert.Single(packages, name => name.Contains("cuda", StringComparison.Ordinal)));
    }

    [Fact]
    public void TheLibraryCompilesOnlyItsOwnFolder()
    {
        var files = Items("Compile");
        Assert.NotEmpty(files);
        Assert.All(files, path => Assert.StartsWith("lib/", path.Replace('\\', '/'), StringComparison.Ordinal));
    }

    private static HashSet<string> Packages(params string[] properties) => Items("PackageReference", properties);

    private static HashSet<string> Items(string item, params string[] properties)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = TestPaths.Root,
        };
        foreach (var argument in new[] { "msbuild", "DeviceId.Lib.csproj", "-nologo", $"-getItem:{item}" }.Concat(properties))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{output}{errors.Result}");
        using var document = JsonDocument.Parse(output);
        return [.. document.RootElement.GetProperty("Items").GetProperty(item).EnumerateArray()
            .Select(entry => entry.GetProperty("Identity").GetString()!)];
    }
}
