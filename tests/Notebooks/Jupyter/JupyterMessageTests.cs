using System.Text;
using System.Text.Json.Nodes;
using DeviceId.Notebooks.Jupyter;

namespace DeviceId.Tests.Notebooks.Jupyter;

public sealed class JupyterMessageTests
{
    private static readonly MessageSigner Signer = new("key");

    [Fact]
    public void TheSignatureIsThatOfRFC4231sSecondCase()
    {
        // RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?", here in two parts.
        byte[][] parts = [Encoding.ASCII.GetBytes("what do ya want "), Encoding.ASCII.GetBytes("for nothing?")];
        Assert.Equal("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            Encoding.ASCII.GetString(new MessageSigner("Jefe").Sign(parts)));
    }

    [Fact]
    public void WhatIsWrittenIsReadAgain()
    {
        var request = JupyterMessage.Create("execute_request",
            new JsonObject { ["code"] = "1 + 1 // \u00e4\ud83c\udf99", ["silent"] = true }, null, "session", [1, 0, 2]);
        var read = JupyterMessage.Parse([.. request.ToFrames(Signer)], Signer, out var reason);
        Assert.Equal("", reason);
        Assert.Equal("execute_request", read!.Type);
        Assert.Equal("1 + 1 // \u00e4\ud83c\udf99", read.Text("code"));
        Assert.True(read.Flag("silent", false));
        Assert.Equal([1, 0, 2], Assert.Single(read.Identities));
        var reply = JupyterMessage.Create("execute_reply", [], read, "session");
        Assert.Equal((string?)read.Header["msg_id"], (string?)reply.Parent["msg_id"]);
        Assert.Equal([1, 0, 2], Assert.Single(reply.Identities));
    }

    [Fact]
    public void EverySingleChangedBitAndEveryShorteningIsRejected()
    {
        var frames = JupyterMessage.Create("execute_request", new JsonObject { ["code"] = "1" }, null, "session").ToFrames(Signer);
        // Frame 0 is the delimiter; all others are the signature or signed.
        for (var frame = 1; frame < frames.Count; frame++)
        {
            for (var bit = 0; bit < 8 * frames[frame].Length; bit++)
            {
                var changed = frames.Select(f => (byte[])f.Clone()).ToArray();
                changed[frame][bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.Null(JupyterMessage.Parse(changed, Signer, out _));
            }
        }

        for (var count = 0; count < frames.Count; count++)
            Assert.Null(JupyterMessage.Parse([.. frames.Take(count)], Signer, out _));
        Assert.Null(JupyterMessage.Parse([.. frames], new MessageSigner("another"), out _));
    }

    [Fact]
    public void HalfASurrogatePairMakesAMessageUnreadableAndNoReplyRepeatsIt()
    {
        byte[][] parts = [.. new[] { "{\"msg_type\":\"execute_request\",\"username\":\"\\ud800\"}", "{}", "{}", "{}" }
            .Select(Encoding.UTF8.GetBytes)];
        Assert.Null(JupyterMessage.Parse([Encoding.ASCII.GetBytes("<IDS|MSG>"), Signer.Sign(parts), .. parts], Signer, out var reason));
        Assert.StartsWith("not readable", reason);
    }

    [Theory]
    [InlineData("a\ud83c\udf99b", 0, 0)]
    [InlineData("a\ud83c\udf99b", 1, 1)]
    [InlineData("a\ud83c\udf99b", 2, 3)]
    [InlineData("a\ud83c\udf99b", 3, 4)]
    [InlineData("ab", 99, 2)]
    [InlineData("\ud83c", 1, 1)]
    public void PositionsAreCountedInCodePoints(string text, int codePoints, int utf16)
    {
        Assert.Equal(utf16, CursorPosition.ToUtf16(text, codePoints));
        if (codePoints <= text.Length)
            Assert.Equal(codePoints, CursorPosition.ToCodePoints(text, utf16));
    }
}
