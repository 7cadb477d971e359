using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeviceId.Notebooks.Format;

/// <summary>A notebook in nbformat 4. Metadata of other programs is preserved.</summary>
internal sealed class NotebookFile
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        // The file is never embedded in HTML, so quotes and umlauts need no escaping and stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly JsonObject _metadata;

    public NotebookFile(IEnumerable<Cell> cells, JsonObject? metadata = null)
    {
        Cells = [.. cells];
        _metadata = metadata ?? PolyglotMetadata();
    }

    public List<Cell> Cells { get; }

    /// <summary>The language of the cells that name none.</summary>
    public string Language => NotebookLanguage.Of(_metadata);

    public IEnumerable<Cell> CodeCells => Cells.Where(c => c.Type == Cell.Code);

    /// <exception cref="NotebookException">The file cannot be read or is not an nbformat 4 notebook.</exception>
    public static NotebookFile Read(string path)
    {
        try
        {
            var root = JsonNode.Parse(File.ReadAllText(path), documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject;
            if ((int?)root?["nbformat"] is not 4 || root["cells"] is not JsonArray cells)
                throw new NotebookException($"'{path}' is not a notebook of nbformat 4: save it again with VS Code or Jupyter.");
            // Strings are decoded only when they are used. Serialising all of them now finds an unpaired surrogate before the notebook is
            // executed, not when the executed copy is written.
            _ = root.ToJsonString();
            return new(cells.Select(c => ReadCell(c as JsonObject ?? throw new JsonException("a cell is not an object"))),
                root["metadata"]?.DeepClone() as JsonObject);
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException
            or FormatException)
        {
            throw new NotebookException($"'{path}' cannot be read as a notebook: {problem.Message}", problem);
        }
    }

    /// <summary>Writes nbformat 4.5 atomically: a concurrent reader sees the old file or the new one.</summary>
    public void Write(string path)
    {
        AssignIds();
        var root = new JsonObject
        {
            ["cells"] = new JsonArray([.. Cells.Select(c => (JsonNode)WriteCell(c))]),
            ["metadata"] = _metadata.DeepClone(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        WholeFile.Write(path, root.ToJsonString(Layout) + "\n");
    }

    private static Cell ReadCell(JsonObject json)
    {
        var cell = new Cell((string?)json["cell_type"] ?? Cell.Code, Lines.Join(json["source"]))
        {
            Id = (string?)json["id"] ?? "",
            Metadata = json["metadata"]?.DeepClone() as JsonObject ?? [],
            ExecutionCount = (int?)json["execution_count"],
        };
        cell.Outputs.AddRange((json["outputs"] as JsonArray ?? []).OfType<JsonObject>().Select(Output.FromJson).OfType<Output>());
        return cell;
    }

    private static JsonObject WriteCell(Cell cell)
    {
        var json = new JsonObject
        {
            ["cell_type"] = cell.Type,
            ["id"] = cell.Id,
            ["metadata"] = cell.Metadata.DeepClone(),
            ["source"] = Lines.Split(cell.Source),
        };
        if (cell.Type != Cell.Code)
            return json;
        json["execution_count"] = cell.ExecutionCount;
        json["outputs"] = new JsonArray([.. cell.Outputs.Select(o => (JsonNode)o.ToJson(cell.ExecutionCount))]);
        return json;
    }

    private void AssignIds()
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Cells.Count; i++)
        {
            if (Cells[i].Id.Length is 0 or > 64 || !taken.Add(Cells[i].Id))
                taken.Add(Cells[i].Id = $"cell-{i + 1}-{Guid.NewGuid():N}"[..20]);
        }
    }

    private static JsonObject PolyglotMetadata() => (JsonObject)JsonNode.Parse("""
        {
          "kernelspec": { "display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp" },
          "language_info": { "name": "polyglot-notebook" },
          "polyglot_notebook": {
            "kernelInfo": { "defaultKernelName": "csharp", "items": [{ "aliases": [], "languageName": "csharp", "name": "csharp" }] }
          }
        }
        """)!;
}
