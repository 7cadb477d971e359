using System.Text.Json;
using System.Text.Json.Nodes;
using DeviceId.Notebooks.Format;
using Microsoft.DotNet.Interactive.Formatting;

namespace DeviceId.Notebooks.Engine;

/// <summary>A value rendered by Microsoft.DotNet.Interactive.Formatting, the library that Polyglot Notebooks uses.</summary>
internal static class MimeBundle
{
    /// <param name="value">The value to show. A string together with MIME types is content of these types already.</param>
    /// <param name="mimeTypes">The MIME types; with none, the formatter of the value's type chooses.</param>
    /// <exception cref="ArgumentException">The content of a JSON type is not JSON; in a cell this is the cell's error.</exception>
    public static IReadOnlyDictionary<string, string> Create(object? value, params string[] mimeTypes)
    {
        var bundle = new Dictionary<string, string>();
        if (value is string text)
        {
            foreach (var mime in mimeTypes.DefaultIfEmpty(PlainTextFormatter.MimeType))
                bundle[mime] = Check(mime, text);
            return bundle;
        }

        var types = mimeTypes.Length > 0 ? mimeTypes : [.. Formatter.GetPreferredMimeTypesFor(value?.GetType())];
        foreach (var mime in types)
            bundle[mime] = Check(mime, value.ToDisplayString(mime));
        if (!bundle.ContainsKey(PlainTextFormatter.MimeType))
            bundle[PlainTextFormatter.MimeType] = value.ToDisplayString(PlainTextFormatter.MimeType);
        return bundle;
    }

    // Serialising the text again finds an unpaired surrogate here, and not later when a message or the notebook is written.
    private static string Check(string mime, string text)
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
