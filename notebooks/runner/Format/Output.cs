using System.Text.Json.Nodes;

namespace DeviceId.Notebooks.Format;

/// <summary>An output of a cell. nbformat has four kinds: console text, displayed value, result and error.</summary>
internal abstract record Output
{
    private const string TypeKey = "output_type";

    private static readonly string[] KnownKeys =
        [TypeKey, "name", "text", "ename", "evalue", "traceback", "data", "metadata", "execution_count"];

    /// <summary>Console text; <paramref name="Name"/> is "stdout" or "stderr".</summary>
    public sealed record Stream(string Name, string Text) : Output;

    /// <summary>A displayed value by MIME type; with <paramref name="IsResult"/> the value of the cell's last expression.</summary>
    public sealed record Data(IReadOnlyDictionary<string, string> Mime, bool IsResult) : Output
    {
        /// <summary>How to show the content, such as the width of an image; null for nothing.</summary>
        public JsonObject? Metadata { get; init; }
    }

    public sealed record Error(string Name, string Message, IReadOnlyList<string> Trace) : Output;

    /// <summary>An output of a kind that this version does not know, as it was read.</summary>
    public sealed record Other(JsonObject Json) : Output;

    /// <summary>The keys of the output that have no property here; null for none.</summary>
    public JsonObject? OtherKeys { get; init; }

    public JsonObject ToJson(int? executionCount)
    {
        var json = KnownToJson(executionCount);
        json.AddRange(OtherKeys);
        return json;
    }

    private JsonObject KnownToJson(int? executionCount) => this switch
    {
        Stream s => new() { [TypeKey] = "stream", ["name"] = s.Name, ["text"] = Lines.Split(s.Text) },
        Error e => new()
        {
            [TypeKey] = "error",
            ["ename"] = e.Name,
            ["evalue"] = e.Message,
            ["traceback"] = new JsonArray([.. e.Trace.Select(t => (JsonNode)t)]),
        },
        Data { IsResult: true } d => new()
        {
            [TypeKey] = "execute_result",
            ["execution_count"] = executionCount,
            ["data"] = Bundle(d.Mime),
            ["metadata"] = Copy(d.Metadata),
        },
        Data d => new() { [TypeKey] = "display_data", ["data"] = Bundle(d.Mime), ["metadata"] = Copy(d.Metadata) },
        Other o => Copy(o.Json),
        _ => throw new InvalidOperationException($"No nbformat form for {GetType().Name}."),
    };

    public static Output FromJson(JsonObject json)
    {
        var output = KnownFromJson(json);
        var others = output is Other ? [] : json.Without(KnownKeys);
        return others.Count > 0 ? output with { OtherKeys = others } : output;
    }

    private static Output KnownFromJson(JsonObject json) => (string?)json[TypeKey] switch
    {
        "stream" => new Stream((string?)json["name"] ?? "stdout", Lines.Join(json["text"])),
        "error" => new Error((string?)json["ename"] ?? "", (string?)json["evalue"] ?? "",
            [.. (json["traceback"] as JsonArray ?? []).Select(t => (string?)t ?? "")]),
        "display_data" or "execute_result" => new Data(
            (json["data"] as JsonObject ?? [])
                .ToDictionary(p => p.Key, p => IsJson(p.Key) ? p.Value?.ToJsonString() ?? "null" : Lines.Join(p.Value)),
            (string?)json[TypeKey] == "execute_result")
        {
            Metadata = json["metadata"]?.DeepClone() as JsonObject,
        },
        _ => new Other(Copy(json)),
    };

    private static JsonObject Copy(JsonObject? json) => (JsonObject?)json?.DeepClone() ?? [];

    private static JsonObject Bundle(IReadOnlyDictionary<string, string> mime) =>
        new(mime.Select(p =>
            KeyValuePair.Create<string, JsonNode?>(p.Key, IsJson(p.Key) ? JsonNode.Parse(p.Value) : Lines.Split(p.Value))));

    /// <summary>Whether content of a MIME type is stored and sent as a JSON object, not as text.</summary>
    public static bool IsJson(string mime) => mime == "application/json" || mime.EndsWith("+json", StringComparison.Ordinal);
}
