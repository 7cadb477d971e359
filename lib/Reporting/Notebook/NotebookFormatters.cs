namespace DeviceId.Reporting;

/// <summary>The formatter source of every type of ours that a notebook shows: HTML for the page, text for the terminal.</summary>
internal sealed class NotebookFormatters
{
    /// <summary>Called by the engine, by name.</summary>
    public static IEnumerable<object> CreateTypeFormatters() =>
    [
        new ByConvention("text/html", value => value.ToHtml()),
        new ByConvention("text/plain", value => value.ToString() ?? ""),
    ];

    /// <summary>The shape that the engine expects of a formatter: <c>MimeType</c> and <c>Format(object, TextWriter)</c>.</summary>
    private sealed class ByConvention(string mimeType, Func<INotebookValue, string> format)
    {
        public string MimeType { get; } = mimeType;

        public bool Format(object instance, TextWriter writer)
        {
            writer.Write(format((INotebookValue)instance));
            return true;
        }
    }
}
