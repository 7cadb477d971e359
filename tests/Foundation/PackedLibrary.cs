using System.Diagnostics;
using DeviceId.Notebooks.Format;
using DeviceId.Tests.Notebooks;

namespace DeviceId.Tests.Foundation;

/// <summary>
/// A copy of the library's sources in a temporary folder, packed into a package feed there. The repository's own bin/ and obj/, which other
/// tests use, stay unchanged.
/// </summary>
public sealed class PackedLibrary : IAsyncLifetime
{
    /// <summary>The version: one that nobody has, because a package of the machine would be used in place of the feed's.</summary>
    public const string Version = "0.1.0-packed-for-tests";

    private readonly TemporaryFolder _folder = new();
    private string _globalPackages = "";
    private string? _unreachable;

    /// <summary>The copied project file.</summary>
    public string Project => Path.Combine(_folder.Path, "library", "DeviceId.Lib.csproj");

    /// <summary>The user's cache folder while notebooks run.</summary>
    public string Cache => _folder.File("cache");

    /// <summary>The package.</summary>
    public string Package => Assert.Single(Directory.GetFiles(_folder.File("feed"), "DeviceId.Lib.*.nupkg"));

    public async ValueTask InitializeAsync()
    {
        CopySources();
        var (_, locals) = await RunAsync(_folder.Path, "nuget", "locals", "global-packages", "--list");
        _globalPackages = locals.Split(": ", 2)[1].Trim();
        // Debug, as "dotnet run" builds it for the referencing project: one build serves both.
        string[] pack = ["pack", Project, "-c", "Debug", "-o", _folder.File("feed"), "-v", "q", $"-p:Version={Version}"];
        var (packed, output) = await RunAsync(Path.GetDirectoryName(Project)!, pack);
        _unreachable = packed == 0 ? null : MissingSource(output, "NU1100", "NU1101", "NU1102", "NU1301");
        Assert.True(packed == 0 || _unreachable is not null, output);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Skips the calling test, with the reason, if the library's own packages cannot be restored.</summary>
    public void SkipWithoutSource()
    {
        if (_unreachable is not null)
            Assert.Skip($"dotnet restore reaches no package source here: {_unreachable}");
    }

    /// <summary>Writes a console project into its own folder and runs it as its author would: <c>dotnet run</c>.</summary>
    /// <param name="name">The folder.</param>
    /// <param name="reference">The item that references the library.</param>
    /// <param name="property">A line of the project's PropertyGroup, or nothing.</param>
    public async Task<(int ExitCode, string Output)> RunConsumerAsync(string name, string reference, string property = "")
    {
        SkipWithoutSource();
        var folder = Directory.CreateDirectory(_folder.File(name)).FullName;
        File.Copy(Path.Combine(TestPaths.Root, "tests", "Foundation", "ConsumerProgram.cs"), Path.Combine(folder, "ConsumerProgram.cs"));
        File.WriteAllText(Path.Combine(folder, "Program.cs"), "DeviceId.Tests.Foundation.ConsumerProgram.Run();\n");
        File.WriteAllText(Path.Combine(folder, $"{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                {property}
              </PropertyGroup>
              <ItemGroup>
                {reference}
              </ItemGroup>
            </Project>
            """);
        // New packages go into the temporary folder; packages that the machine already has (libtorch: 0.6 GB) are used in place.
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{_folder.File("packages")}" /></config>
              <fallbackPackageFolders><add key="machine" value="{_globalPackages}" /></fallbackPackageFolders>
              <packageSources><add key="feed" value="{_folder.File("feed")}" /></packageSources>
            </configuration>
            """);
        var (exit, output) = await RunAsync(folder, "run");
        if (exit != 0 && MissingSource(output, "NU1301") is { } unreachable)
            Assert.Skip($"dotnet restore does not reach the package source here: {unreachable}");
        return (exit, output);
    }

    /// <summary>Runs a notebook that may name the package, with the feed as an additional package source.</summary>
    /// <returns>The executed copy.</returns>
    internal async Task<NotebookFile> RunNotebookAsync(string engine, params Cell[] cells)
    {
        SkipWithoutSource();
        var start = RunnerProcess.Describe(
            "run", "--engine", engine, NotebookBuilder.Write(_folder, "package.ipynb", cells), "--out", _folder.File(engine));
        // Both engines restore with MSBuild, which takes these as properties: no file of the user's is changed.
        start.Environment["RestoreAdditionalProjectSources"] = _folder.File("feed");
        start.Environment["RestoreFallbackFolders"] = _globalPackages;
        start.Environment["NUGET_PACKAGES"] = _folder.File("packages");
        start.Environment["XDG_CACHE_HOME"] = Cache;
        var (exit, output) = await RunnerProcess.RunAsync(start);
        Assert.True(exit == 0, output);
        return NotebookFile.Read(Path.Combine(_folder.File(engine), "package.ipynb"));
    }

    /// <summary>The first line with one of NuGet's error codes for a package that no source provides, or null.</summary>
    private static string? MissingSource(string output, params string[] codes) =>
        output.Split('\n').FirstOrDefault(line => codes.Any(code => line.Contains($"error {code}", StringComparison.Ordinal)))?.Trim();

    private void CopySources()
    {
        string[] folders = ["lib", "build"];
        var files = folders.SelectMany(f => Directory.GetFiles(Path.Combine(TestPaths.Root, f), "*", SearchOption.AllDirectories));
        foreach (var file in files.Concat(Directory.GetFiles(TestPaths.Root)))
        {
            var copy = Path.Combine(_folder.File("library"), Path.GetRelativePath(TestPaths.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            // Build servers that stay would keep the output open.
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false", ["DOTNET_CLI_UI_LANGUAGE"] = "en" },
        };
        var cancelled = TestContext.Current.CancellationToken;
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancelled), process.StandardError.ReadToEndAsync(cancelled));
            await process.WaitForExitAsync(cancelled);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
