using System.Text.RegularExpressions;
using DeviceId.Notebooks.Engine;
using DeviceId.Reporting;

namespace DeviceId.Tests.Notebooks;

/// <summary>The cells of docs/extending.md run unchanged.</summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed partial class ExtendingTests
{
    [Fact]
    public async Task EveryCellOfTheGuideRunsAndGivesATableWithARowForEachVariant()
    {
        using var data = new TemporaryFolder();
        var engine = new ScriptEngine(Path.Combine(TestPaths.Root, "notebooks"));
        await engine.RunAsync("#!import \"setup.dib\"", "setup");
        await engine.RunAsync($"var session = Session.Open(\"\", \"smoke\", dataFolder: @\"{data.Path}\");", "session");
        var cells = Cell().Matches(await File.ReadAllTextAsync(Path.Combine(TestPaths.Root, "docs", "extending.md"),
            TestContext.Current.CancellationToken));
        Assert.Equal(4, cells.Count);
        for (var i = 0; i < cells.Count; i++)
        {
            var table = Assert.IsType<ResultTable>(await engine.RunAsync(cells[i].Groups[1].Value, $"extending.md, cell {i + 1}"));
            // Two variants, and what file facts alone reach.
            Assert.Equal(3, table.Rows.Count);
            Assert.Equal("file facts only", table.Rows[2][0]);
        }

        // One trial is the reference of all four cells; each cell adds one.
        Assert.Equal(5, Directory.GetFiles(data.File("trials"), "*.json").Length);
        await engine.RunAsync("session.Dispose();", "end");
    }

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Cell();
}
