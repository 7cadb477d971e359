using System.Text.Json;
using System.Text.Json.Nodes;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Referee;

/// <summary>
/// A line of the tool's standard output: an event, a request, or text of a native library or of a process that a cell started.
/// </summary>
/// <param name="Type">The tool's name for the event; <see cref="Text"/> for text, <see cref="Request"/> for a request.</param>
/// <param name="Token">The command that the event belongs to.</param>
/// <param name="Message">The text, or the reason of a failure.</param>
/// <param name="Values">What is shown, by MIME type.</param>
/// <param name="ValueId">Identifies a displayed value when it is replaced.</param>
internal sealed record ToolEvent(
    string Type, string? Token, string Message, IReadOnlyDictionary<string, string> Values, string? ValueId)
{
    public const string Text = "text";
    public const string Request = "request";

    private const string Start = "{\"event\":";

    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>The events of a line: text without a line end may stand before an event.</summary>
    public static IEnumerable<ToolEvent> Parse(string line)
    {
        var start = line.StartsWith('{') ? 0 : line.IndexOf(Start, StringComparison.Ordinal);
        if (start < 0 || Read(line[start..]) is not { } found)
            return [Plain(line + "\n")];
        return start == 0 ? [found] : [Plain(line[..start]), found];
    }

    private static ToolEvent Plain(string text) => new(Text, null, text, Nothing, null);

    private static ToolEvent? Read(string line)
    {
        try
        {
            if (JsonNode.Parse(line) is not JsonObject json)
                return null;
            if ((string?)json["commandType"] is { } command)
                return new ToolEvent(Request, null, command, Nothing, null);
            var content = json["event"];
            return (string?)json["eventType"] is not { } type ? null : new ToolEvent(type, (string?)json["command"]?["token"],
                (string?)content?["message"] ?? "", ReadValues(content?["formattedValues"]), (string?)content?["valueId"]);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return null; // no JSON, or with an unpaired surrogate
        }
    }

    private static Dictionary<string, string> ReadValues(JsonNode? list)
    {
        var values = new Dictionary<string, string>();
        foreach (var value in (list as JsonArray ?? []).OfType<JsonObject>().Where(v => (bool?)v["suppressDisplay"] is not true))
        {
            var (mime, text) = ((string)value["mimeType"]!, (string?)value["value"] ?? "");
            values[Output.IsJson(mime) && !IsJson(text) ? "text/plain" : mime] = text;
        }

        return values;
    }

    private static bool IsJson(string text)
    {
        try
        {
            _ = JsonNode.Parse(text)?.ToJsonString();
            return true;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
