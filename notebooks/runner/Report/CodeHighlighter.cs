using System.Net;
using System.Text;
using DeviceId.Notebooks.Engine;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DeviceId.Notebooks.Report;

/// <summary>Renders C# as HTML with syntax colours, from the compiler's own tokens.</summary>
internal static class CodeHighlighter
{
    public static string ToHtml(string code)
    {
        var html = new StringBuilder();
        foreach (var token in SyntaxFactory.ParseTokens(code, options: Directives.ParseOptions))
        {
            AddTrivia(html, token.LeadingTrivia);
            Add(html, token.Text, ClassOf(token));
            AddTrivia(html, token.TrailingTrivia);
        }

        return html.ToString();
    }

    private static void AddTrivia(StringBuilder html, SyntaxTriviaList trivia)
    {
        foreach (var item in trivia)
            Add(html, item.ToFullString(), item.IsDirective ? "k" : string.IsNullOrWhiteSpace(item.ToFullString()) ? null : "c");
    }

    private static string? ClassOf(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => "n",
        SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.InterpolatedStringToken
            or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken => "s",
        var kind when SyntaxFacts.IsKeywordKind(kind) || token.Text is "var" or "await" or "record" => "k",
        _ => null,
    };

    private static void Add(StringBuilder html, string text, string? css)
    {
        if (text.Length == 0)
            return;
        var encoded = WebUtility.HtmlEncode(text);
        html.Append(css is null ? encoded : $"<span class=\"{css}\">{encoded}</span>");
    }
}
