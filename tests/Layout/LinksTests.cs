using System.Text.RegularExpressions;

namespace DeviceId.Tests.Layout;

/// <summary>Files and headings that documents, notebooks and comments refer to exist.</summary>
public sealed class LinksTests
{
    /// <summary>Files that a reader of docs/extending.md creates.</summary>
    private static readonly string[] CreatedByReader = ["lib/Features/Lfcc.cs", "notebooks/10-my-question.ipynb"];

    private static readonly IReadOnlySet<string> NoAnchors = new HashSet<string>();

    [Fact]
    public void EveryLinkOfADocumentOrNotebookPointsToAFileOfTheRepository()
    {
        var links = RepositoryFiles.Markdown.SelectMany(Links).ToList();
        Assert.True(RepositoryFiles.Markdown.Count > 20, $"only {RepositoryFiles.Markdown.Count} documents and notebooks were found");
        Assert.Contains(("README.md", "docs/extending.md", ""), links);
        Assert.Contains(links, link => link.From.EndsWith(".ipynb", StringComparison.Ordinal));
        var broken = links.Where(link => !RepositoryFiles.FilesAndFolders.Contains(link.To)).ToList();
        Assert.Empty(broken);
    }

    [Fact]
    public void EveryAnchorOfALinkIsAHeading()
    {
        var anchors = RepositoryFiles.Markdown.ToDictionary(page => page.Path, page => MarkdownLinks.Anchors(page.Path, page.Text));
        var links = RepositoryFiles.Markdown.SelectMany(Links).Where(link => link.Anchor.Length > 0).ToList();
        Assert.Contains(links, link => link.To.EndsWith(".md", StringComparison.Ordinal));
        Assert.Contains(links, link => link.To.EndsWith(".ipynb", StringComparison.Ordinal));
        var broken = links.Where(link => !anchors.GetValueOrDefault(link.To, NoAnchors).Contains(link.Anchor)).ToList();
        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("TorchSharp on Debian 12 and Ubuntu 22.04", "torchsharp-on-debian-12-and-ubuntu-2204")]
    [InlineData("1. `Mfcc` & [Deltas](docs/mfcc.md), *both*", "1-mfcc--deltas-both")]
    [InlineData("snake_case stays: Größe", "snake_case-stays-größe")]
    public void AnAnchorIsWhatGitHubMakesOfTheHeading(string heading, string anchor)
    {
        Assert.Equal(anchor, MarkdownLinks.Slug(heading));
        var page = $"# {heading}\n\n```\n# code\n```\n\n## {heading} ##\n";
        Assert.Equal([anchor, anchor + "-1"], MarkdownLinks.Anchors("page.md", page).Order());
    }

    [Fact]
    public void EveryPathInACommentExists()
    {
        var comments = RepositoryFiles.Under("")
            .SelectMany(file => RepositoryPaths.Comments(RepositoryFiles.Read(file)).Select(text => (file, text)));
        var paths = comments.SelectMany(comment => RepositoryPaths.In(comment.text).Select(path => (comment.file, path))).ToList();
        Assert.Contains(("lib/Features/Cepstra/Mfcc.cs", "docs/mfcc.md"), paths);
        var broken = paths.Where(mention => !RepositoryPaths.Exists(mention.path)).ToList();
        Assert.Empty(broken);
    }

    [Fact]
    public void EveryPathInACodeSpanOfADocumentExists()
    {
        var spans = RepositoryFiles.Markdown.SelectMany(page => MarkdownLinks.CodeSpans(page.Text).Select(text => (page.Path, text)));
        var paths = spans.SelectMany(span => RepositoryPaths.In(span.text).Select(path => (span.Path, path))).ToList();
        Assert.Contains(("environment.md", "lib/Foundation/Natives/GlibcxxRequirement.cs"), paths);
        var broken = paths.Where(mention => !CreatedByReader.Contains(mention.path) && !RepositoryPaths.Exists(mention.path)).ToList();
        Assert.Empty(broken);
    }

