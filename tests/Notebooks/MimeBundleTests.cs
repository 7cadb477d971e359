using DeviceId.Notebooks.Engine;

namespace DeviceId.Tests.Notebooks;

public sealed class MimeBundleTests
{
    [Theory]
    [InlineData("abc", "application/json")]
    [InlineData("", "application/json")]
    [InlineData("{\"a\":\"\\ud800\"}", "application/json")]
    [InlineData("{\"a\":", "application/geo+json")]
    public void JSONThatCannotBeWrittenIsRefusedWhereItIsShown(string text, string mime)
    {
        var problem = Assert.Throws<ArgumentException>(() => MimeBundle.Create(text, mime));
        Assert.StartsWith($"What is shown as {mime} is not JSON", problem.Message);
    }

    [Fact]
    public void GoodJSONAndAnyOtherTextAreShown()
    {
        Assert.Equal("{\"a\":1}", MimeBundle.Create("{ \"a\": 1 }", "application/json")["application/json"]);
        Assert.Equal("null", MimeBundle.Create("null", "application/json")["application/json"]);
        Assert.Equal("{\"a\":", MimeBundle.Create("{\"a\":", "text/plain")["text/plain"]);
    }
}
