using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Parses the directives of a cell: #r, #load, #!import, #!csharp and #!markdown. Lines inside strings, comments and prose are not
/// directives; those of C# (#if, #region, #nullable...) are left to the compiler.
/// </summary>
internal static partial class Directives
{
    /// <summary>The language version of the cells: C# 14 of .NET 10, as in the last release of .NET Interactive.</summary>
    public const LanguageVersion CSharp = LanguageVersion.CSharp14;

    public static readonly CSharpParseOptions ParseOptions = new(CSharp, kind: SourceCodeKind.Script);

    private const string Known = "#r, #load, #!import, #!csharp, #!markdown";

    /// <summary>The section that VS Code writes at the top of a .dib file for itself.</summary>
    private const string EditorMetadata = "meta";

    /// <exception cref="NotebookException">A directive is unknown or malformed; the message names it and its line.</exception>
    public static IReadOnlyList<CodePart> Parse(string source)
    {
        var lines = source.ReplaceLineEndings("\n").Split('\n');
        var parts = new List<CodePart>();
        for (var start = 0; start < lines.Length;)
        {
            var language = KernelLine().Match(lines[start]);
            var first = language.Success ? start + 1 : start;
            var end = Array.FindIndex(lines, first, l => KernelLine().IsMatch(l)) is var found and >= 0 ? found : lines.Length;
            if (!language.Success || !IsProse(language.Groups[1].Value))
                AddCode(parts, lines, first, end);
            else if (language.Groups[1].Value != EditorMetadata)
                AddMarkdown(parts, lines[first..end]);
            start = end;
        }

        return parts;
    }

    private static void AddMarkdown(List<CodePart> parts, string[] lines)
    {
        var text = string.Join('\n', lines).Trim();
        if (text.Length > 0)
            parts.Add(new CodePart.Markdown(text));
    }

    private static void AddCode(List<CodePart> parts, string[] all, int first, int end)
    {
        // Lines before the section become empty lines, so that positions in errors are those of the whole cell.
        var lines = all.Select((l, i) => i >= first && i < end ? l : "").Take(end).ToArray();
        var tree = CSharpSyntaxTree.ParseText(string.Join('\n', lines), ParseOptions);
        var references = new List<string>();
        var from = 0;
        foreach (var (line, text) in DirectiveLines(tree))
        {
            var match = DirectiveLine().Match(text);
            var (name, argument) = (match.Groups[1].Value, Unquote(match.Groups[2].Value));
            if (CompilerDirective().IsMatch(name))
                continue;
            lines[line - 1] = "";
            switch (name)
            {
                case "#r" when argument.Length > 0:
                    references.Add(argument);
                    break;
                case "#load" or "#!import" when argument.Length > 0:
                    AddScript(parts, lines, from, line, references);
                    references = [];
                    from = line;
                    parts.Add(new CodePart.Import(argument));
                    break;
                case "#r" or "#load" or "#!import":
                    throw Error(line, $"'{name}' needs a file name in quotes after it");
                default:
                    throw Error(line, $"unknown directive '{name}' (known: {Known})");
            }
        }

        AddScript(parts, lines, from, lines.Length, references);
    }

    private static void AddScript(List<CodePart> parts, string[] lines, int from, int to, List<string> references)
    {
        var code = string.Join('\n', lines.Take(to).Select((l, i) => i < from ? "" : l));
        if (code.Trim().Length > 0 || references.Count > 0)
            parts.Add(new CodePart.Script(code, references));
    }

    private static IEnumerable<(int Line, string Text)> DirectiveLines(SyntaxTree tree) =>
        tree.GetRoot().DescendantTrivia(descendIntoTrivia: false)
            .Where(t => t.IsDirective)
            .Select(t => tree.GetLineSpan(t.Span).StartLinePosition.Line)
            .Distinct()
            .Select(l => (l + 1, tree.GetText().Lines[l].ToString().Trim()));

    private static bool IsProse(string language) => language is "markdown" or "md" or EditorMetadata;

    private static string Unquote(string text) => text.Trim().Trim('"', '\'');

    private static NotebookException Error(int line, string problem) => new($"line {line}: {problem}.");

    [GeneratedRegex(@"^#!(csharp|c#|C#|cs|markdown|md|meta)\s*$")]
    private static partial Regex KernelLine();

    [GeneratedRegex(@"^(#\s*!?[\w-]*)\s*(.*?)\s*;?$")]
    private static partial Regex DirectiveLine();

    [GeneratedRegex(@"^#\s*(if|else|elif|endif|region|endregion|nullable|pragma|define|undef|warning|error|line)$")]
    private static partial Regex CompilerDirective();
}