    /// <summary>The compiler checks references between types in the library's comments, for its documentation file.</summary>
    [Fact]
    public void NothingSilencesTheCompilerAboutReferencesInComments()
    {
        var project = RepositoryFiles.Read("DeviceId.Lib.csproj");
        Assert.Contains("<GenerateDocumentationFile>true</GenerateDocumentationFile>", project, StringComparison.Ordinal);
        var shared = RepositoryFiles.Read("Directory.Build.props");
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", shared, StringComparison.Ordinal);
        string[] settings = ["DeviceId.Lib.csproj", "Directory.Build.props", "Directory.Build.targets", ".editorconfig"];
        var sources = RepositoryFiles.Under("lib");
        Assert.NotEmpty(sources);
        Assert.DoesNotContain(settings, file => Regex.IsMatch(RepositoryFiles.Read(file), @"CS157\d|<NoWarn>|WarningsNotAsErrors"));
        Assert.DoesNotContain(sources, file => Regex.IsMatch(RepositoryFiles.Read(file), @"#pragma warning disable[^\n]*157\d"));
    }

    [Fact]
    public void TheReadmeNamesEveryFolderOfTheLibraryInOrder()
    {
        var readme = File.ReadAllText(Path.Combine(TestPaths.Root, "README.md"));
        var list = Regex.Match(readme, "from sound to table: ([^.]*)\\.").Groups[1].Value.Split(", ");
        Assert.Equal(LayeringTests.Order, list);
        Assert.Equal(Directory.GetDirectories(Path.Combine(TestPaths.Root, "lib")).Select(Path.GetFileName).Order(), list.Order());
    }

    /// <summary>First line of the cell with an experiment's variants, which may be longer than other cells.</summary>
    private const string Variants = "IReadOnlyList<Variant> Variants(TrialSettings shared)";

    [Fact]
    public void NotebooksHoldNoClassNoLongCellAndMoreProseThanCode()
    {
        var notebooks = RepositoryFiles.Under("notebooks", ".ipynb");
        Assert.NotEmpty(notebooks);
        foreach (var notebook in notebooks)
        {
            using var document = System.Text.Json.JsonDocument.Parse(RepositoryFiles.Read(notebook));
            var cells = document.RootElement.GetProperty("cells").EnumerateArray()
                .Select(cell => (
                    Kind: cell.GetProperty("cell_type").GetString(),
                    Text: string.Concat(cell.GetProperty("source").EnumerateArray().Select(line => line.GetString())))).ToList();
            var (code, prose) = (cells.Where(c => c.Kind == "code").ToList(), cells.Where(c => c.Kind == "markdown").ToList());
            Assert.InRange(cells.Count, 20, 40);
            Assert.Equal("#!import \"setup.dib\"", code[0].Text);
            Assert.All(code, cell =>
                Assert.InRange(cell.Text.Split('\n').Length, 1, cell.Text.StartsWith(Variants, StringComparison.Ordinal) ? 35 : 10));
            Assert.All(code, cell => Assert.DoesNotMatch(@"\b(class|struct|record)\s", cell.Text));
            Assert.True(prose.Sum(c => c.Text.Length) > code.Sum(c => c.Text.Length));
        }
    }

    private static IEnumerable<(string From, string To, string Anchor)> Links((string Path, string Text) page)
    {
        foreach (var target in MarkdownLinks.RelativeTargets(page.Text).Select(Uri.UnescapeDataString))
        {
            var parts = target.Split('#', 2);
            var path = parts[0].Length == 0 ? page.Path : Path.Combine(Path.GetDirectoryName(page.Path)!, parts[0]);
            var full = Path.GetFullPath(path, TestPaths.Root);
            yield return (page.Path, Path.GetRelativePath(TestPaths.Root, full).Replace('\\', '/'), parts.Length > 1 ? parts[1] : "");
        }
    }
}
