using System.Text.RegularExpressions;

namespace DeviceId.Tests.Layout;

public sealed partial class LinksTests
{
    [Theory]
    [InlineData("README.md")]
    public void EveryLinkInADocumentLeadsSomewhere(string document)
    {
        var path = Path.Combine(TestPaths.Root, document);
        var targets = Link().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value).ToList();
        Assert.All(targets, target => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(path)!, target)), $"{document} links to {target}"));
        Assert.NotEmpty(targets);
    }

    [Fact]
    public void TheReadmeNamesEveryFolderOfTheLibraryInOrder()
    {
        var readme = File.ReadAllText(Path.Combine(TestPaths.Root, "README.md"));
        var list = Regex.Match(readme, "from sound to table: ([^.]*)\\.").Groups[1].Value.Split(", ");
        Assert.Equal(LayeringTests.Order, list);
        Assert.Equal(Directory.GetDirectories(Path.Combine(TestPaths.Root, "lib")).Select(Path.GetFileName).Order(), list.Order());
    }

    /// <summary>The list of an experiment's variants is as long as it is; every other cell is short.</summary>
    private const string Variants = "IReadOnlyList<Variant> Variants(TrialSettings shared)";

    [Fact]
    public void NotebooksHoldNoClassNoLongCellAndMoreProseThanCode()
    {
        var notebooks = Directory.GetFiles(Path.Combine(TestPaths.Root, "notebooks"), "*.ipynb");
        Assert.NotEmpty(notebooks);
        foreach (var notebook in notebooks)
        {
            using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllText(notebook));
            var cells = document.RootElement.GetProperty("cells").EnumerateArray()
                .Select(cell => (Kind: cell.GetProperty("cell_type").GetString(), Text: string.Concat(cell.GetProperty("source").EnumerateArray().Select(line => line.GetString())))).ToList();
            var (code, prose) = (cells.Where(c => c.Kind == "code").ToList(), cells.Where(c => c.Kind == "markdown").ToList());
            Assert.InRange(cells.Count, 20, 40);
            Assert.Equal("#!import \"setup.dib\"", code[0].Text);
            Assert.All(code, cell => Assert.InRange(cell.Text.Split('\n').Length, 1, cell.Text.StartsWith(Variants, StringComparison.Ordinal) ? 35 : 10));
            Assert.All(code, cell => Assert.DoesNotMatch(@"\b(class|struct|record)\s", cell.Text));
            Assert.True(prose.Sum(c => c.Text.Length) > code.Sum(c => c.Text.Length));
        }
    }

    [GeneratedRegex(@"\]\((?!http)([^)#]+)\)")]
    private static partial Regex Link();
}
