using System.Text.Json.Nodes;

namespace DeviceId.Notebooks.Format;

/// <summary>An output of a cell. nbformat has four kinds: console text, displayed value, result and error.</summary>
internal abstract record Output
{
    /// <summary>Console text; <paramref name="Name"/> is "stdout" or "stderr".</summary>
    public sealed record Stream(string Name, string Text) : Output;

    /// <summary>A displayed value by MIME type; with <paramref name="IsResult"/> the value of the cell's last expression.</summary>
    public sealed record Data(IReadOnlyDictionary<string, string> Mime, bool IsResult) : Output;

    public sealed record Error(string Name, string Message, IReadOnlyList<string> Trace) : Output;

    public JsonObject ToJson(int? executionCount) => this switch
    {
        Stream s => new() { ["output_type"] = "stream", ["name"] = s.Name, ["text"] = Lines.Split(s.Text) },
        Error e => new()
        {
            ["output_type"] = "error",
            ["ename"] = e.Name,
            ["evalue"] = e.Message,
            ["traceback"] = new JsonArray([.. e.Trace.Select(t => (JsonNode)t)]),
        },
        Data { IsResult: true } d => new()
        {
            ["output_type"] = "execute_result",
            ["execution_count"] = executionCount,
            ["data"] = Bundle(d.Mime),
            ["metadata"] = new JsonObject(),
        },
        Data d => new() { ["output_type"] = "display_data", ["data"] = Bundle(d.Mime), ["metadata"] = new JsonObject() },
        _ => throw new InvalidOperationException($"No nbformat form for {GetType().Name}."),
    };

    public static Output? FromJson(JsonNode node) => (string?)node["output_type"] switch
    {
        "stream" => new Stream((string?)node["name"] ?? "stdout", Lines.Join(node["text"])),
        "error" => new Error((string?)node["ename"] ?? "", (string?)node["evalue"] ?? "",
            [.. (node["traceback"] as JsonArray ?? []).Select(t => (string?)t ?? "")]),
        "display_data" or "execute_result" => new Data(
            (node["data"] as JsonObject ?? [])
                .ToDictionary(p => p.Key, p => IsJson(p.Key) ? p.Value?.ToJsonString() ?? "null" : Lines.Join(p.Value)),
            (string?)node["output_type"] == "execute_result"),
        _ => null,
    };

    private static JsonObject Bundle(IReadOnlyDictionary<string, string> mime) =>
        new(mime.Select(p =>
            KeyValuePair.Create<string, JsonNode?>(p.Key, IsJson(p.Key) ? JsonNode.Parse(p.Value) : Lines.Split(p.Value))));

    /// <summary>Whether content of a MIME type is stored and sent as a JSON object, not as text.</summary>
    public static bool IsJson(string mime) => mime == "application/json" || mime.EndsWith("+json", StringComparison.Ordinal);
}
