using System.Text.Json;
using System.Text.Json.Nodes;
using DeviceId.Notebooks.Format;
using Microsoft.DotNet.Interactive.Formatting;

namespace DeviceId.Notebooks.Engine;

/// <summary>A value rendered by Microsoft.DotNet.Interactive.Formatting, the library that Polyglot Notebooks uses.</summary>
internal static class MimeBundle
{
    /// <param name="value">What to show. A string with MIME types given is content of that type already.</param>
    /// <param name="mimeTypes">The types wanted; none asks the formatter of the value's type.</param>
    /// <exception cref="ArgumentException">The content of a JSON type is no JSON; in a cell this becomes the cell's error.</exception>
    public static IReadOnlyDictionary<string, string> Create(object? value, params string[] mimeTypes)
    {
        var bundle = new Dictionary<string, string>();
        if (value is string text)
        {
            foreach (var mime in mimeTypes.DefaultIfEmpty(PlainTextFormatter.MimeType))
                bundle[mime] = Checked(mime, text);
            return bundle;
        }

        var wanted = mimeTypes.Length > 0 ? mimeTypes : [.. Formatter.GetPreferredMimeTypesFor(value?.GetType())];
        foreach (var mime in wanted)
            bundle[mime] = Checked(mime, value.ToDisplayString(mime));
        if (!bundle.ContainsKey(PlainTextFormatter.MimeType))
            bundle[PlainTextFormatter.MimeType] = value.ToDisplayString(PlainTextFormatter.MimeType);
        return bundle;
    }

    // Half a surrogate pair is found only when the text is written again; in a message or in the notebook's file it would be too late.
    private static string Checked(string mime, string text)
    {
        if (!Output.IsJson(mime))
            return text;
        try
        {
            return JsonNode.Parse(text)?.ToJsonString() ?? "null";
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new ArgumentException($"What is shown as {mime} is not JSON: {problem.Message} Show it as text/plain, or correct it.",
                nameof(text), problem);
        }
    }
}
