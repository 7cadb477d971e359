using System.Text.RegularExpressions;

namespace DeviceId.Tests.Layout;

/// <summary>Links, headings and code spans of a Markdown text.</summary>
internal static partial class MarkdownLinks
{
    /// <summary>Relative targets of links and images (no web addresses).</summary>
    /// <param name="markdown">The text.</param>
    public static IEnumerable<string> RelativeTargets(string markdown)
    {
        var prose = Span().Replace(WithoutFences(markdown), "`");
        return Inline().Matches(prose).Concat(Definition().Matches(prose)).Concat(Attribute().Matches(prose))
            .Select(match => match.Groups["target"].Value).Where(target => !Scheme().IsMatch(target));
    }

    /// <summary>Anchors of the headings, as GitHub makes them for a document and Jupyter for a notebook.</summary>
    /// <param name="path">Path of the file; its extension decides which of the two.</param>
    /// <param name="markdown">The text.</param>
    public static IReadOnlySet<string> Anchors(string path, string markdown)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (var heading in Heading().Matches(WithoutFences(markdown)).Select(match => match.Groups["text"].Value))
        {
            var anchor = path.EndsWith(".ipynb", StringComparison.Ordinal) ? heading.Replace(' ', '-') : Slug(heading);
            var unique = anchor;
            for (var copy = 1; !anchors.Add(unique); copy++)
                unique = $"{anchor}-{copy}";
        }

        return anchors;
    }

    /// <summary>GitHub's anchor of a heading: lower case, without punctuation, hyphens instead of spaces.</summary>
    /// <param name="heading">The heading's Markdown, without its number signs.</param>
    public static string Slug(string heading)
    {
        var text = Emphasis().Replace(LinkText().Replace(heading, "$1"), "");
        return Punctuation().Replace(text.Trim().ToLowerInvariant(), "").Replace(' ', '-');
    }

    /// <summary>The contents of code spans outside of code blocks.</summary>
    /// <param name="markdown">The text.</param>
    public static IEnumerable<string> CodeSpans(string markdown) =>
        Span().Matches(WithoutFences(markdown)).Select(match => match.Groups["code"].Value);

    private static string WithoutFences(string markdown) => Fence().Replace(markdown, "");

    [GeneratedRegex(@"^(?<fence>```+|~~~+).*?^\k<fence>", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"(?<ticks>`+)(?<code>[^`]+)\k<ticks>")]
    private static partial Regex Span();

    // [text](target) and [text](<target> "title"); the target may contain one level of parentheses.
    [GeneratedRegex("""\]\(\s*<?(?<target>(?:[^()\s<>]|\([^()\s]*\))+)>?(?:\s+"[^"]*")?\s*\)""")]
    private static partial Regex Inline();

    [GeneratedRegex(@"^ {0,3}\[[^\]]+\]:\s*(?<target>\S+)", RegexOptions.Multiline)]
    private static partial Regex Definition();

    [GeneratedRegex("""<(?:a|img)\s[^>]*(?:href|src)="(?<target>[^"]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Attribute();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*:")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^ {0,3}#{1,6}[ \t]+(?<text>.+?)[ \t]*#*[ \t]*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"`|\*")]
    private static partial Regex Emphasis();

    [GeneratedRegex(@"[^\p{L}\p{M}\p{Nd}_\- ]")]
    private static partial Regex Punctuation();
}
