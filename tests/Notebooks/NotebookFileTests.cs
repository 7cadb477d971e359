using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeviceId.Notebooks;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Report;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Notebooks;

public sealed class NotebookFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AnExecutedNotebookIsNbformat45AndComesBackAsItWas()
    {
        var path = WriteExample();
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.Equal((4, 5), ((int)root["nbformat"]!, (int)root["nbformat_minor"]!));
        Assert.Equal("polyglot-notebook", (string?)root["metadata"]!["language_info"]!["name"]);
        var ids = root["cells"]!.AsArray().Select(c => (string)c!["id"]!).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[a-zA-Z0-9_-]{1,64}$", id));

        var copy = NotebookFile.Read(path).Cells[1];
        Assert.Equal(4, copy.Outputs.Count);
        Assert.Equal(new Output.Stream("stdout", "one\ntwo"), copy.Outputs[0]);
        Assert.Equal("<b>x</b>", Assert.IsType<Output.Data>(copy.Outputs[1]).Mime["text/html"]);
    }

    [Fact]
    public void JupytersOwnValidatorAcceptsIt()
    {
        var path = WriteExample();
        const string Validate = "import sys\ntry:\n    import nbformat\nexcept ImportError:\n    sys.exit(77)\n"
            + "nbformat.validate(nbformat.read(sys.argv[1], as_version=4))";
        foreach (var name in new[] { "python3", "/usr/bin/python3" })
        {
            using var python = Start(new ProcessStartInfo(name, ["-c", Validate, path]) { RedirectStandardError = true });
            var errors = python?.StandardError.ReadToEnd();
            python?.WaitForExit();
            if (python is null or { ExitCode: 77 })
                continue;
            Assert.True(python.ExitCode == 0, errors);
            return;
        }

        Assert.Skip("There is no python3 with nbformat on this machine.");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"nbformat\": 3, \"cells\": []}")]
    public void AFileThatIsNoNotebookIsRefusedByName(string content)
    {
        var path = _folder.File("broken.ipynb");
        File.WriteAllText(path, content);
        Assert.Contains(path, Assert.Throws<NotebookException>(() => NotebookFile.Read(path)).Message);
    }

    [Fact]
    public void NothingOfANotebookIsLost()
    {
        var path = _folder.File("rich.ipynb");
        File.WriteAllText(path, Rich);
        NotebookFile.Read(path).Write(path);
        var (expected, actual) = (JsonNode.Parse(Rich)!, JsonNode.Parse(File.ReadAllText(path))!);
        Assert.True(JsonNode.DeepEquals(expected, actual), actual.ToJsonString());
    }

    [Fact]
    public void TheReportHoldsRawCellsAttachmentsAndWhyACellWasNotRun()
    {
        var path = _folder.File("rich.ipynb");
        File.WriteAllText(path, Rich);
        var html = HtmlReport.Render([new NotebookResult("rich", path, 0, TimeSpan.FromSeconds(1), 1 << 20)]);
        Assert.Contains("<section class=\"output\"><div>raw html</div></section>", html);
        Assert.Contains("<pre class=\"raw\">\\section{a &lt; b}</pre>", html);
        Assert.Contains("<img src=\"data:image/png;base64,iVBORw0KGgo=\" alt=\"one\"", html);
        Assert.Contains("<img src=\"data:image/gif;base64,R0lG\">", html);
        Assert.Contains("src=\"attachment:missing.png\"", html);
        Assert.Contains("not run: tagged skip-execution", html);
        Assert.Contains("not run: fsharp", html);
        Assert.Contains("let x = 1 &lt; 2", html);
        Assert.Contains("an output of the kind made_up is not shown", html);
    }

    [Fact]
    public void TagsSayWhetherACellIsRunAndMayFail()
    {
        var cells = new[] { """["skip-execution"]""", """["a", "raises-exception"]""", "[]", "3", """[1, null, {"a": 2}]""" }
            .Select(t => new Cell(Cell.Code, "") { Metadata = new JsonObject { ["tags"] = JsonNode.Parse(t) } }).ToArray();
        Assert.Equal([(true, false), (false, true), (false, false), (false, false), (false, false)],
            cells.Select(c => (c.IsSkipped, c.MayFail)));
        Assert.Equal(["a", "raises-exception"], cells[1].Tags);
        Assert.Empty(cells[4].Tags);
        Assert.Empty(Code("").Tags);
    }

    [Fact]
    public void TheReportLoadsNothingAndHoldsPlotlyOnce()
    {
        var executed = WriteExample();
        var html = HtmlReport.Render([new NotebookResult("example", executed, 0, TimeSpan.FromSeconds(1), 1 << 20),
            new NotebookResult("second", executed, 1, TimeSpan.FromSeconds(1), 1 << 20)]);
        Assert.Equal(1, Regex.Count(html, Regex.Escape("* plotly.js v")));
        var ours = Regex.Replace(html, "(?s)<script>/\\*\\*.*?</script>", "");
        Assert.DoesNotMatch("(?i)(src|<link[^>]*href)\\s*=\\s*[\"']?(https?:)?//", ours);
        Assert.Contains("default-src 'none'", ours);
        Assert.Contains("<summary><h2>Title</h2>", ours);
        Assert.DoesNotContain("<h1>Title</h1>", ours);
        Assert.Contains("href=\"#example-1\">Title</a>", ours);
        Assert.Contains("x &lt; 1", ours);
        Assert.DoesNotContain("HUGE", ours);
    }

    [Fact]
    public void ResultTablesAreFoundInsideTheHtml()
    {
        var cell = Code("t");
        const string Begin = """<script type="application/json" class="deviceid-table">""";
        const string Json = """{"title":"T","columns":["a","b"],"rows":[["x",1.5]],"note":"n"}""";
        cell.Outputs.Add(Html($"<table></table>{Begin}{Json}</script>"));
        cell.Outputs.Add(Html($"{Begin}{{broken</script>"));
        var table = Assert.Single(ResultTable.In(new NotebookFile([cell])));
        Assert.Equal(("T", "n"), (table.Title, table.Note));
        Assert.Equal(["x", "1.5"], table.Rows[0]);
    }

    /// <summary>Everything that nbformat 4 knows, in every kind of cell, and keys that it does not know.</summary>
    private const string Rich = """
        {
          "cells": [
            { "cell_type": "raw", "id": "raw-1", "metadata": { "raw_mimetype": "text/html" }, "source": ["<div>raw html</div>"] },
            { "cell_type": "raw", "id": "raw-2", "metadata": { "format": "text/latex" }, "source": ["\\section{a < b}"], "outputs": 3 },
            {
              "cell_type": "markdown", "id": "prose", "metadata": { "made_up": { "a": [1, 2.50, null] } },
              "source": ["![one](attachment:image%20one.png)\n", "\n", "<img src=\"attachment:two.gif\">\n", "\n",
                         "![missing](attachment:missing.png)"],
              "attachments": { "image one.png": { "image/png": "iVBORw0KGgo=" }, "two.gif": { "image/gif": "R0lG" } }
            },
            {
              "cell_type": "code", "id": "skipped", "metadata": { "tags": ["skip-execution"] }, "source": ["1\r\n", "2"],
              "execution_count": 7, "made_up": { "b": "c" },
              "outputs": [
                { "output_type": "stream", "name": "stdout", "text": ["one\n", "two"], "made_up": true },
                { "output_type": "display_data", "data": { "image/png": ["AAAA"] }, "metadata": { "image/png": { "width": 640 } } },
                {
                  "output_type": "execute_result", "execution_count": 7, "metadata": {},
                  "data": { "application/vnd.made.up+json": { "x": [1.0, 1e3] }, "text/plain": ["y"] }
                },
                { "output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\u001b[31mt"] },
                { "output_type": "made_up", "z": 1 }
              ]
            },
            {
              "cell_type": "code", "id": "other", "metadata": { "polyglot_notebook": { "kernelName": "fsharp" } },
              "source": ["let x = 1 < 2"], "execution_count": null, "outputs": []
            }
          ],
          "metadata": { "kernelspec": { "name": "x" }, "made_up": [] },
          "nbformat": 4,
          "nbformat_minor": 6,
          "made_up": { "d": [] }
        }
        """;

    private string WriteExample()
    {
        var code = Code("// x < 1\nvar a = \"é\";");
        code.ExecutionCount = 1;
        code.Outputs.Add(new Output.Stream("stdout", "one\ntwo"));
        code.Outputs.Add(new Output.Data(new Dictionary<string, string> { ["text/html"] = "<b>x</b>", ["application/json"] = "{\"a\":1}" },
            IsResult: true));
        code.Outputs.Add(Html("<script>Plotly.newPlot('x', [])</script>"));
        code.Outputs.Add(new Output.Error("E", "m", ["m", "  at x"]));
        var library = Code("1");
        library.Outputs.Add(Html("<script data-deviceid=\"plotly-js\">HUGE</script>"));
        return Write(_folder, "example.ipynb", Prose("# Title\n\ntext"), code, library);
    }

    private static Output.Data Html(string html) => new(new Dictionary<string, string> { ["text/html"] = html }, IsResult: false);

    private static Process? Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
