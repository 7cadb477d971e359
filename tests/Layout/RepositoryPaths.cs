using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DeviceId.Tests.Layout;

/// <summary>Finds paths of this repository in comments and prose, such as docs/mfcc.md.</summary>
internal static partial class RepositoryPaths
{
    /// <summary>All comments of a C# file, including documentation comments.</summary>
    /// <param name="code">The file's text.</param>
    public static IEnumerable<string> Comments(string code) =>
        CSharpSyntaxTree.ParseText(code).GetRoot().DescendantTrivia()
            .Where(trivia => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
                or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia)
            .Select(trivia => trivia.ToFullString());

    /// <summary>The paths in a text that begin with a folder of the repository's root and contain no placeholder.</summary>
    /// <param name="text">The text.</param>
    public static IEnumerable<string> In(string text) =>
        Mention().Matches(text).Select(match => match.Value.TrimEnd('.', '/', '-'));

    /// <summary>
    /// Whether a path exists: as a file or folder, as a C# file without its extension, or as a documented folder of data.
    /// </summary>
    /// <param name="path">The path, as mentioned in the text.</param>
    public static bool Exists(string path)
    {
        if (RepositoryFiles.FilesAndFolders.Contains(path) || RepositoryFiles.Files.Contains(path + ".cs"))
            return true;

        // Most of data/ is not committed: data/README.md lists its possible folders.
        return path.StartsWith("data/", StringComparison.Ordinal)
            && Regex.IsMatch(RepositoryFiles.Read("data/README.md"), $@"`(data/)?{Regex.Escape(path.Split('/')[1])}\b");
    }

    // "golden" and "shared" are not folders of the repository: a comment with such a path refers to a file that readers do not have.
    private const string Folders = @"docs|tests|data|notebooks|lib|build|golden|shared|\.ci|\.github|\.devcontainer|\.vscode";

    [GeneratedRegex($@"(?<![\w./~:<>-])(?:{Folders})/\w[\w./-]*(?![\w./-]|[*…<{{(])")]
    private static partial Regex Mention();
}
