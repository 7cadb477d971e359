using System.Text.Json.Nodes;

namespace DeviceId.Notebooks.Format;

/// <summary>
/// nbformat's multi-line strings: one string, or a list of lines with their line ends, which gives smaller diffs in version control.
/// </summary>
internal static class Lines
{
    public static string Join(JsonNode? node) => node switch
    {
        null => "",
        JsonArray lines => string.Concat(lines.Select(l => (string?)l)),
        _ => (string?)node ?? "",
    };

    public static JsonArray Split(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is var found and >= 0 ? found + 1 : text.Length;
            lines.Add((JsonNode)text[start..end]);
            start = end;
        }

        return lines;
    }
}
