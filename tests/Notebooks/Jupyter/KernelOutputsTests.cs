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
}
