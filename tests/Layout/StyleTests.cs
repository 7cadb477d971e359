using System.Text.Json;
using System.Text.RegularExpressions;

namespace DeviceId.Tests.Layout;

/// <summary>
/// Style rules that the compiler does not check; naming and formatting errors fail the build (.editorconfig).
/// </summary>
public sealed partial class StyleTests
{
    private const int MaxColumns = 140;

    private static readonly string[] Extensions =
        [".cs", ".csproj", ".props", ".targets", ".py", ".sh", ".css", ".js", ".yml", ".dib", ".slnx", ".editorconfig"];

    private static readonly string[] IgnoredFolders = ["bin", "obj", "Golden", "results", ".git", "node_modules"];

    [Fact]
    public void NoLineIsLongerThan140Columns()
    {
        var files = Files(TestPaths.Root).Where(path => Extensions.Contains(Path.GetExtension(path)) || IsScript(path)).ToList();
        Assert.True(files.Count > 300, $"only {files.Count} files were checked");
        var tooLong = files
            .SelectMany(path => File.ReadLines(path).Select((line, i) => (Line: line, Place: $"{RelativePath(path)}:{i + 1}")))
            .Where(line => line.Line.Length > MaxColumns).Select(line => $"{line.Place}: {line.Line.Length} columns");
        Assert.Empty(tooLong);
    }

    [Fact]
    public void NoLineOfANotebooksCodeIsLongerThan140Columns()
    {
        var notebooks = Directory.GetFiles(Path.Combine(TestPaths.Root, "notebooks"), "*.ipynb");
        Assert.NotEmpty(notebooks);
        foreach (var notebook in notebooks)
        {
            using var document = JsonDocument.Parse(File.ReadAllText(notebook));
            var lines = document.RootElement.GetProperty("cells").EnumerateArray()
                .Where(cell => cell.GetProperty("cell_type").GetString() == "code")
                .SelectMany(cell => cell.GetProperty("source").EnumerateArray().Select(line => line.GetString()!.TrimEnd('\n'))).ToList();
            Assert.NotEmpty(lines);
            Assert.Empty(lines.Where(line => line.Length > MaxColumns).Select(line => $"{Path.GetFileName(notebook)}: {line}"));
        }
    }

    /// <summary>A tooltip shows a single parameter, so a comment must not refer to the text before or after it.</summary>
    [Fact]
    public void NoDocCommentSaysSeeAbove()
    {
        var lines = Files(Path.Combine(TestPaths.Root, "lib")).Concat(Files(Path.Combine(TestPaths.Root, "notebooks", "runner")))
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(path => File.ReadLines(path).Select((line, i) => (Line: line, Place: $"{RelativePath(path)}:{i + 1}")))
            .Where(line => line.Line.TrimStart().StartsWith("///", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        Assert.Empty(lines.Where(line => SeeAbove().IsMatch(line.Line)).Select(line => $"{line.Place}: {line.Line.Trim()}"));
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder)
            .Where(inner => !IgnoredFolders.Contains(Path.GetFileName(inner))).SelectMany(Files));

    /// <summary>Whether a file has no extension and begins with "#!".</summary>
    private static bool IsScript(string path) =>
        Path.GetExtension(path).Length == 0 && File.ReadLines(path).FirstOrDefault()?.StartsWith("#!", StringComparison.Ordinal) == true;

    private static string RelativePath(string path) => Path.GetRelativePath(TestPaths.Root, path);

    [GeneratedRegex(@"\b(see|as) (above|below)\b", RegexOptions.IgnoreCase)]
    private static partial Regex SeeAbove();
}
