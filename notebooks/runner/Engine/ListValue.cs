using System.Text;
using System.Text.Json;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// A list on the command line: JSON, or items separated by commas, where quotation marks hold an item with commas together.
/// </summary>
internal static class ListValue
{
    /// <summary>The items as texts; null if a quotation mark has no end.</summary>
    public static IReadOnlyList<string>? Parse(string text)
    {
        text = text.Trim();
        return ParseJson(text) ?? ParseItems(text.Trim('[', ']', '{', '}'));
    }

    private static IReadOnlyList<string>? ParseJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind != JsonValueKind.Array ? null
                : [.. json.RootElement.EnumerateArray().Select(i => i.ValueKind == JsonValueKind.String ? i.GetString()! : i.GetRawText())];
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static List<string>? ParseItems(string text)
    {
        var items = new List<string>();
        for (var at = 0; at < text.Length; at++)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            var (item, end) = at < text.Length && text[at] == '"' ? Quoted(text, at + 1) : Plain(text, at);
            if (item is null)
                return null;
            // Nothing between two commas is no item; "" is an empty one.
            if (item.Length > 0 || text[at..end].Contains('"', StringComparison.Ordinal))
                items.Add(item);
            at = end;
        }

        return items;
    }

    private static (string Item, int End) Plain(string text, int from)
    {
        var end = text.IndexOf(',', from) is var comma and >= 0 ? comma : text.Length;
        return (text[from..end].Trim(), end);
    }

    // Inside, "" and \" are a quotation mark. What follows the end up to the comma belongs to the item.
    private static (string? Item, int End) Quoted(string text, int from)
    {
        var item = new StringBuilder();
        for (var at = from; at < text.Length; at++)
        {
            if (text[at] is '"' or '\\' && at + 1 < text.Length && text[at + 1] == '"')
            {
                item.Append(text[++at]);
            }
            else if (text[at] == '"')
            {
                var (rest, end) = Plain(text, at + 1);
                return (item.ToString() + rest, end);
            }
            else
            {
                item.Append(text[at]);
            }
        }

        return (null, text.Length);
    }
}
