using System.Text.Json.Nodes;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;

namespace DeviceId.Tests.Notebooks;

/// <summary>Small notebooks for tests.</summary>
internal static class NotebookBuilder
{
    public static Cell Code(string source) => new(Cell.Code, source);

    public static Cell Prose(string source) => new(Cell.Markdown, source);

    public static Cell Parameters(string source) => Tagged(ParameterOverrides.Tag, source);

    public static Cell Tagged(string tag, string source) =>
        new(Cell.Code, source) { Metadata = new JsonObject { ["tags"] = new JsonArray(tag) } };

    public static Cell InLanguage(string language, string source) => new(Cell.Code, source)
    {
        Metadata = new JsonObject { ["polyglot_notebook"] = new JsonObject { ["kernelName"] = language } },
    };

    public static string Write(TemporaryFolder folder, string name, params Cell[] cells)
    {
        var path = folder.File(name);
        new NotebookFile(cells).Write(path);
        return path;
    }

    /// <summary>The same with metadata as another program wrote them.</summary>
    public static string WriteWithMetadata(TemporaryFolder folder, string name, string metadata, params Cell[] cells)
    {
        var path = Write(folder, name, cells);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json["metadata"] = JsonNode.Parse(metadata);
        File.WriteAllText(path, json.ToJsonString());
        return path;
    }
}
