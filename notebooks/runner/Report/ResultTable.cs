using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Report;

/// <summary>
/// A result table that the library's formatter embeds in its HTML for other programs than browsers:
/// <c>&lt;script type="application/json" class="deviceid-table"&gt;{"title", "columns", "rows", "note"}&lt;/script&gt;</c>.
/// </summary>
internal sealed partial record ResultTable(
    string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, string? Note)
{
    public static IEnumerable<ResultTable> In(NotebookFile notebook) => notebook.CodeCells
        .SelectMany(c => c.Outputs.OfType<Output.Data>())
        .SelectMany(d => Block().Matches(d.Mime.GetValueOrDefault("text/html", "")))
        .Select(m => Parse(m.Groups[1].Value))
        .OfType<ResultTable>();

    private static ResultTable? Parse(string json)
    {
        try
        {
            var node = JsonNode.Parse(json);
            if (node?["columns"] is not JsonArray columns || node["rows"] is not JsonArray rows)
                return null;
            return new(Text(node["title"]), [.. columns.Select(Text)],
                [.. rows.Select(r => (IReadOnlyList<string>)[.. r!.AsArray().Select(Text)])], Text(node["note"]));
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return null; // not a result table; the report still shows its HTML
        }
    }

    private static string Text(JsonNode? node) => node?.ToString() ?? "";

    [GeneratedRegex("""<script type="application/json" class="deviceid-table">(.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex Block();
}
