using System.Text.Json.Nodes;
using DeviceId.Notebooks.Format;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Notebooks.Report;

/// <summary>What an executed copy and the report hold of notebooks with everything that notebooks can hold.</summary>
[Trait("Speed", "Slow")]
public sealed class ExecutedReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NothingOfANotebookIsLostOnItsWayToCopyAndReport()
    {
        var (exit, output) = await RunnerProcess.RunAsync(Tags(), Contents(), Rich(), Lines(), "--out", _folder.File("out"));
        Assert.True(exit == 0, output);
        var report = await File.ReadAllTextAsync(_folder.File("out/report.html"), TestContext.Current.CancellationToken);
        CheckTags(report);
        CheckContents(report);
        CheckRich(report);
        Assert.Contains(">100% ####################\n</pre>", report);
        Assert.Contains(">599 of 600 done\n</pre>", report);
        Assert.StartsWith("\r0% ", Assert.IsType<Output.Stream>(Executed("lines")[0].Outputs[0]).Text);
    }

    private string Tags() => Write(_folder, "tags.ipynb",
        Tagged(Cell.MayFailTag, "throw new Exception(\"on purpose\");"),
        Tagged(Cell.SkipTag, "System.IO.File.WriteAllText(\"skipped-ran\", \"x\");", new Output.Stream("stdout", "from before")),
        Code("Console.WriteLine(\"goes on\")"));

    private void CheckTags(string report)
    {
        var cells = Executed("tags");
        Assert.Contains("on purpose", Assert.IsType<Output.Error>(Assert.Single(cells[0].Outputs)).Message);
        Assert.Equal([new Output.Stream("stdout", "from before")], cells[1].Outputs);
        Assert.False(File.Exists(_folder.File("skipped-ran")));
        Assert.Equal([new Output.Stream("stdout", "goes on\n")], cells[2].Outputs);
        Assert.Contains("not run: tagged skip-execution", report);
    }

    private string Contents()
    {
        var keys = new JsonObject { ["attachments"] = JsonNode.Parse("""{"image.png": {"image/png": "iVBORw0KGgo="}}""") };
        return Write(_folder, "contents.ipynb",
            new Cell(Cell.Raw, "<div>raw html</div>") { Metadata = new JsonObject { ["raw_mimetype"] = "text/html" } },
            new Cell(Cell.Markdown, "# Title\n![image.png](attachment:image.png)") { OtherKeys = keys },
            Code("// only a comment"), Code("   \n\n"), Code(""),
            Code("#region a\nint k=1;\n#endregion\n/* block */"), Code("k"));
    }

    private void CheckContents(string report)
    {
        var (before, after) = (NotebookFile.Read(_folder.File("contents.ipynb")).Cells, Executed("contents"));
        Assert.Equal(before.Select(c => (c.Type, c.Id, c.Source)), after.Select(c => (c.Type, c.Id, c.Source)));
        Assert.Equal("iVBORw0KGgo=", (string?)after[1].Attachment("image.png")?["image/png"]);
        Assert.Contains("1", Assert.IsType<Output.Data>(Assert.Single(after[^1].Outputs)).Mime["text/plain"]);
        Assert.Contains("<section class=\"output\"><div>raw html</div></section>", report);
        Assert.Contains("src=\"data:image/png;base64,iVBORw0KGgo=\"", report);
    }

    private string Rich() => Write(_folder, "rich.ipynb",
        Code("display(\"data\", \"text/latex\");"),
        Code("display(\"/9j/4AAQSkZJRgABAQEAYABgAAD/2wBD\", \"image/jpeg\");"),
        Code("Console.WriteLine(\"\\u001b[31mred\\u001b[0m plain\");"),
        Code("display(\"alert(1)\", \"application/javascript\");"),
        Code("display(\"{\\\"a\\\":1}\", \"application/json\");"),
        Code("display(\"<b>bold</b>\",\"text/html\");"),
        Code("Console.WriteLine(\"</pre></main><h1>x\\u0000y\");"));

    private void CheckRich(string report)
    {
        Assert.Equal(7, Executed("rich").Count(c => c.Outputs.Count == 1));
        foreach (var html in new[]
        {
            ">data</pre>", "src=\"data:image/jpeg;base64,/9j/4AAQSkZJRgABAQEAYABgAAD/2wBD\"",
            "<span style=\"color:var(--ansi-1)\">red</span> plain", "application/javascript is not shown", "&quot;a&quot;: 1",
            "<b>bold</b>", "&lt;/pre&gt;&lt;/main&gt;&lt;h1&gt;x␀y",
        })
            Assert.Contains(html, report);
    }

    private string Lines() => Write(_folder, "lines.ipynb",
        Code("for (int i=0;i<=100;i++) Console.Write($\"\\r{i}% {new string('#',i/5)}\"); Console.WriteLine();"),
        Code("for (int i=0;i<600;i++) Console.Write($\"\\r{i} of 600 done\"); Console.WriteLine();"));

    private List<Cell> Executed(string name) => NotebookFile.Read(_folder.File($"out/{name}.ipynb")).Cells;

    private static Cell Tagged(string tag, string source, params Output[] outputs)
    {
        var cell = new Cell(Cell.Code, source) { Metadata = new JsonObject { ["tags"] = new JsonArray(tag) } };
        cell.Outputs.AddRange(outputs);
        return cell;
    }
}
