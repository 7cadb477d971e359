using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Supply;

/// <summary>
/// The table of packages, versions and licences: packages and versions from the lock files of this platform, licences from the packages.
/// </summary>
internal static partial class LicenceTable
{
    // The folder of each lock file, and the name of its project in the table.
    private static readonly (string Folder, string Use)[] Projects = [("", "library"), ("notebooks/runner", "runner"), ("tests", "tests"),
        ("tests/benchmarks", "benchmarks"), ("tests/fuzz", "fuzzing")];

    /// <summary>The table in Markdown, sorted by name.</summary>
    /// <param name="root">The repository's root.</param>
    /// <exception cref="NotebookException">A lock file or a package is missing, because nothing has been restored yet.</exception>
    public static string Write(string root)
    {
        var uses = Projects.SelectMany(p => Locked(Path.Combine(root, p.Folder)).Select(package => (package.Name, package.Version, p.Use)));
        var rows = uses.GroupBy(u => (Name: u.Name.ToLowerInvariant(), u.Version))
            .OrderBy(g => g.Key.Name, StringComparer.Ordinal).ThenBy(g => g.Key.Version, StringComparer.Ordinal)
            .Select(g => Row(g.First().Name, g.Key.Version, Licence(g.Key.Name, g.Key.Version), g.Select(u => u.Use).Distinct()));
        return "| package | version | licence | used by |\n| --- | --- | --- | --- |\n" + string.Concat(rows);
    }

    private static string Row(string name, string version, string licence, IEnumerable<string> uses) =>
        $"| {name} | {version} | {licence} | {string.Join(", ", uses)} |\n";

    private static IEnumerable<(string Name, string Version)> Locked(string folder)
    {
        var file = Path.Combine(folder, $"packages.{RuntimeInformation.RuntimeIdentifier}.lock.json");
        if (!File.Exists(file))
            throw new NotebookException($"There is no {file}: restore first (dotnet restore tests).");
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        foreach (var package in json.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject()))
        {
            if (package.Value.TryGetProperty("resolved", out var version))
                yield return (package.Name, version.GetString()!);
        }
    }

    private static string Licence(string name, string version)
    {
        var folder = Path.Combine(PackagesFolder(), name, version.ToLowerInvariant());
        var file = Path.Combine(folder, name + ".nuspec");
        if (!File.Exists(file))
        {
            throw new NotebookException(
                $"{file} is missing: restore first (dotnet restore tests; the same for tests/benchmarks and tests/fuzz).");
        }

        var metadata = XDocument.Load(file).Root!.Elements().First(e => e.Name.LocalName == "metadata");
        string? Element(string element) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == element)?.Value.Trim();
        var kind = metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "license")?.Attribute("type")?.Value;
        if (kind == "expression")
            return Element("license")!;
        if (kind == "file" && Path.Combine(folder, Element("license")!.Replace('\\', '/')) is var text && File.Exists(text))
            return FirstLine(text);
        return Element("licenseUrl") is { Length: > 0 } url && !Registry().IsMatch(url) ? url : "see the package";
    }

    private static string FirstLine(string path) =>
        File.ReadLines(path).Select(l => l.Trim('#', '*', '=', ' ', '\t', '\uFEFF'))
            .FirstOrDefault(l => l.Length > 0)?.Replace("|", "\\|", StringComparison.Ordinal) ?? "see the package";

    private static string PackagesFolder() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    // The address of a package registry is not a licence.
    [GeneratedRegex("nuget", RegexOptions.IgnoreCase)]
    private static partial Regex Registry();
}
