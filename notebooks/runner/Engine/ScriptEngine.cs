using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Runs C# and keeps variables, types and usings from one submission to the next, with the compiler and the rules of .NET Interactive's
/// C# kernel.
/// </summary>
internal sealed partial class ScriptEngine
{
    /// <summary>Namespaces and classes that every cell imports.</summary>
    public static readonly string[] Usings =
    [
        "System", "System.IO", "System.Text", "System.Collections", "System.Collections.Generic", "System.Linq", "System.Threading.Tasks",
        "Microsoft.DotNet.Interactive", "Microsoft.DotNet.Interactive.Kernel", "Microsoft.DotNet.Interactive.Formatting",
        "DeviceId.Notebooks.Cells", OwnClass,
    ];

    // Imported by the first submission only, for all: after a #r the compiler would take a class of the runner that is imported again for
    // another one, and calls of its methods for ambiguous.
    private const string OwnClass = "DeviceId.Notebooks.Cells.CellDisplay";

    private readonly string _folder;
    private readonly InteractiveAssemblyLoader _loader = new();
    private readonly AssemblyReferences _references;
    private ScriptOptions _options;
    private readonly List<string> _submissions = [];
    private readonly Lazy<NotebookKernels> _kernels;
    private readonly Stack<string> _imports = [];
    private ScriptState<object>? _state;

    /// <param name="folder">The base of relative paths in #r and #!import: the notebook's folder.</param>
    public ScriptEngine(string folder)
    {
        _folder = folder;
        _kernels = new Lazy<NotebookKernels>(() => new NotebookKernels(this));
        _references = new AssemblyReferences(_loader);
        _options = ScriptOptions.Default
            .WithReferences(AssemblyReferences.Platform())
            .WithImports(Usings)
            .WithLanguageVersion(Directives.CSharp)
            .WithAllowUnsafe(false)
            .WithEmitDebugInformation(true)
            .WithFileEncoding(System.Text.Encoding.UTF8);
    }

    /// <summary>The submissions that ran without an exception, in order; completion uses them.</summary>
    public IReadOnlyList<string> Submissions => _submissions;

    /// <summary>The references of the next submission.</summary>
    public IReadOnlyList<MetadataReference> References => _options.MetadataReferences;

    /// <summary>The kernels of the package, with this engine as their C#.</summary>
    public NotebookKernels Kernels => _kernels.Value;

    /// <summary>The variables of all submissions, the newest last.</summary>
    public IEnumerable<ScriptVariable> Variables => _state?.Variables ?? [];

    /// <summary>Runs the parts of a cell in order and returns the value of the last expression; null if there is none.</summary>
    /// <param name="source">The cell's text, directives included.</param>
    /// <param name="name">The name of the cell in errors and stack traces, such as "cell 3".</param>
    /// <param name="markdown">Receives the text of #!markdown sections.</param>
    /// <exception cref="ScriptException">The code does not compile or throws, or a directive cannot be used.</exception>
    public async Task<object?> RunAsync(string source, string name, Action<string>? markdown = null)
    {
        try
        {
            object? value = null;
            foreach (var part in Directives.Parse(source, isImported: _imports.Count > 0))
            {
                value = part switch
                {
                    CodePart.Script script => await RunScriptAsync(script, name),
                    CodePart.Import import => await ImportAsync(import.Path, markdown),
                    CodePart.Markdown prose => Show(prose.Text, markdown, value),
                    CodePart.Submission submission => await SubmitAsync(submission, value),
                    CodePart.OtherLanguage other => Skip($"{name}, line {other.Line}", other.Name, value),
                    _ => value,
                };
            }

            return value;
        }
        catch (CompilationErrorException problem)
        {
            throw ScriptException.Compilation(problem, name);
        }
        catch (NotebookException problem)
        {
            throw ScriptException.Directive(problem, name);
        }
        catch (Exception problem) when (problem is not ScriptException)
        {
            throw ScriptException.Thrown(problem, name);
        }
    }

    private async Task<object?> RunScriptAsync(CodePart.Script script, string name)
    {
        foreach (var reference in script.References)
            await AddReferenceAsync(reference);
        if (script.Code.Trim().Length == 0)
            return null;
        var options = _options.WithFilePath(name);
        var submission = _state is null
            ? CSharpScript.Create<object>(script.Code, options, assemblyLoader: _loader)
            : _state.Script.ContinueWith<object>(script.Code, options.WithImports(Usings.Where(u => u != OwnClass)));
        // A submission that throws leaves the state unchanged: its declarations do not exist for the next one.
        _state = _state is null ? await submission.RunAsync() : await submission.RunFromAsync(_state);
        _submissions.Add(script.Code);
        return _state.ReturnValue;
    }

