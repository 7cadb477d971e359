using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security;
using System.Text.Json;
using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Restores packages for #r "nuget: Name, Version": runs the SDK's restore, with the user's package sources, on a temporary project that
/// references all packages named in the session so far.
/// </summary>
internal sealed partial class PackageRestore
{
    private const string Prefix = "nuget:";
    private const string Newest = "*";
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, string> _packages = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the text of a #r names a package, not a file.</summary>
    public static bool IsPackage(string reference) => reference.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Restores the package together with all earlier ones of the session, so that one version of each dependency fits them all.
    /// </summary>
    /// <param name="reference">"nuget: Name, Version" or "nuget: Name" for the newest.</param>
    /// <returns>Its files; null if the session has the package already.</returns>
    /// <exception cref="NotebookException">
    /// The text does not name a package, the session has another version of it, or the SDK cannot restore it; the message is the SDK's.
    /// </exception>
    public RestoredFiles? Restore(string reference)
    {
        var match = PackageName().Match(reference[Prefix.Length..].Trim());
        if (!match.Success)
            throw new NotebookException($"#r \"{reference}\": write #r \"nuget: Name, Version\" or #r \"nuget: Name\".");
        var (name, version) = (match.Groups["name"].Value, match.Groups["version"].Success ? match.Groups["version"].Value : Newest);
        if (_packages.TryGetValue(name, out var restored))
        {
            return version == restored || version == Newest ? null : throw new NotebookException($"#r \"{reference}\": {name} "
                + $"{(restored == Newest ? "without a version" : restored)} was added before, and a process holds only one version. "
                + "Correct the first #r, or restart the kernel.");
        }

        var packages = new Dictionary<string, string>(_packages, StringComparer.OrdinalIgnoreCase) { [name] = version };
        var folder = Directory.CreateTempSubdirectory("deviceid-restore-").FullName;
        try
        {
            var files = Restore(folder, packages, reference);
            _packages[name] = version;
            return files;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static RestoredFiles Restore(string folder, Dictionary<string, string> packages, string reference)
    {
        var references = string.Concat(packages.Select(p =>
            $"""<PackageReference Include="{SecurityElement.Escape(p.Key)}" Version="{SecurityElement.Escape(p.Value)}" />"""));
        var project = Path.Combine(folder, "packages.csproj");
        File.WriteAllText(project, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net{Environment.Version.Major}.0</TargetFramework>
                <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
              </PropertyGroup>
              <ItemGroup>{references}</ItemGroup>
            </Project>
            """);
        var start = new ProcessStartInfo(DotnetHost.Path)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "msbuild", project, "-restore", "-nologo", "-t:ResolvePackageAssets", "-getItem:RuntimeCopyLocalItems",
                "-getItem:NativeCopyLocalItems" },
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Timeout))
        {
            process.Kill(entireProcessTree: true);
            throw new NotebookException($"#r \"{reference}\": the restore did not end within {Timeout.TotalMinutes:0} minutes.");
        }

        if (process.ExitCode != 0)
            throw new NotebookException($"#r \"{reference}\": {Reason(output.Result + errors.Result)}");
        using var answer = JsonDocument.Parse(output.Result);
        var items = answer.RootElement.GetProperty("Items");
        var assemblies = items.GetProperty("RuntimeCopyLocalItems").EnumerateArray().ToArray();
        return new RestoredFiles([.. assemblies.Select(FullPath)],
            [.. items.GetProperty("NativeCopyLocalItems").EnumerateArray().Select(FullPath)],
            [.. assemblies.Select(Extension).OfType<string>().Distinct()]);
    }

    private static string FullPath(JsonElement item) => item.GetProperty("FullPath").GetString()!;

    /// <summary>The script of the package that an assembly comes from; null if there is none.</summary>
    private static string? Extension(JsonElement assembly)
    {
        var inPackage = assembly.GetProperty("PathInPackage").GetString()!;
        var script = Path.Combine(FullPath(assembly)[..^inPackage.Length], "interactive-extensions", "dotnet", "extension.dib");
        return File.Exists(script) ? script : null;
    }

    private static string Reason(string output) =>
        output.Split('\n').FirstOrDefault(l => l.Contains("error", StringComparison.Ordinal)) is { } line
            ? ErrorPlace().Replace(line.Trim(), "") : "the restore failed: " + output.Trim();

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9_.-]+)\s*(,\s*(?<version>[A-Za-z0-9_.*+\[\](), -]+))?$")]
    private static partial Regex PackageName();

    [GeneratedRegex(@"^\S+\s*:\s*error\s*|\s*\[[^\]]*\]$")]
    private static partial Regex ErrorPlace();
}
