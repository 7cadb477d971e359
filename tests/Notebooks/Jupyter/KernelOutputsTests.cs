using System.Diagnostics;
using System.Text.Json.Nodes;
using DeviceId.Notebooks.Jupyter;

namespace DeviceId.Tests.Notebooks.Jupyter;

public sealed class KernelOutputsTests
{
    [Fact]
    public void WhatATaskWritesAfterItsCellHasEndedIsSentAtOnce()
    {
        var sent = new List<(string Type, JsonObject Content)>();
        void Send(string type, JsonObject content) => sent.Add((type, content));
        var outputs = new KernelOutputs(Send, Send, executionCount: 1, silent: false);
        outputs.OnText("stdout", "early");
        outputs.Dispose();
        outputs.OnText("stdout", "late");
        Assert.Equal(["early", "late"], sent.Select(m => (string?)m.Content["text"]));
        Assert.All(sent, m => Assert.Equal("stream", m.Type));
    }

    [Fact]
    public void AFloodOfBothStreamsAndOfUpdatesIsFewMessages()
    {
        var sent = new List<(string Type, JsonObject Content)>();
        void Send(string type, JsonObject content) => sent.Add((type, content));
        var clock = Stopwatch.StartNew();
        using (var outputs = new KernelOutputs(Send, Send, executionCount: 1, silent: false))
        {
            for (var i = 0; i < 30_000; i++)
            {
                outputs.OnText(i % 2 == 0 ? "stdout" : "stderr", $"{i}\n");
                outputs.OnReplaced(0, new Dictionary<string, string> { ["text/plain"] = $"{i}" });
            }
        }

        foreach (var (stream, first) in new[] { ("stdout", 0), ("stderr", 1) })
        {
            var text = string.Concat(sent.Where(m => (string?)m.Content["name"] == stream).Select(m => (string?)m.Content["text"]));
            Assert.Equal(string.Concat(Enumerable.Range(0, 15_000).Select(i => $"{(2 * i) + first}\n")), text);
        }

        Assert.Equal("29999", (string?)sent.Last(m => m.Type == "update_display_data").Content["data"]!["text/plain"]);

        // In each 50 ms 50 changes of the stream, two streams that begin again, and an update. The loop takes 0.1 s on an idle machine.
        Assert.InRange(sent.Count, 3, 53 * ((clock.ElapsedMilliseconds / 50) + 2));
    }
}
