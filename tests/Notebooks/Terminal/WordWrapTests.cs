using DeviceId.Notebooks.Terminal;

namespace DeviceId.Tests.Notebooks.Terminal;

public sealed class WordWrapTests
{
    [Theory]
    [InlineData("one two three", 8, "one two|three")]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("one two three", 13, "one two three")]
    [InlineData("  ! a warning of words", 12, "  ! a|  warning of|  words")]
    [InlineData("a /a/long/path/that/does/not/fit b", 10, "a|/a/long/path/that/does/not/fit|b")]
    [InlineData("first\nsecond of two", 9, "first|second of|two")]
    [InlineData("a    wide     gap stays", 14, "a    wide|gap stays")]
    [InlineData("", 10, "")]
    [InlineData("            ", 5, "            ")]
    public void LinesAreBrokenAtSpacesAndWordsStayWhole(string text, int width, string expected) =>
        Assert.Equal(expected.Split('|'), WordWrap.Lines(text, width));

    [Fact]
    public void AFileGetsWholeLines() => Assert.Equal(["one two three"], WordWrap.Lines("one two three", width: null));

    [Fact]
    public void ColoursTakeNoRoom()
    {
        const string Red = "\e[1;31mone\e[0m two";
        Assert.Equal([Red], WordWrap.Lines(Red, 7));
        Assert.Equal(["\e[1;31mone\e[0m", "two"], WordWrap.Lines(Red, 6));
    }

    [Fact]
    public void TheRestOfALineCanHangUnderItsText() =>
        Assert.Equal(["Took  aa bb", "      cc dd", "      ee"], WordWrap.Lines("Took  aa bb cc dd ee", 12, hanging: 6));

    [Theory]
    [InlineData("epoch 3 of 16, loss 0.5", 23, "epoch 3 of 16, loss 0.5")]
    [InlineData("epoch 3 of 16, loss 0.5", 20, "epoch 3 of 16, loss…")]
    [InlineData("epoch 3 of 16, loss 0.5", 16, "epoch 3 of 16…")]
    [InlineData("indivisible", 5, "")]
    [InlineData("any", 0, "")]
    [InlineData("any", -5, "")]
    public void AStatusIsCutAtASpace(string text, int width, string expected) => Assert.Equal(expected, WordWrap.Shorten(text, width));

    [Fact]
    public void AWriterBreaksWholeLinesAndPassesWhatHasNoEnd()
    {
        var written = new StringWriter { NewLine = "\n" };
        using var writer = new WrappingWriter(written, () => 10);
        writer.Write("\ra bar that is redrawn in place");
        writer.WriteLine();
        writer.WriteLine("one two three");
        Assert.Equal("\ra bar that is redrawn in place\none two\nthree\n", written.ToString());
    }
}
