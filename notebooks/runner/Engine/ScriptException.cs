using System.Diagnostics;
using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace DeviceId.Notebooks.Engine;

/// <summary>The error of a cell, with cell number and line. The trace contains the user's frames only, not the engine's.</summary>
internal sealed partial class ScriptException : Exception
{
    private ScriptException(string kind, string message, IEnumerable<string> trace, Exception? inner)
        : base(message, inner)
    {
        Kind = kind;
        Trace = [message, .. trace];
    }

    /// <summary>The name of the exception's type.</summary>
    public string Kind { get; }

    public IReadOnlyList<string> Trace { get; }

    public static ScriptException Compilation(CompilationErrorException problem, string name)
    {
        var errors = problem.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => Describe(d, name)).ToArray();
        return new("CompilationError", errors.FirstOrDefault() ?? $"{name}: {problem.Message}", errors.Skip(1), problem);
    }

    public static ScriptException Directive(NotebookException problem, string name) =>
        new("DirectiveError", (problem.Message.StartsWith("line ", StringComparison.Ordinal) ? $"{name}, " : $"{name}: ") + problem.Message,
            [], problem);

    public static ScriptException Thrown(Exception problem, string name)
    {
        var frames = UserFrames(problem).ToArray();
        // The innermost frame in the cell is the line that the user wants to see.
        var line = new StackTrace(problem, fNeedFileInfo: true).GetFrames()
            .FirstOrDefault(f => f.GetFileName() == name)?.GetFileLineNumber();
        var place = line is > 0 ? $"{name}, line {line}" : name;
        return new(problem.GetType().Name, $"{place}: {problem.GetType().Name}: {problem.Message}", frames, problem);
    }

    public static ScriptException Interrupted(string name) => new("Interrupted", $"{name}: stopped by the user", [], null);

    private static IEnumerable<string> UserFrames(Exception problem)
    {
        for (var inner = problem.InnerException; inner is not null; inner = inner.InnerException)
            yield return $"  caused by {inner.GetType().Name}: {inner.Message}";
        foreach (var line in (problem.StackTrace ?? "").Split('\n').Select(l => l.TrimEnd()))
        {
            if (EngineFrame().IsMatch(line))
                continue;
            yield return SubmissionName().Replace(line, "");
        }
    }

    private static string Describe(Diagnostic d, string name)
    {
        var start = d.Location.GetLineSpan().StartLinePosition;
        var message = d.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        return $"{name}, line {start.Line + 1}, column {start.Character + 1}: {d.Id}: {message}";
    }

    [GeneratedRegex(@"Microsoft\.CodeAnalysis\.Scripting|DeviceId\.Notebooks\.|^\s*--- End of stack trace")]
    private static partial Regex EngineFrame();

    [GeneratedRegex(@"Submission#\d+\.")]
    private static partial Regex SubmissionName();
}
