using Microsoft.DotNet.Interactive.Formatting;

namespace DeviceId.Notebooks.Engine;

/// <summary>A value rendered by Microsoft.DotNet.Interactive.Formatting, the library that Polyglot Notebooks uses.</summary>
internal static class MimeBundle
{
    /// <param name="value">What to show. A string with MIME types given is content of that type already.</param>
    /// <param name="mimeTypes">The types wanted; none asks the formatter of the value's type.</param>
    public static IReadOnlyDictionary<string, string> Of(object? value, params string[] mimeTypes)
    {
        var bundle = new Dictionary<string, string>();
        if (value is string text)
        {
            foreach (var mime in mimeTypes.DefaultIfEmpty(PlainTextFormatter.MimeType))
                bundle[mime] = text;
            return bundle;
        }

        var wanted = mimeTypes.Length > 0 ? mimeTypes : [.. Formatter.GetPreferredMimeTypesFor(value?.GetType())];
        foreach (var mime in wanted)
            bundle[mime] = value.ToDisplayString(mime);
        if (!bundle.ContainsKey(PlainTextFormatter.MimeType))
            bundle[PlainTextFormatter.MimeType] = value.ToDisplayString(PlainTextFormatter.MimeType);
        return bundle;
    }
}
