using System.Text.Json;

namespace DeviceId.Tests.Layout;

/// <summary>The files of the repository, without build outputs and files that git ignores.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] Outputs = ["bin", "obj", "artifacts", "TestResults", "reports", ".git", ".vs"];

    /// <summary>Paths relative to the root, with '/'.</summary>
    public static IReadOnlySet<string> Files { get; } = Walk("").ToHashSet(StringComparer.Ordinal);

    /// <summary>Paths of the files and of their folders.</summary>
    public static IReadOnlySet<string> FilesAndFolders { get; } = Files.SelectMany(WithFolders).ToHashSet(StringComparer.Ordinal);

    /// <summary>Every document, and the Markdown cells of every notebook: path and text.</summary>
    public static IReadOnlyList<(string Path, string Text)> Markdown { get; } =
    [
        .. Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal)).Select(file => (file, Read(file))),
        .. Files.Where(file => file.EndsWith(".ipynb", StringComparison.Ordinal)).Select(file => (file, MarkdownCells(Read(file)))),
    ];

    /// <summary>The files in a folder and in its sub-folders, with one extension.</summary>
    /// <param name="folder">Path relative to the root, without a final '/'; empty for the root.</param>
    /// <param name="extension">With its dot.</param>
    public static IReadOnlyList<string> Under(string folder, string extension = ".cs") =>
        [.. Files.Where(file => Path.GetExtension(file) == extension
            && (folder.Length == 0 || file.StartsWith(folder + "/", StringComparison.Ordinal)))];

    /// <summary>The text of a file.</summary>
    /// <param name="path">Path relative to the root.</param>
    public static string Read(string path) => File.ReadAllText(Path.Combine(TestPaths.Root, path));

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var entry in new DirectoryInfo(Path.Combine(TestPaths.Root, folder)).EnumerateFileSystemInfos())
        {
            var path = folder + entry.Name;

            // Of data/ only these two are committed (data/README.md); a results folder in the root is the user's.
            var isIgnored = Outputs.Contains(entry.Name) || path == "results"
                || (folder == "data/" && entry.Name is not ("README.md" or "results"));
            if (isIgnored)
                continue;
            if (entry is FileInfo)
                yield return path;
            else
                foreach (var file in Walk(path + "/"))
                    yield return file;
        }
    }

    private static IEnumerable<string> WithFolders(string path)
    {
        yield return path;
        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
            yield return path[..end];
    }

    private static string MarkdownCells(string notebook)
    {
        using var json = JsonDocument.Parse(notebook);
        var cells = json.RootElement.GetProperty("cells").EnumerateArray()
            .Where(cell => cell.GetProperty("cell_type").GetString() == "markdown")
            .Select(cell => string.Concat(cell.GetProperty("source").EnumerateArray().Select(line => line.GetString())));
        return string.Join("\n\n", cells);
    }
}
