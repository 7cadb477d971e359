using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Text;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Completion and inspection by the compiler's own services, for the cell being edited after everything that has run so far.
/// </summary>
internal sealed class LanguageService(ScriptEngine engine)
{
    // For the compiler a cell with an open raw string is complete, unlike one with any other open construct.
    private const string UnterminatedRawString = "CS8997";

    private static readonly Lazy<MefHostServices> Host = new(() => MefHostServices.Create(MefHostServices.DefaultAssemblies));

    /// <summary>Completions at a position.</summary>
    /// <param name="code">The cell's text.</param>
    /// <param name="position">UTF-16 offset into it.</param>
    /// <returns>
    /// The span that a completion replaces, and at most 200 completions in the compiler's order, all starting with the text already typed.
    /// </returns>
    public async Task<(TextSpan Span, IReadOnlyList<string> Matches)> CompleteAsync(string code, int position)
    {
        using var workspace = new AdhocWorkspace(Host.Value);
        var document = Document(workspace, code);
        var service = CompletionService.GetService(document)!;
        var list = await service.GetCompletionsAsync(document, position);
        var span = list.ItemsList.Count > 0 ? list.Span : new TextSpan(position, 0);
        var typed = code.Substring(span.Start, position - span.Start);
        var matches = list.ItemsList
            .Where(i => i.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .OrderBy(i => i.FilterText.StartsWith(typed, StringComparison.Ordinal) ? 0 : 1)
            .ThenBy(i => i.SortText, StringComparer.OrdinalIgnoreCase)
            .Select(i => i.DisplayText).Distinct().Take(200).ToArray();
        return (span, matches);
    }

    /// <summary>Signature and documentation of the symbol at a position; empty if there is none.</summary>
    /// <param name="code">The cell's text.</param>
    /// <param name="position">UTF-16 offset into it; the end of a name counts as the name.</param>
    public async Task<string> InspectAsync(string code, int position)
    {
        using var workspace = new AdhocWorkspace(Host.Value);
        var document = Document(workspace, code);
        var service = QuickInfoService.GetService(document)!;
        var info = await service.GetQuickInfoAsync(document, position)
            ?? (position > 0 ? await service.GetQuickInfoAsync(document, position - 1) : null);
        return info is null ? "" : string.Join("\n\n", info.Sections.Select(s => s.Text).Where(t => t.Length > 0));
    }

    /// <summary>The methods that the call around a position can mean, and the parameter at the position.</summary>
    public async Task<(IReadOnlyList<IMethodSymbol> Methods, int Parameter)> SignaturesAsync(string code, int position)
    {
        using var workspace = new AdhocWorkspace(Host.Value);
        var document = Document(workspace, code);
        var root = (await document.GetSyntaxRootAsync())!;
        var arguments = root.FindToken(Math.Max(0, position - 1)).Parent?.AncestorsAndSelf().OfType<ArgumentListSyntax>().FirstOrDefault();
        if (arguments?.Parent is not { } call || (await document.GetSemanticModelAsync()) is not { } model)
            return ([], 0);
        var methods = call is InvocationExpressionSyntax invocation ? model.GetMemberGroup(invocation.Expression)
            : model.GetMemberGroup(call);
        var parameter = arguments.Arguments.GetSeparators().Count(comma => comma.SpanStart < position);
        return ([.. methods.OfType<IMethodSymbol>().Where(m => m.Parameters.Length > parameter || parameter == 0)], parameter);
    }

    /// <summary>What the compiler says about a cell before it runs.</summary>
    public async Task<IReadOnlyList<Diagnostic>> DiagnoseAsync(string code)
    {
        using var workspace = new AdhocWorkspace(Host.Value);
        var model = (await Document(workspace, code).GetSemanticModelAsync())!;
        return [.. model.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning)];
    }

    /// <summary>
    /// Whether a cell can run as it is, needs more lines, or has a syntax error: "complete", "incomplete" or "invalid".
    /// </summary>
    public static string Completeness(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code, Directives.ParseOptions);
        if (!SyntaxFactory.IsCompleteSubmission(tree) || tree.GetDiagnostics().Any(d => d.Id == UnterminatedRawString))
            return "incomplete";
        // Errors at directives are ignored: the compiler does not know those of the notebook.
        return tree.GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error
            && !tree.GetRoot().FindTrivia(d.Location.SourceSpan.Start).IsDirective) ? "invalid" : "complete";
    }

    // Each submission references the one before it; this is how the compiler passes variables and usings on.
    private Document Document(AdhocWorkspace workspace, string code)
    {
        var solution = workspace.CurrentSolution;
        ProjectId? previous = null;
        DocumentId? document = null;
        foreach (var text in engine.Submissions.Append(code))
        {
            var id = ProjectId.CreateNewId();
            var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, usings: ScriptEngine.Usings);
            var references = previous is null ? Array.Empty<ProjectReference>() : [new ProjectReference(previous)];
            var name = $"cell{id.Id:N}";
            solution = solution.AddProject(ProjectInfo.Create(id, VersionStamp.Default, name, name, LanguageNames.CSharp,
                parseOptions: Directives.ParseOptions, compilationOptions: options, projectReferences: references,
                metadataReferences: engine.References, isSubmission: true));
            document = DocumentId.CreateNewId(id);
            solution = solution.AddDocument(DocumentInfo.Create(document, "cell.csx", sourceCodeKind: SourceCodeKind.Script,
                loader: TextLoader.From(TextAndVersion.Create(SourceText.From(text), VersionStamp.Default))));
            previous = id;
        }

        return solution.GetDocument(document!)!;
    }
}
