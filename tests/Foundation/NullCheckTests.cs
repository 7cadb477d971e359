using System.Text.Json;
using DeviceId.Evaluation;
using DeviceId.Foundation;
using DeviceId.Identification;

namespace DeviceId.Tests.Foundation;

public sealed class NullCheckTests
{
    /// <summary>A record whose JSON keeps older names: the message names what stands in the file.</summary>
    [Theory]
    [InlineData("""{"made": null, "sentence": "1", "named": "b", "probability": 0.5}""", "'made' is missing or null")]
    [InlineData("""{"sentence": "1", "named": "b", "probability": 0.5}""", "'made'")]
    [InlineData("""{"made": "a", "sentence": "1", "named": "b", "probability": 1e999}""", "'probability' is larger than any number")]
    public void AnInvalidPropertyIsNamedAsInTheFile(string json, string expected)
    {
        var error = Assert.Throws<JsonException>(() => Json.Read<IdentificationResult>(json));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheTypesAllowIsRead()
    {
        var result = Json.Read<IdentificationResult>("""{"made": "a", "sentence": "1", "named": "b", "probability": 0.5}""");
        Assert.Equal(new IdentificationResult("a", "1", "b", 0.5), result);
        Assert.Equal(new Interval(0.1, 0.2, 0.95), Json.Read<Interval>("""{"low": 0.1, "high": 0.2, "confidence": 0.95}"""));
    }
}
