using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Splits a cell into its parts. The package's own parser is not used for this: it takes lines inside strings and comments for directives
/// and loses the line numbers. Directives of C# (#if, #region, #nullable...) are left to the compiler.
/// </summary>
internal static partial class Directives
{
    /// <summary>The language version of the cells: C# 14 of .NET 10, as in the last release of .NET Interactive.</summary>
    public const LanguageVersion CSharp = LanguageVersion.CSharp14;

    public static readonly CSharpParseOptions ParseOptions = new(CSharp, kind: SourceCodeKind.Script);

    private const string Known = "#r, #load, #!import, #!csharp, #!markdown, #!html, #!javascript, #!mermaid, #!value, #!set, #!share, "
        + "#!time, #!about";

    /// <summary>The section that VS Code writes at the top of a .dib file for itself.</summary>
    private const string EditorMetadata = "meta";

    /// <param name="source">The text of a cell or of an imported file.</param>
    /// <param name="isImported">Whether sections of other languages become parts of their own. In a cell they are errors.</param>
    /// <exception cref="NotebookException">A directive is unknown or malformed; the message names it and its line.</exception>
    public static IReadOnlyList<CodePart> Parse(string source, bool isImported = false)
    {
        var lines = source.ReplaceLineEndings("\n").Split('\n');
        var parts = new List<CodePart>();
        for (var start = 0; start < lines.Length;)
        {
            var language = Language(lines[start], isImported);
            var first = language.Length > 0 ? start + 1 : start;
            var end = Array.FindIndex(lines, first, l => Language(l, isImported).Length > 0) is var found and >= 0 ? found : lines.Length;
            if (language is "" or NotebookLanguage.CSharp)
                AddCode(parts, lines, first, end);
            else if (language == "markdown")
                AddMarkdown(parts, lines[first..end]);
            else if (NotebookLanguage.IsOfPackage(language))
                parts.Add(new CodePart.Submission(string.Join('\n', lines[start..end]).TrimEnd(), start + 1));
            else if (language != EditorMetadata)
                parts.Add(new CodePart.OtherLanguage(language, start + 1));
            start = end;
        }

        return parts;
    }

    /// <summary>The line, counted from 1, on which the last statement of a cell begins: the place of its result.</summary>
    public static int ResultLine(string source)
    {
        var script = Parse(source).OfType<CodePart.Script>().LastOrDefault();
        var tree = CSharpSyntaxTree.ParseText(script?.Code ?? "", ParseOptions);
        return tree.GetCompilationUnitRoot().Members.LastOrDefault() is { } last
            ? tree.GetLineSpan(last.Span).StartLinePosition.Line + 1 : 1;
    }

    /// <summary>The language of the section that a line begins; "" for any other line.</summary>
    private static string Language(string line, bool isImported)
    {
        var match = KernelLine().Match(line);
        if (!match.Success && isImported)
            match = OtherLanguageLine().Match(line);
        return match.Success ? NotebookLanguage.Normalise(match.Groups[1].Value) : "";
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
            if (name == "#r" && argument.Length > 0)
            {
                references.Add(argument);
                continue;
            }

            AddScript(parts, lines, from, line, references);
            references = [];
            from = line;
            parts.Add(Directive(name, argument, text, line));
        }

        AddScript(parts, lines, from, lines.Length, references);
    }

    private static CodePart Directive(string name, string argument, string text, int line) => name switch
    {
        "#load" or "#!import" when argument.Length > 0 => new CodePart.Import(argument),
        "#r" or "#load" or "#!import" => throw Error(line, $"'{name}' needs a file name in quotes after it"),
        "#!set" or "#!share" or "#!time" or "#!about" => new CodePart.Submission(text, line),
        _ => throw Error(line, $"unknown directive '{name}' (known: {Known})"),
    };

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

    private static string Unquote(string text) => text.Trim().Trim('"', '\'');

    private static NotebookException Error(int line, string problem) => new($"line {line}: {problem}.");

    [GeneratedRegex(@"^#!(csharp|c#|C#|cs|markdown|md|meta|html|javascript|js|mermaid(?=\s|$)|value(?=\s))(?:(?<=mermaid|value)\s.*|\s*)$")]
    private static partial Regex KernelLine();

    [GeneratedRegex(@"^#!(fsharp|f#|F#|pwsh|powershell|sql|kql|http|python|R|r)\s*$")]
    private static partial Regex OtherLanguageLine();

    [GeneratedRegex(@"^(#\s*!?[\w-]*)\s*(.*?)\s*;?$")]
    private static partial Regex DirectiveLine();

    [GeneratedRegex(@"^#\s*(if|else|elif|endif|region|endregion|nullable|pragma|define|undef|warning|error|line)$")]
    private static partial Regex CompilerDirective();
}
