using System.Text.Json.Nodes;

namespace DeviceId.Notebooks.Format;

/// <summary>One cell of a notebook, prose or code, with its outputs.</summary>
internal sealed class Cell(string type, string source)
{
    public const string Code = "code";
    public const string Markdown = "markdown";
    public const string Raw = "raw";

    /// <summary>The tag with which Jupyter's tools leave a cell out of a run.</summary>
    public const string SkipTag = "skip-execution";

    /// <summary>The tag with which Jupyter's tools go on after an error of the cell.</summary>
    public const string MayFailTag = "raises-exception";

    private const string AttachmentsKey = "attachments";

    /// <summary>"code", "markdown" or "raw".</summary>
    public string Type { get; } = type;

    public string Source { get; } = source;

    /// <summary>The identifier that nbformat 4.5 requires: 1 to 64 letters, digits, - and _, unique in the notebook.</summary>
    public string Id { get; set; } = "";

    public JsonObject Metadata { get; init; } = [];

    public int? ExecutionCount { get; set; }

    public List<Output> Outputs { get; } = [];

    /// <summary>The keys of the cell that have no property here; they are written as they were read.</summary>
    public JsonObject OtherKeys { get; init; } = [];

    /// <summary>The content of a file attached to the cell, by MIME type; null if there is none of this name.</summary>
    public JsonObject? Attachment(string name) => (OtherKeys[AttachmentsKey] as JsonObject)?[name] as JsonObject;

    public IReadOnlyList<string> Tags => Metadata["tags"] is JsonArray tags ? [.. tags.Select(Text).OfType<string>()] : [];

    /// <summary>Whether the cell is not run; its outputs stay as they are.</summary>
    public bool IsSkipped => HasTag(SkipTag);

    /// <summary>Whether the notebook goes on after an error of the cell.</summary>
    public bool MayFail => HasTag(MayFailTag);

    /// <summary>The language that the cell itself names, in VS Code's polyglot metadata; null if it has that of its notebook.</summary>
    public string? NamedLanguage =>
        Text(Metadata["polyglot_notebook"]?["kernelName"]) ?? Text(Metadata["dotnet_interactive"]?["language"]);

    /// <summary>The format of a raw cell, such as "text/latex"; empty if it is not known.</summary>
    public string RawMimeType => Text(Metadata["raw_mimetype"]) ?? Text(Metadata["format"]) ?? "";

    public bool HasTag(string tag) => Tags.Contains(tag);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
