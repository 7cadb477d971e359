using System.Diagnostics;
using DeviceId.Notebooks.Report;

namespace DeviceId.Tests.Notebooks.Report;

public sealed class TerminalTextTests
{
    private const string Red = "<span style=\"color:var(--ansi-1)\">";

    [Theory]
    [InlineData("a\nb\n", "a\nb\n")]
    [InlineData("a < b & \"c\"", "a &lt; b &amp; &quot;c&quot;")]
    [InlineData("</pre></main><h1>x\0y", "&lt;/pre&gt;&lt;/main&gt;&lt;h1&gt;x␀y")]
    [InlineData("windows\r\nline ends\r\n", "windows\nline ends\n")]
    [InlineData("\r0%\r50%\r100%\nnext", "100%\nnext")]
    [InlineData("12345\rab", "ab345")] // a terminal does not erase the rest either
    [InlineData("abc\b\bX\b\b\b\b\bY", "YXc")]
    [InlineData("100%\r\e[K7%", "7%")]
    [InlineData("abcdef\e[3D\e[1K", "    ef")]
    [InlineData("abc\e[2Kd", "   d")]
    [InlineData("abc\e[2Gx\e[3Cy", "axc  y")]
    [InlineData("🎤 1\r🎧 2", "&#127911; 2")] // a surrogate pair is one column
    public void TextLooksAsInATerminal(string text, string html) => Assert.Equal(html, TerminalText.ToHtml(text));

    [Theory]
    [InlineData("\e[31mred\e[0m plain", Red + "red</span> plain")]
    [InlineData("\e[31mred\nstill\e[m\n", Red + "red</span>\n" + Red + "still</span>\n")]
    [InlineData("\e[1;91;44mx", "<span style=\"color:var(--terminal-9);background:var(--terminal-4);font-weight:bold\">x</span>")]
    [InlineData("\e[38;5;196mx\e[39my", "<span style=\"color:#ff0000\">x</span>y")]
    [InlineData("\e[38;5;244mx", "<span style=\"color:#808080\">x</span>")]
    [InlineData("\e[48;2;1;2;300mx\e[49my", "<span style=\"background:#0102ff\">x</span>y")]
    [InlineData("\e[38:2::1:2:3mx", "<span style=\"color:#010203\">x</span>")]
    [InlineData("\e[7mx\e[27my", "<span style=\"color:var(--paper);background:var(--ink)\">x</span>y")]
    [InlineData("\e[2;3;4mx\e[22;23;24my", "<span style=\"opacity:.65;font-style:italic;text-decoration:underline\">x</span>y")]
    [InlineData("\e[31ma<b\rX", Red + "X&lt;b</span>")]
    public void ColoursAndFontsAreShown(string text, string html) => Assert.Equal(html, TerminalText.ToHtml(text));

    [Theory]
    [InlineData("\e]0;title\ax", "x")]
    [InlineData("\e]8;;https://example.org\e\\link\e]8;;\e\\", "link")]
    [InlineData("\e[2J\e[1;1H\e[?25lx\e(B", "x")]
    [InlineData("\e[38;5m\e[38m\e[;;;m\e[999999999999999mx", "x")]
    [InlineData("\e[", "")]
    [InlineData("x\e", "x␛")]
    public void SequencesWithoutAMeaningInAPageAreLeftOut(string text, string html) => Assert.Equal(html, TerminalText.ToHtml(text));

    [Fact]
    public void HalfASurrogatePairIsReplaced() => Assert.Equal("half �!", TerminalText.ToHtml("\rhalf \ud83d!"));

    [Fact]
    public void AMoveFarToTheRightDoesNotFillTheMemory() => Assert.InRange(TerminalText.ToHtml("\e[2000000000Cx").Length, 1, 20_000);

    [Fact]
    public void FloodsAreRenderedInSeconds()
    {
        var lines = string.Concat(Enumerable.Range(0, 300_000).Select(i => $"line {i} of something that prints\n"));
        var bar = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"\r{i} of 60000 done"));
        var clock = Stopwatch.StartNew();
        Assert.Equal(lines, TerminalText.ToHtml(lines));
        Assert.Equal("59999 of 60000 done", TerminalText.ToHtml(bar));

        // Half a second on an idle machine; an algorithm of quadratic time needs an hour.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Eventually.Timeout);
    }
}
