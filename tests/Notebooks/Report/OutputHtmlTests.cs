using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Report;

namespace DeviceId.Tests.Notebooks.Report;

public sealed class OutputHtmlTests
{
    [Theory]
    [InlineData("text/html", "<b>x</b>", "<div class=\"output\"><b>x</b></div>")]
    [InlineData("text/markdown", "*x*", "<em>x</em>")]
    [InlineData("text/latex", "x < y", "<pre class=\"stream\">x &lt; y</pre>")]
    [InlineData("text/csv", "a,b", "<pre class=\"stream\">a,b</pre>")]
    [InlineData("text/plain", "\e[31mx", "color:var(--ansi-1)")]
    [InlineData("image/svg+xml", "<svg></svg>", "<svg></svg>")]
    [InlineData("image/png", "iVBO\nRw0K\n", "<img alt=\"image/png\" src=\"data:image/png;base64,iVBORw0K\">")]
    [InlineData("image/jpeg", "/9j/", "<img alt=\"image/jpeg\" src=\"data:image/jpeg;base64,/9j/\">")]
    [InlineData("image/gif", "\"><script>", "src=\"data:image/gif;base64,&quot;&gt;&lt;script&gt;\"")]
    [InlineData("audio/wav", "UklG", "<audio controls src=\"data:audio/wav;base64,UklG\">")]
    [InlineData("video/mp4", "AAAA", "<video controls src=\"data:video/mp4;base64,AAAA\">")]
    [InlineData("application/json", "{\"a\":1}", "{\n  &quot;a&quot;: 1\n}")]
    [InlineData("application/javascript", "alert(1)", "application/javascript is not shown in this report (8 characters)")]
    [InlineData("application/vnd.made.up+json", "{\"a\":1}", "application/vnd.made.up+json is not shown in this report (7 characters)")]
    [InlineData("no-type", "<i>", "<pre>&lt;i&gt;</pre>")]
    public void EveryTypeIsShownOrNamed(string type, string content, string html) =>
        Assert.Contains(html.ReplaceLineEndings("\n"), Render((type, content)).ReplaceLineEndings("\n"));

    [Theory]
    [InlineData(300, "", null)]
    [InlineData(301, "", "101")]
    [InlineData(300_000, "", "299,800")]
    [InlineData(300_000, "\n", "299,800")]
    public void OfManyLinesTheFirstAndTheLastAreShownAndTheOthersCounted(int lines, string end, string? leftOut)
    {
        var text = string.Join('\n', Enumerable.Range(1, lines).Select(line => $"line {line}.")) + end;
        var html = OutputHtml.Render(new Output.Stream("stdout", text));
        Assert.Equal(leftOut is null, !html.Contains("left out here", StringComparison.Ordinal));
        var numbers = Regex.Matches(html, @"line (\d+)\.")
            .Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
        if (leftOut is null)
        {
            Assert.Equal(Enumerable.Range(1, lines), numbers);
            return;
        }

        Assert.Equal([.. Enumerable.Range(1, 100), .. Enumerable.Range(lines - 99, 100)], numbers);
        Assert.Contains($"… {leftOut} lines are left out here", html, StringComparison.Ordinal);
    }

    [Fact]
    public void TheRichestTypeIsShownAndItsSubstitutesAreNot()
    {
        Assert.DoesNotContain("plain", Render(("text/plain", "plain"), ("text/html", "<b>rich</b>"), ("application/pdf", "x")));
        Assert.DoesNotContain("plain", Render(("text/plain", "plain"), ("text/latex", "rich")));
        var named = Render(("text/plain", "Figure(640x480)"), ("application/vnd.plotly.v1+json", "{}"));
        Assert.Contains("Figure(640x480)", named);
        Assert.Contains("application/vnd.plotly.v1+json is not shown", named);
    }

    [Fact]
    public void AnImageHasTheSizeOfItsMetadata()
    {
        var data = new Output.Data(new Dictionary<string, string> { ["image/png"] = "AAAA" }, IsResult: false)
        {
            Metadata = JsonNode.Parse("""{"image/png": {"width": 640, "height": 480.0, "x": "\">"}}""") as JsonObject,
        };
        Assert.Contains("<img alt=\"image/png\" width=\"640\" height=\"480\" src=", OutputHtml.Render(data));
    }

    [Fact]
    public void LongContentIsCutAndAnUnknownKindOfOutputIsNamed()
    {
        Assert.InRange(Render(("application/pdf", new string('x', 1_000_000))).Length, 2000, 3000);
        Assert.Contains("the kind made_up", OutputHtml.Render(new Output.Other(new JsonObject { ["output_type"] = "made_up" })));
        Assert.Equal("", Render());
    }

    private static string Render(params (string Type, string Content)[] mime) =>
        OutputHtml.Render(new Output.Data(mime.ToDictionary(m => m.Type, m => m.Content), IsResult: true));
}
