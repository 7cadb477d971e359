using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;
using Markdig;

namespace DeviceId.Notebooks.Report;

/// <summary>Renders Markdown as HTML.</summary>
internal static partial class Prose
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().UseFootnotes().Build();

    public static string ToHtml(string markdown) => Markdown.ToHtml(markdown, Pipeline);

    /// <summary>The text of a cell; files attached to the cell are embedded.</summary>
    public static string ToHtml(Cell cell) => AttachmentReference().Replace(ToHtml(cell.Source), reference =>
    {
        var name = Uri.UnescapeDataString(WebUtility.HtmlDecode(reference.Groups[1].Value));
        var (type, content) = cell.Attachment(name)?.FirstOrDefault() ?? default;
        return content is null ? reference.Value : $"src=\"{DataUri(type, Lines.Join(content))}\"";
    });

    /// <summary>Content as the address of an image, a sound or a video.</summary>
    /// <param name="type">The MIME type.</param>
    /// <param name="content">The content in Base64.</param>
    public static string DataUri(string type, string content) =>
        $"data:{HtmlText.Encode(type)};base64,{HtmlText.Encode(LineEnds().Replace(content, ""))}";

    // In Markdown and in HTML within it alike.
    [GeneratedRegex("""\bsrc="attachment:([^"]*)["]""")]
    private static partial Regex AttachmentReference();

    [GeneratedRegex(@"\s+")]
    private static partial Regex LineEnds();
}
