namespace DeviceId.Reporting;

/// <summary>
/// Formatter source of figures: HTML with a script for notebooks that are worked with, a PNG without HTML for those that are published.
/// Repository pages and nbconvert prefer HTML and do not run its script.
/// </summary>
internal sealed class FigureFormatters
{
    /// <summary>Environment variable; its value is 1 in the process that runs notebooks to publish them.</summary>
    public const string PublishVariable = "DEVICEID_PUBLISH";

    /// <summary>Whether outputs are made for a page that runs no script and holds no recording.</summary>
    public static bool IsPublishing => Environment.GetEnvironmentVariable(PublishVariable) == "1";

    /// <summary>The forms of a figure, the best first.</summary>
    public static string[] MimeTypes => IsPublishing ? ["image/png", "text/plain"] : ["text/html", "text/plain"];

    /// <summary>Called by the engine through reflection.</summary>
    public static IEnumerable<object> CreateTypeFormatters() =>
    [
        new NotebookFormatter<Figure>("text/html", figure => figure.ToHtml()),
        new NotebookFormatter<Figure>("image/png", figure => Convert.ToBase64String(StaticRendering.PngForNotebook(figure))),
        new NotebookFormatter<Figure>("text/plain", figure => figure.ToString()),
    ];
}
