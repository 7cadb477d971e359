using System.Text.Json.Nodes;

namespace DeviceId.Notebooks.Format;

/// <summary>The language of a notebook, as VS Code and Jupyter write it, in lower-case letters: "csharp", "fsharp", "python".</summary>
internal static class NotebookLanguage
{
    public const string CSharp = "csharp";

    /// <summary>The language that a notebook's metadata name; C# if they name none.</summary>
    public static string Of(JsonObject metadata)
    {
        var kernel = Part(metadata, "kernelspec");
        string?[] named =
        [
            Text(Part(Part(metadata, "polyglot_notebook"), "kernelInfo"), "defaultKernelName"),
            Text(kernel, "language"),
            Text(Part(metadata, "language_info"), "name"),
            Text(kernel, "name"),
        ];
        // "polyglot-notebook" is what VS Code writes for a mixture.
        return Normalise(named.FirstOrDefault(name => name is { Length: > 0 } and not "polyglot-notebook") ?? CSharp);
    }

    /// <summary>One name for each language: "C#", "cs" and ".net-csharp" are "csharp".</summary>
    public static string Normalise(string name) => name.ToLowerInvariant() switch
    {
        "c#" or "cs" or ".net-csharp" => CSharp,
        "f#" or "fs" or ".net-fsharp" => "fsharp",
        "powershell" or ".net-pwsh" or ".net-powershell" => "pwsh",
        "js" => "javascript",
        "md" => "markdown",
        "python3" => "python",
        var other => other,
    };

    /// <summary>Whether the runner runs cells of a language: C#, Markdown, and those of the package's kernels.</summary>
    public static bool IsRun(string language) => language is CSharp or "markdown" || IsOfPackage(language);

    /// <summary>Whether a kernel of .NET Interactive's package runs cells of a language.</summary>
    public static bool IsOfPackage(string language) => language is "html" or "javascript" or "mermaid" or "value";

    private static JsonObject? Part(JsonObject? json, string name) => json?[name] as JsonObject;

    private static string? Text(JsonObject? json, string name) =>
        json?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
