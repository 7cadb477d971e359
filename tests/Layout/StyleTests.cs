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

    /// <summary>Words that a reader would have to translate, with the usual ones. All of them were once in this repository.</summary>
    private static readonly (string Pattern, string Instead)[] HomeMadeWords =
    [
        (@"\blikeness|Likeness", "similarity score"), (@"\bslopes and curvatures", "deltas and delta-deltas"),
        (@"\bbells?\b", "Gaussian components"), (@"\bgreatest\b(?! common divisor)|Greatest(?!CommonDivisor)", "max"),
            (@"Fewest[A-Z]", "min"),
        (@"\bway back\b|there and back", "backward pass"), (@"is no number\b", "is NaN"), (@"\bJudged[A-Z]", "...Result"),
        (@"\bDeviceSpace\b", "WccnCosineScorer"), (@"\bPreviousWork", "MultiFeatureCnn"), (@"\bFinalizerHold", "FinalizerGuard"),
        (@"RecordingTraits|TrainingTraits", "statistics, training domain"), (@"\bSharedWork\b|\bForPieces\b", "parallel for"),
    ];

    [Fact]
    public void NoLineIsLongerThan140Columns()
    {
        var files = RepositoryFiles.Files.Where(file => !file.StartsWith("tests/Golden/", StringComparison.Ordinal))
            .Where(file => Extensions.Contains(Path.GetExtension(file)) || IsScript(file)).ToList();
        Assert.True(files.Count > 300, $"only {files.Count} files were checked");
        Assert.Empty(files.SelectMany(Lines).Where(line => line.Text.Length > MaxColumns)
            .Select(line => $"{line.Place}: {line.Text.Length} columns"));
    }

    [Fact]
    public void NoLineOfANotebooksCodeIsLongerThan140Columns()
    {
        var notebooks = RepositoryFiles.Under("notebooks", ".ipynb");
        Assert.NotEmpty(notebooks);
        foreach (var notebook in notebooks)
        {
            using var document = JsonDocument.Parse(RepositoryFiles.Read(notebook));
            var lines = document.RootElement.GetProperty("cells").EnumerateArray()
                .Where(cell => cell.GetProperty("cell_type").GetString() == "code")
                .SelectMany(cell => cell.GetProperty("source").EnumerateArray().Select(line => line.GetString()!.TrimEnd('\n'))).ToList();
            Assert.NotEmpty(lines);
            Assert.Empty(lines.Where(line => line.Length > MaxColumns).Select(line => $"{notebook}: {line}"));
        }
    }

    /// <summary>A tooltip shows a single parameter, so a comment must not refer to the text before or after it.</summary>
    [Fact]
    public void NoDocCommentSaysSeeAbove()
    {
        var lines = RepositoryFiles.Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).SelectMany(Lines)
            .Where(line => line.Text.TrimStart().StartsWith("///", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        Assert.Empty(lines.Where(line => SeeAbove().IsMatch(line.Text)).Select(line => $"{line.Place}: {line.Text.Trim()}"));
    }

    [Fact]
    public void NoHomeMadeWordReturns()
    {
        // The changelog says what was renamed; tests refer to old files; the JSON of stored results keeps its names.
        var lines = RepositoryFiles.Files
            .Where(file => Path.GetExtension(file) is ".cs" or ".md" or ".ipynb" or ".dib")
            .Where(file => file != "CHANGELOG.md" && !file.StartsWith("tests/", StringComparison.Ordinal)).SelectMany(Lines)
            .Where(line => !line.Text.Contains("JsonPropertyName", StringComparison.Ordinal)).ToList();
        Assert.True(lines.Count > 10_000, $"only {lines.Count} lines were checked");
        Assert.Empty(
            from word in HomeMadeWords
            from line in lines
            let match = Regex.Match(line.Text, word.Pattern)
            where match.Success
            select $"{line.Place}: '{match.Value}'; say {word.Instead}");
    }

    private static IEnumerable<(string Text, string Place)> Lines(string file) =>
        RepositoryFiles.Read(file).Split('\n').Select((text, i) => (text, $"{file}:{i + 1}"));

    /// <summary>Whether a file has no extension and begins with "#!".</summary>
    private static bool IsScript(string file) =>
        Path.GetExtension(file).Length == 0 && RepositoryFiles.Read(file).StartsWith("#!", StringComparison.Ordinal);

    [GeneratedRegex(@"\b(see|as) (above|below)\b", RegexOptions.IgnoreCase)]
    private static partial Regex SeeAbove();
}
