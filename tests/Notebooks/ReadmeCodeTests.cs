using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Notebooks;

/// <summary>The README's lines of code run as they stand, in the smallest profile.</summary>
[Trait("Speed", "Slow")]
public sealed partial class ReadmeCodeTests : IDisposable
{
    private const string Opening = "Session.Open(\"\", \"quick\")";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TheReadmesCodePrintsItsTwoTables()
    {
        var code = Block().Match(await File.ReadAllTextAsync(
            Path.Combine(TestPaths.Root, "README.md"), TestContext.Current.CancellationToken)).Groups[1].Value;
        Assert.Contains(Opening, code, StringComparison.Ordinal);
        Assert.InRange(code.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 5, 10);
        var smallest = code.Replace(
            Opening, $"Session.Open(\"\", \"smoke\", dataFolder: \"{_folder.File("data")}\")", StringComparison.Ordinal);
        var notebook = Write(_folder, "readme.ipynb",
            Code($"#!import \"{Path.Combine(TestPaths.Root, "notebooks", "setup.dib")}\""), Code(smallest));
        var (exit, output) = await RunnerProcess.RunAsync(notebook, "--out", _folder.File("out"));
        Assert.True(exit == 0, output);
        var printed = string.Concat(NotebookFile.Read(_folder.File("out/readme.ipynb")).Cells[1].Outputs
            .OfType<Output.Stream>().Select(text => text.Text));
        Assert.Contains("Accuracy on ", printed, StringComparison.Ordinal);
        Assert.Contains("60 bands", printed, StringComparison.Ordinal);
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
