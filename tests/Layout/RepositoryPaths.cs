using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DeviceId.Tests.Layout;

/// <summary>Mentions of files of this repository in comments and prose, such as docs/mfcc.md.</summary>
internal static partial class RepositoryPaths
{
    /// <summary>Every comment of a C# file, documentation included.</summary>
    /// <param name="code">The file's text.</param>
    public static IEnumerable<string> Comments(string code) =>
        CSharpSyntaxTree.ParseText(code).GetRoot().DescendantTrivia()
            .Where(trivia => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
                or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia)
            .Select(trivia => trivia.ToFullString());

    /// <summary>The paths in a text: those that begin with a folder of the repository's root and hold no placeholder.</summary>
    /// <param name="text">The text.</param>
    public static IEnumerable<string> In(string text) =>
        Mention().Matches(text).Select(match => match.Value.TrimEnd('.', '/', '-'));

    /// <summary>Whether a path leads to something: a file or folder, a C# file named without its ending, or a folder of data.</summary>
    /// <param name="path">As mentioned.</param>
    public static bool LeadsSomewhere(string path)
    {
        if (RepositoryFiles.FilesAndFolders.Contains(path) || RepositoryFiles.Files.Contains(path + ".cs"))
            return true;
        // What lies in data/ is not committed: its page says which folders there can be.
        return path.StartsWith("data/", StringComparison.Ordinal)
            && Regex.IsMatch(RepositoryFiles.Read("data/README.md"), $@"`(data/)?{Regex.Escape(path.Split('/')[1])}\b");
    }

    // "golden" and "shared" are no folders here: a comment that names them sends its reader outside of the repository.
    private const string Folders = @"docs|tests|data|notebooks|lib|build|golden|shared|\.ci|\.github|\.devcontainer|\.vscode";

    [GeneratedRegex($@"(?<![\w./~:<>-])(?:{Folders})/\w[\w./-]*(?![\w./-]|[*…<{{(])")]
    private static partial Regex Mention();
}
