using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;
using Markdig;
using Markdig.Syntax;

namespace DeviceId.Notebooks.Report;

/// <summary>Renders Markdown as HTML.</summary>
internal static partial class Prose
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().UseFootnotes().Build();

    public static string ToHtml(string markdown) => Markdown.ToHtml(markdown, Pipeline);

    /// <summary>
    /// The text of a cell, its headings one level lower, because the cell is part of a section; files attached to the cell are embedded.
    /// </summary>
    /// <param name="cell">A cell of prose.</param>
    /// <param name="withoutTitle">Whether the heading that it begins with is left out.</param>
    public static string ToHtml(Cell cell, bool withoutTitle) =>
        AttachmentReference().Replace(Lower(cell.Source, withoutTitle), reference =>
        {
            var name = Uri.UnescapeDataString(WebUtility.HtmlDecode(reference.Groups[1].Value));
            var (type, content) = cell.Attachment(name)?.FirstOrDefault() ?? default;
            return content is null ? reference.Value : $"src=\"{DataUri(type, Lines.Join(content))}\"";
        });

    private static string Lower(string markdown, bool withoutTitle)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        if (withoutTitle && document.FirstOrDefault() is HeadingBlock title)
            document.Remove(title);
        foreach (var heading in document.Descendants<HeadingBlock>())
            heading.Level = Math.Min(heading.Level + 1, 6);
        return document.ToHtml(Pipeline);
    }

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
