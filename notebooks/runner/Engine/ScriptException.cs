using System.Diagnostics;
using System.Reflection;
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

    /// <param name="thrown">What the cell threw.</param>
    /// <param name="name">The name of the cell.</param>
    /// <param name="otherwise">The line to name if no line of the cell was running, such as that of its result.</param>
    public static ScriptException Thrown(Exception thrown, string name, int? otherwise = null)
    {
        var problem = Cause(thrown);
        // The innermost frame in the cell is the line that the user wants to see.
        var line = Line(problem, name) ?? Line(thrown, name) ?? otherwise;
        var place = line is > 0 ? $"{name}, line {line}" : name;
        return new(problem.GetType().Name, $"{place}: {problem.GetType().Name}: {problem.Message}", UserFrames(problem), problem);
    }

    public static ScriptException Interrupted(string name) => new("Interrupted", $"{name}: stopped by the user", [], null);

    // A formatter calls the members of a value by reflection, which wraps what they throw.
    private static Exception Cause(Exception problem)
    {
        while (problem is TargetInvocationException { InnerException: { } inner }
            && problem.StackTrace?.Contains("Microsoft.DotNet.Interactive.Formatting", StringComparison.Ordinal) == true)
            problem = inner;
        return problem;
    }

    private static int? Line(Exception problem, string name) => new StackTrace(problem, fNeedFileInfo: true).GetFrames()
        .FirstOrDefault(f => f.GetFileName() == name)?.GetFileLineNumber();

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

    [GeneratedRegex(@"Microsoft\.(CodeAnalysis\.Scripting|DotNet\.Interactive\.)|DeviceId\.Notebooks\.|System\.Reflection\.|"
        + @"^\s*--- End of stack trace")]
    private static partial Regex EngineFrame();

    [GeneratedRegex(@"Submission#\d+\.")]
    private static partial Regex SubmissionName();
}
