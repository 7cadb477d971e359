using System.Text.Json;
using System.Text.Json.Nodes;
using DeviceId.Notebooks.Format;
using Microsoft.DotNet.Interactive.Formatting;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// A value rendered by the package's formatters, with two additions: a string shown with MIME types is content of these types already, and
/// every other value has a text/plain form too.
/// </summary>
internal static class MimeBundle
{
    /// <param name="value">The value to show.</param>
    /// <param name="mimeTypes">The MIME types; with none, the formatter of the value's type chooses.</param>
    /// <exception cref="ArgumentException">The content of a JSON type is not JSON; in a cell this is the cell's error.</exception>
    public static IReadOnlyList<FormattedValue> Format(object? value, params string[] mimeTypes)
    {
        if (value is string text)
            return [.. mimeTypes.DefaultIfEmpty(PlainTextFormatter.MimeType).Select(mime => new FormattedValue(mime, Check(mime, text)))];
        var formatted = FormattedValue.CreateManyFromObject(value, mimeTypes)
            .Select(f => new FormattedValue(f.MimeType, Check(f.MimeType, f.Value))).ToList();
        if (formatted.All(f => f.MimeType != PlainTextFormatter.MimeType))
            formatted.Add(FormattedValue.CreateSingleFromObject(value, PlainTextFormatter.MimeType));
        return formatted;
    }

    /// <summary>The same by MIME type.</summary>
    public static IReadOnlyDictionary<string, string> Create(object? value, params string[] mimeTypes) => Create(Format(value, mimeTypes));

    /// <summary>Formatted values by MIME type.</summary>
    /// <exception cref="ArgumentException">The content of a JSON type is not JSON.</exception>
    public static IReadOnlyDictionary<string, string> Create(IEnumerable<FormattedValue> values)
    {
        var bundle = new Dictionary<string, string>();
        foreach (var value in values)
            bundle[value.MimeType] = Check(value.MimeType, value.Value);
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
