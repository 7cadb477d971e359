using System.Text.Json.Nodes;

namespace DeviceId.Notebooks.Format;

/// <summary>One cell of a notebook: prose or code, with what its execution left.</summary>
internal sealed class Cell(string type, string source)
{
    public const string Code = "code";
    public const string Markdown = "markdown";

    /// <summary>"code", "markdown" or "raw".</summary>
    public string Type { get; } = type;

    public string Source { get; } = source;

    /// <summary>nbformat 4.5 wants an identifier of 1 to 64 letters, digits, - and _ for every cell, unique in the notebook.</summary>
    public string Id { get; set; } = "";

    public JsonObject Metadata { get; init; } = [];

    public int? ExecutionCount { get; set; }

    public List<Output> Outputs { get; } = [];

    /// <summary>The language of the cell, as VS Code's polyglot metadata names it; C# where nothing is said.</summary>
    public string Language =>
        Text(Metadata["polyglot_notebook"]?["kernelName"]) ?? Text(Metadata["dotnet_interactive"]?["language"]) ?? "csharp";

    public bool HasTag(string tag) => Metadata["tags"] is JsonArray tags && tags.Any(t => Text(t) == tag);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
