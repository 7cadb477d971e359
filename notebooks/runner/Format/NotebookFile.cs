using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeviceId.Notebooks.Format;

/// <summary>A notebook in nbformat 4. Metadata and keys of other programs are preserved.</summary>
internal sealed class NotebookFile
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        // The file is never embedded in HTML, so quotes and umlauts need no escaping and stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly string[] KnownKeys = ["cells", "metadata", "nbformat", "nbformat_minor"];
    private static readonly string[] KnownCellKeys = ["cell_type", "id", "metadata", "source"];
    private static readonly string[] KnownCodeKeys = [.. KnownCellKeys, "execution_count", "outputs"];

    private readonly JsonObject _metadata;
    private readonly JsonObject _otherKeys;
    private readonly int _minor = 5;

    public NotebookFile(IEnumerable<Cell> cells)
    {
        Cells = [.. cells];
        _metadata = PolyglotMetadata();
        _otherKeys = [];
    }

    private NotebookFile(IEnumerable<Cell> cells, JsonObject root)
    {
        Cells = [.. cells];
        _metadata = root["metadata"]?.DeepClone() as JsonObject ?? PolyglotMetadata();
        _otherKeys = root.Without(KnownKeys);
        _minor = Math.Max(_minor, (int?)root["nbformat_minor"] ?? _minor);
    }

    public List<Cell> Cells { get; }

    public JsonObject Metadata => _metadata;

    /// <summary>The language of the cells that name none.</summary>
    public string Language => NotebookLanguage.Of(_metadata);

    /// <summary>The language of a cell, of its own or of the notebook.</summary>
    public string LanguageOf(Cell cell) => NotebookLanguage.Normalise(cell.NamedLanguage ?? Language);

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
            return new(cells.Select(c => ReadCell(c as JsonObject ?? throw new JsonException("a cell is not an object"))), root);
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException
            or FormatException)
        {
            throw new NotebookException($"'{path}' cannot be read as a notebook: {problem.Message}", problem);
        }
    }

    /// <summary>
    /// Writes nbformat 4.5, or the later one that was read, atomically: a concurrent reader sees the old file or the new one.
    /// </summary>
    public void Write(string path)
    {
        AssignIds();
        var root = new JsonObject
        {
            ["cells"] = new JsonArray([.. Cells.Select(c => (JsonNode)WriteCell(c))]),
            ["metadata"] = _metadata.DeepClone(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = _minor,
        };
        root.AddRange(_otherKeys);
        WholeFile.Write(path, root.ToJsonString(Layout) + "\n");
    }

    private static Cell ReadCell(JsonObject json)
    {
        var type = (string?)json["cell_type"] ?? Cell.Code;
        var cell = new Cell(type, Lines.Join(json["source"]))
        {
            Id = (string?)json["id"] ?? "",
            Metadata = json["metadata"]?.DeepClone() as JsonObject ?? [],
            OtherKeys = json.Without(type == Cell.Code ? KnownCodeKeys : KnownCellKeys),
        };
        if (type != Cell.Code)
            return cell;
        cell.ExecutionCount = (int?)json["execution_count"];
        cell.Outputs.AddRange((json["outputs"] as JsonArray ?? []).OfType<JsonObject>().Select(Output.FromJson));
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
        if (cell.Type == Cell.Code)
        {
            json["execution_count"] = cell.ExecutionCount;
            json["outputs"] = new JsonArray([.. cell.Outputs.Select(o => (JsonNode)o.ToJson(cell.ExecutionCount))]);
        }

        json.AddRange(cell.OtherKeys);
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
