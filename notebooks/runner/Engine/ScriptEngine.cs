using DeviceId.Notebooks.Format;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Runs C# and keeps variables, types and usings from one submission to the next, with the compiler and the rules of .NET Interactive's
/// C# kernel.
/// </summary>
internal sealed class ScriptEngine
{
    /// <summary>Namespaces and classes that every cell imports.</summary>
    public static readonly string[] Usings =
    [
        "System", "System.IO", "System.Text", "System.Collections", "System.Collections.Generic", "System.Linq", "System.Threading.Tasks",
        "Microsoft.DotNet.Interactive", "Microsoft.DotNet.Interactive.Kernel", "Microsoft.DotNet.Interactive.Formatting",
    ];

    private readonly string _folder;
    private readonly InteractiveAssemblyLoader _loader = new();
    private readonly AssemblyReferences _references;
    private ScriptOptions _options;
    private readonly List<string> _submissions = [];
    private ScriptState<object>? _state;

    /// <param name="folder">The base of relative paths in #r and #!import: the notebook's folder.</param>
    public ScriptEngine(string folder)
    {
        _folder = folder;
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
            foreach (var part in Directives.Parse(source))
            {
                value = part switch
                {
                    CodePart.Script script => await RunScriptAsync(script, name),
                    CodePart.Import import => await ImportAsync(import.Path, markdown),
                    CodePart.Markdown prose => Show(prose.Text, markdown),
                    _ => null,
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
        _options = _options.AddReferences(script.References.SelectMany(r => _references.Add(r, _folder)));
        if (script.Code.Trim().Length == 0)
            return null;
        var options = _options.WithFilePath(name);
        var submission = _state is null
            ? CSharpScript.Create<object>(script.Code, options, assemblyLoader: _loader)
            : _state.Script.ContinueWith<object>(script.Code, options);
        // A submission that throws leaves the state unchanged: its declarations do not exist for the next one.
        _state = _state is null ? await submission.RunAsync() : await submission.RunFromAsync(_state);
        _submissions.Add(script.Code);
        return _state.ReturnValue;
    }

    private async Task<object?> ImportAsync(string file, Action<string>? markdown)
    {
        var path = Path.GetFullPath(file, _folder);
        if (!File.Exists(path))
            throw new NotebookException($"'{file}' cannot be imported: there is no file '{path}'.");
        var name = Path.GetFileName(path);
        if (Path.GetExtension(path) != ".ipynb")
            return await RunAsync(await File.ReadAllTextAsync(path), name, markdown);
        object? value = null;
        foreach (var (cell, index) in NotebookFile.Read(path).CodeCells.Select((c, i) => (c, i)))
            value = await RunAsync(cell.Source, $"{name} cell {index + 1}", markdown);
        return value;
    }

    private static object? Show(string text, Action<string>? markdown)
    {
        markdown?.Invoke(text);
        return null;
    }
}
