using System.Text;
using DeviceId.Notebooks.Terminal;

namespace DeviceId.Tests.Notebooks;

public sealed class ConsoleLinesTests
{
    [Theory]
    [InlineData("a\nb\n", "a\nb\n", "")]
    [InlineData("a\r\nb", "a\n", "b")]
    [InlineData("1%\r2%\r3%\n", "3%\n", "")]
    [InlineData("\r1%\r2%", "", "2%")]
    [InlineData("100% of it\rdone\n", "done\n", "")]
    [InlineData("50%\r", "", "50%")]
    [InlineData("\n\r\n", "\n\n", "")]
    [InlineData("", "", "")]
    public void ACarriageReturnStartsTheLineAnew(string text, string lines, string unfinished)
    {
        var (whole, console) = (new StringBuilder(), new ConsoleLines());
        console.Append(text, whole);
        Assert.Equal((lines, unfinished), (whole.ToString(), console.Current));

        // However the text is cut, the lines are the same.
        var (pieces, cut) = (new StringBuilder(), new ConsoleLines());
        foreach (var character in text)
            cut.Append(character.ToString(), pieces);
        Assert.Equal((lines, unfinished), (pieces.ToString(), cut.Current));
    }

    [Fact]
    public void AnUnfinishedLineIsEndedOnce()
    {
        var (lines, console) = (new StringBuilder(), new ConsoleLines());
        console.Append("rest", lines);
        console.EndLine(lines);
        console.EndLine(lines);
        Assert.Equal("rest\n", lines.ToString());
    }

    [Fact]
    public void AClosedTerminalIsNoError()
    {
        var terminal = new ClosedTerminal();
        using var console = new SafeWriter(terminal);
        console.WriteLine("first");
        console.Write("second");
        console.Flush();
        Assert.Equal(1, terminal.Writes);
    }

    private sealed class ClosedTerminal : StringWriter
    {
        public int Writes { get; private set; }

        public override void Write(string? value)
        {
            Writes++;
            throw new IOException("Input/output error");
        }
    }
}
