namespace DeviceId.Reporting;

/// <summary>Formatter source of all our notebook values: HTML for the page, text for the terminal.</summary>
internal sealed class NotebookFormatters
{
    /// <summary>Called by the engine through reflection.</summary>
    public static IEnumerable<object> CreateTypeFormatters() =>
    [
        new Formatter("text/html", value => value.ToHtml()),
        new Formatter("text/plain", value => value.ToString() ?? ""),
    ];

    /// <summary>A formatter with the members that the engine expects: <c>MimeType</c> and <c>Format(object, TextWriter)</c>.</summary>
    private sealed class Formatter(string mimeType, Func<INotebookValue, string> format)
    {
        public string MimeType { get; } = mimeType;

        public bool Format(object instance, TextWriter writer)
        {
            writer.Write(format((INotebookValue)instance));
            return true;
        }
    }
}
