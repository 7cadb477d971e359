using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Referee;

/// <summary>An error as the tool reports it: errors of the compiler, or an exception's type, message and stack trace.</summary>
internal static partial class ToolError
{
    /// <param name="report">The tool's text.</param>
    /// <param name="cell">The name of the cell.</param>
    public static Output.Error Read(string report, string cell)
    {
        var lines = report.ReplaceLineEndings("\n").Split('\n');
        var type = ExceptionType().Match(lines[0]);
        var message = $"{cell}: {lines[0]}";
        return new Output.Error(type.Success ? type.Groups[1].Value : "Error", message,
            [message, .. lines.Skip(1).Where(line => !EngineFrame().IsMatch(line)).Select(line => SubmissionName().Replace(line, ""))]);
    }

    [GeneratedRegex(@"^(?:\w+\.)*(\w+): ")]
    private static partial Regex ExceptionType();

    [GeneratedRegex(@"Microsoft\.CodeAnalysis\.Scripting|^\s*--- End of stack trace")]
    private static partial Regex EngineFrame();

    [GeneratedRegex(@"Submission#\d+\.")]
    private static partial Regex SubmissionName();
}
