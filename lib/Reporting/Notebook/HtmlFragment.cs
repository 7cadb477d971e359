namespace DeviceId.Reporting;

/// <summary>An HTML fragment with a plain-text version for the terminal.</summary>
/// <param name="Html">HTML, already encoded.</param>
/// <param name="Text">The same content as plain text.</param>
[TypeFormatterSource(typeof(NotebookFormatters))]
internal sealed record HtmlFragment(string Html, string Text) : INotebookValue
{
    /// <summary>Creates a paragraph from a sentence.</summary>
    /// <param name="text">Plain text.</param>
    public static HtmlFragment Sentence(string text) => new($"<p>{System.Net.WebUtility.HtmlEncode(text)}</p>", text);

    /// <inheritdoc/>
    public string ToHtml() => Html;

    /// <inheritdoc/>
    public override string ToString() => Text;
}
