using DeviceId.Notebooks.Format;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.ValueSharing;
using Diagnostic = Microsoft.DotNet.Interactive.Diagnostic;
using LinePosition = Microsoft.DotNet.Interactive.LinePosition;
using LinePositionSpan = Microsoft.DotNet.Interactive.LinePositionSpan;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// The C# kernel among those of the package. It is not the package's own, which names no lines in exceptions and stays busy for ever with
/// an endless loop that was stopped.
/// </summary>
internal sealed class CSharpKernel : Kernel, IKernelCommandHandler<SubmitCode>, IKernelCommandHandler<RequestCompletions>,
    IKernelCommandHandler<RequestHoverText>, IKernelCommandHandler<RequestSignatureHelp>, IKernelCommandHandler<RequestDiagnostics>,
    IKernelCommandHandler<RequestValue>, IKernelCommandHandler<RequestValueInfos>, IKernelCommandHandler<SendValue>
{
    public const string KernelName = "csharp";

    private readonly ScriptEngine _engine;
    private readonly LanguageService _language;

    public CSharpKernel(ScriptEngine engine)
        : base(KernelName)
    {
        (_engine, _language) = (engine, new LanguageService(engine));
        KernelInfo.LanguageName = "C#";
        KernelInfo.LanguageVersion = "14.0";
        RegisterCommandHandler<CellCommand>((command, context) => command.HandleAsync(context));
        var import = new KernelActionDirective("#!import")
        {
            Parameters = { new KernelDirectiveParameter("--file") { AllowImplicitName = true, Required = true } },
        };
        AddDirective<ImportDocument>(import, (command, _) => _engine.ImportAsync(command.FilePath));
    }

    /// <summary>Runs code that a cell submits itself, such as with Kernel.Root.SendAsync.</summary>
    public async Task HandleAsync(SubmitCode command, KernelInvocationContext context)
    {
        try
        {
            var value = await _engine.RunAsync(command.Code, "submitted code");
            if (value is not null)
                context.Publish(new ReturnValueProduced(value, command, MimeBundle.Format(value)));
        }
        catch (ScriptException problem)
        {
            context.Fail(command, problem, problem.Message);
        }
    }

    public async Task HandleAsync(RequestCompletions command, KernelInvocationContext context)
    {
        var (text, position) = Place(command);
        var (span, matches) = await _language.CompleteAsync(command.Code, position);
        context.Publish(new CompletionsProduced([.. matches.Select(m => new CompletionItem(m, ""))], command, Span(text, span)));
    }

    public async Task HandleAsync(RequestHoverText command, KernelInvocationContext context)
    {
        var found = await _language.InspectAsync(command.Code, Place(command).Position);
        if (found.Length > 0)
            context.Publish(new HoverTextProduced(command, [new FormattedValue(PlainTextFormatter.MimeType, found)]));
    }

    public async Task HandleAsync(RequestSignatureHelp command, KernelInvocationContext context)
    {
        var (signatures, parameter) = await _language.SignaturesAsync(command.Code, Place(command).Position);
        if (signatures.Count > 0)
            context.Publish(new SignatureHelpProduced(command, [.. signatures.Select(Signature)], 0, parameter));
    }

    public async Task HandleAsync(RequestDiagnostics command, KernelInvocationContext context)
    {
        var found = await _language.DiagnoseAsync(command.Code);
        context.Publish(new DiagnosticsProduced([.. found.Select(Diagnostic.FromCodeAnalysisDiagnostic)],
            [.. found.Select(d => new FormattedValue(PlainTextFormatter.MimeType, d.ToString()))], command));
    }

    public Task HandleAsync(RequestValue command, KernelInvocationContext context)
    {
        if (_engine.Variables.LastOrDefault(v => v.Name == command.Name) is { } variable)
        {
            context.Publish(new ValueProduced(variable.Value, command.Name,
                FormattedValue.CreateSingleFromObject(variable.Value, command.MimeType), command));
        }
        else
        {
            context.Fail(command, message: $"There is no variable '{command.Name}' in C#.");
        }

        return Task.CompletedTask;
    }

    public Task HandleAsync(RequestValueInfos command, KernelInvocationContext context)
    {
        var values = _engine.Variables.GroupBy(v => v.Name).Select(g => g.Last()).Select(v =>
            new KernelValueInfo(v.Name, FormattedValue.CreateSingleFromObject(v.Value, command.MimeType), v.Type));
        context.Publish(new ValueInfosProduced([.. values], command));
        return Task.CompletedTask;
    }

    public async Task HandleAsync(SendValue command, KernelInvocationContext context)
    {
        try
        {
            await SetValueAsync(command, context, (name, value, _) => _engine.DeclareAsync(name, value));
        }
        catch (NotebookException problem)
        {
            context.Fail(command, problem, problem.Message);
        }
    }

    private static (SourceText Text, int Position) Place(LanguageServiceCommand command)
    {
        var text = SourceText.From(command.Code);
        // The package cuts spaces off the end of the code, but not off the position.
        return (text, Math.Min(text.Length, text.Lines.GetPosition(command.LinePosition.ToCodeAnalysisLinePosition())));
    }

    private static LinePositionSpan Span(SourceText text, TextSpan span) =>
        LinePositionSpan.FromCodeAnalysisLinePositionSpan(text.Lines.GetLinePositionSpan(span));

    private static SignatureInformation Signature(IMethodSymbol method)
    {
        static FormattedValue Documentation(ISymbol symbol) =>
            new(PlainTextFormatter.MimeType, symbol.GetDocumentationCommentXml() ?? "");
        return new SignatureInformation(method.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), Documentation(method),
            [.. method.Parameters.Select(p => new ParameterInformation(p.Name, Documentation(p)))]);
    }
}