    private async Task AddReferenceAsync(string name)
    {
        _options = _options.AddReferences(_references.Add(name, Base(name)));
        while (_references.TryTakeExtension(out var script))
            await ImportAsync(script);
    }

    /// <summary>Runs a file: C#, a .dib with sections, or a notebook.</summary>
    /// <param name="file">The path, relative to the file that imports it or else to the notebook.</param>
    /// <param name="markdown">Receives the text of its prose.</param>
    /// <exception cref="NotebookException">There is no such file, or it is being imported already.</exception>
    public async Task<object?> ImportAsync(string file, Action<string>? markdown = null)
    {
        var path = Path.GetFullPath(file, Base(file));
        if (!File.Exists(path))
            throw new NotebookException($"'{file}' cannot be imported: there is no file '{path}'.");
        if (_imports.Contains(path))
        {
            var circle = string.Join(" imports ", _imports.Reverse().Append(path).Select(p => $"'{Path.GetFileName(p)}'"));
            throw new NotebookException($"'{file}' cannot be imported, because it is being imported already: {circle}.");
        }

        _imports.Push(path);
        try
        {
            var name = Path.GetFileName(path);
            if (Path.GetExtension(path) != ".ipynb")
                return await RunAsync(await File.ReadAllTextAsync(path), name, markdown);
            var plan = new RunPlan(NotebookFile.Read(path));
            object? value = null;
            foreach (var cell in plan.Cells.Except(plan.Tagged))
            {
                var place = $"{name} {cell.Name}";
                if (plan.Foreign.Contains(cell))
                    Skip(place, cell.Language, value);
                else if (await RunAsync(cell.Source, place, markdown) is var result && cell.Language == NotebookLanguage.CSharp)
                    value = result;
            }

            return value;
        }
        finally
        {
            _imports.Pop();
        }
    }

    /// <summary>Declares a variable with a value of another kernel.</summary>
    /// <exception cref="NotebookException">The name is not one of C#.</exception>
    public async Task DeclareAsync(string name, object? value)
    {
        if (!SyntaxFacts.IsValidIdentifier(name))
            throw new NotebookException($"'{name}' cannot be the name of a C# variable.");
        await RunScriptAsync(new CodePart.Script($"{TypeName(value?.GetType())} {name} = default!;", []), $"#!set {name}");
        _state!.Variables.Last(v => v.Name == name).Value = value;
    }

    // Parts without a value of their own leave that of the part before them.
    private async Task<object?> SubmitAsync(CodePart.Submission submission, object? value)
    {
        if (Kernels.FindMissingKernel(submission.Code) is { } missing)
            throw new NotebookException($"line {submission.Line}: {missing}");
        // Some commands of the package succeed although a part of them has failed, with an error as its only trace.
        var errors = new List<string>();
        Kernels.Router.Errors = errors;
        var result = await Kernels.Root.SendAsync(new SubmitCode(submission.Code), CancellationToken.None);
        Kernels.Router.Errors = null;
        var failed = result.Events.OfType<CommandFailed>().FirstOrDefault();
        var message = failed?.Exception?.Message ?? failed?.Message ?? errors.FirstOrDefault();
        return failed?.Exception is ScriptException problem ? throw problem
            : message is null ? value
            : throw new NotebookException($"line {submission.Line}: {PlaceInPart().Replace(message, "")}");
    }

    /// <summary>
    /// The folder of the importing file if it has the file or the notebook's folder has none; else the notebook's folder.
    /// </summary>
    private string Base(string file) =>
        _imports.TryPeek(out var importing) && Path.GetDirectoryName(importing) is { } beside
            && (File.Exists(Path.GetFullPath(file, beside)) || !File.Exists(Path.GetFullPath(file, _folder))) ? beside : _folder;

    private static object? Skip(string place, string language, object? value)
    {
        Console.Error.WriteLine($"{place}: not run, because there is no kernel for {language} here.");
        return value;
    }

    /// <summary>The type in C#; "object" for one that cells cannot name.</summary>
    private static string TypeName(Type? type) => type switch
    {
        null or { IsVisible: false } or { IsGenericType: true } => "object",
        { IsSZArray: true } when TypeName(type.GetElementType()) is var element => element + "[]",
        { FullName: { } name } when !name.Contains('#', StringComparison.Ordinal) => "global::" + name.Replace('+', '.'),
        _ => "object",
    };

    private static object? Show(string text, Action<string>? markdown, object? value)
    {
        markdown?.Invoke(text);
        return value;
    }

    [GeneratedRegex(@"^\(\d+,\d+\): (error \w+: )?")]
    private static partial Regex PlaceInPart();
}
