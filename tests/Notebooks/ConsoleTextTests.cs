using System.Diagnostics;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;

namespace DeviceId.Tests.Notebooks;

public sealed class ConsoleTextTests
{
    [Fact]
    public void TextKeepsItsOrderAndConsecutiveTextIsJoined()
    {
        var text = new ConsoleText();
        text.Add("stdout", "");
        Assert.Empty(text.Take());
        foreach (var (stream, part) in new[] { ("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d") })
            text.Add(stream, part);
        Assert.Equal([("stdout", "ab"), ("stderr", "c"), ("stdout", "d")], text.Take());
        Assert.Empty(text.Take());
    }

    [Fact]
    public void ThreeHundredThousandAlternatingLinesAreFewOutputsAndNoneIsLost()
    {
        var cell = new Cell(Cell.Code, "");
        var clock = Stopwatch.StartNew();
        var outputs = new CellOutputs(cell);
        for (var i = 0; i < 300_000; i++)
            outputs.Write(i % 2 == 0 ? "stdout" : "stderr", $"line {i} of something that prints\n");
        outputs.Flush();
        var streams = cell.Outputs.Cast<Output.Stream>().ToLookup(o => o.Name, o => o.Text);
        foreach (var (stream, first) in new[] { ("stdout", 0), ("stderr", 1) })
        {
            Assert.Equal(string.Concat(Enumerable.Range(0, 150_000).Select(i => $"line {(2 * i) + first} of something that prints\n")),
                string.Concat(streams[stream]));
        }

        // 50 in each 50 ms, and one more at the begin of each. The loop takes 0.2 s on an idle machine.
        Assert.InRange(cell.Outputs.Count, 2, 51 * ((clock.ElapsedMilliseconds / 50) + 2));
    }
}
