using DeviceId.Notebooks.Referee;

namespace DeviceId.Tests.Notebooks.Referee;

/// <summary>Lines as the tool writes them, and as native libraries and child processes of cells write into the same pipe.</summary>
public sealed class ToolEventTests
{
    private const string Shown =
        """{"event":{"formattedValues":[{"mimeType":"text/plain","value":"5","suppressDisplay":false}],"valueId":"v"},"""
        + """ "eventType":"DisplayedValueProduced","command":{"token":"cell-2"}}""";

    [Fact]
    public void AnEventHasItsCommandAndItsValues()
    {
        var found = Assert.Single(ToolEvent.Parse(Shown));
        Assert.Equal(("DisplayedValueProduced", "cell-2", "v"), (found.Type, found.Token, found.ValueId));
        Assert.Equal("5", Assert.Single(found.Values, value => value.Key == "text/plain").Value);
    }

    [Fact]
    public void TextWithoutLineEndBeforeAnEventHidesNothing()
    {
        var found = ToolEvent.Parse("from a child" + Shown).ToList();
        Assert.Equal([ToolEvent.Text, "DisplayedValueProduced"], found.Select(e => e.Type));
        Assert.Equal("from a child", found[0].Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("{\"half\": ")]
    [InlineData("{\"no\": \"event\"}")]
    [InlineData("[1, 2]")]
    [InlineData("{\"event\":{\"message\":\"\\ud800\"},\"eventType\":\"CommandFailed\"}")]
    public void ALineThatIsNoEventIsText(string line)
    {
        var found = Assert.Single(ToolEvent.Parse(line));
        Assert.Equal((ToolEvent.Text, line + "\n"), (found.Type, found.Message));
    }

    [Fact]
    public void ContentOfAJsonTypeThatIsNotJsonIsText()
    {
        var found = Assert.Single(ToolEvent.Parse(Shown.Replace("text/plain", "application/json", StringComparison.Ordinal)
            .Replace("\"5\"", "\"x{\"", StringComparison.Ordinal)));
        Assert.Equal([new("text/plain", "x{")], found.Values);
    }

    [Fact]
    public void ARequestOfTheEngineIsNoEvent() =>
        Assert.Equal((ToolEvent.Request, "RequestInput"), ToolEvent.Parse("""{"commandType":"RequestInput","command":{}}""")
            .Select(e => (e.Type, e.Message)).Single());
}
