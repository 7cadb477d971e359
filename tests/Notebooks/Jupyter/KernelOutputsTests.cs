using System.Text.Json.Nodes;
using DeviceId.Notebooks.Jupyter;

namespace DeviceId.Tests.Notebooks.Jupyter;

public sealed class KernelOutputsTests
{
    [Fact]
    public void WhatATaskWritesAfterItsCellHasEndedIsSentAtOnce()
    {
        var sent = new List<(string Type, JsonObject Content)>();
        var outputs = new KernelOutputs((type, content) => sent.Add((type, content)), executionCount: 1, silent: false);
        outputs.OnText("stdout", "early");
        outputs.Dispose();
        outputs.OnText("stdout", "late");
        Assert.Equal(["early", "late"], sent.Select(m => (string?)m.Content["text"]));
        Assert.All(sent, m => Assert.Equal("stream", m.Type));
    }
}
