using System.Text.Json.Nodes;

namespace DeviceId.Notebooks.Format;

/// <summary>One cell of a notebook, prose or code, with its outputs.</summary>
internal sealed class Cell(string type, string source)
{
    public const string Code = "code";
    public const string Markdown = "markdown";

    /// <summary>"code", "markdown" or "raw".</summary>
    public string Type { get; } = type;

    public string Source { get; } = source;

    /// <summary>The identifier that nbformat 4.5 requires: 1 to 64 letters, digits, - and _, unique in the notebook.</summary>
    public string Id { get; set; } = "";

    public JsonObject Metadata { get; init; } = [];

    public int? ExecutionCount { get; set; }

    public List<Output> Outputs { get; } = [];

    /// <summary>The language that the cell itself names, in VS Code's polyglot metadata; null if it has that of its notebook.</summary>
    public string? NamedLanguage =>
        Text(Metadata["polyglot_notebook"]?["kernelName"]) ?? Text(Metadata["dotnet_interactive"]?["language"]);

    /// <summary>The language of the cell; C# by default.</summary>
    public string Language => NamedLanguage ?? "csharp";

    public bool HasTag(string tag) => Metadata["tags"] is JsonArray tags && tags.Any(t => Text(t) == tag);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
