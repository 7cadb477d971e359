namespace DeviceId.Reporting;

/// <summary>Formatter source of all our notebook values: HTML for the page, text for the terminal.</summary>
internal sealed class NotebookFormatters
{
    /// <summary>Called by the engine through reflection.</summary>
    public static IEnumerable<object> CreateTypeFormatters() =>
    [
        new NotebookFormatter<INotebookValue>("text/html", value => value.ToHtml()),
        new NotebookFormatter<INotebookValue>("text/plain", value => value.ToString() ?? ""),
    ];
}
