namespace DeviceId.Corpora;

/// <summary>
/// Lists the files of a folder and its subfolders. Every real folder is visited once: links are followed, but never in a circle, and a
/// folder that cannot be read costs only itself.
/// </summary>
internal sealed class FolderWalk
{
    /// <summary>Links to links beyond this number are a circle.</summary>
    private const int MaxLinks = 40;

    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    private readonly Queue<string> _links = [];
    private readonly List<string> _files = [];
    private readonly List<string> _hidden = [];
    private readonly List<SkippedRecording> _skipped = [];
    private readonly string _root;

    private FolderWalk(string root) => _root = RealPath(root);

    /// <summary>Full paths of all files, links among them.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Full paths of hidden folders (with a leading dot), which are not read.</summary>
    public IReadOnlyList<string> Hidden => _hidden;

    /// <summary>Folders that were not read, with reasons.</summary>
    public IReadOnlyList<SkippedRecording> Skipped => _skipped;

    /// <summary>Walks through a folder.</summary>
    /// <param name="root">Full path of an existing folder.</param>
    public static FolderWalk Start(string root)
    {
        var walk = new FolderWalk(root);
        walk.Visit(root, walk._root);
        // Links come last, so that a folder is listed under its own name and not under that of a link to it.
        while (walk._links.TryDequeue(out var link))
            walk.Follow(link);
        return walk;
    }

    /// <summary>Full paths of the subfolders that are not hidden, links among them; none if the folder cannot be read.</summary>
    public static IReadOnlyList<string> Subfolders(string folder)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(folder).Where(sub => !IsHidden(sub))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private void Visit(string folder, string real)
    {
        if (!_visited.Add(real))
        {
            Skip(folder, "this folder is read already under another name, by a link");
            return;
        }

        try
        {
            // Listed first: a folder that fails half-way is left out as a whole.
            var files = Directory.EnumerateFiles(folder).ToList();
            var subfolders = Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).ToList();
            _files.AddRange(files);
            _hidden.AddRange(subfolders.Where(IsHidden));
            foreach (var sub in subfolders.Where(sub => !IsHidden(sub)))
            {
                if (new DirectoryInfo(sub).LinkTarget is null)
                    Visit(sub, Path.Combine(real, Path.GetFileName(sub)));
                else
                    _links.Enqueue(sub);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Skip(folder, AudioFolder.NameProblem(folder) ?? $"the folder cannot be read: {error.Message}");
        }
    }

    private void Follow(string link)
    {
        try
        {
            var target = RealPath(link);
            if (_visited.Contains(target))
                Skip(link, $"it is a link to '{target}', which is read already");
            else if (Contains(target, _root) || Contains(target, RealPath(Path.GetDirectoryName(link)!)))
                Skip(link, $"it is a link to '{target}', which contains the link itself");
            else
                Visit(link, target);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Skip(link, $"the link cannot be followed: {error.Message}");
        }
    }

    private void Skip(string folder, string reason) => _skipped.Add(new SkippedRecording(folder, reason));

    private static bool Contains(string folder, string inner) =>
        (inner + Path.DirectorySeparatorChar).StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar,
            StringComparison.Ordinal);

    private static bool IsHidden(string path) => Path.GetFileName(path).StartsWith('.');

    /// <summary>The path without links in any of its parts.</summary>
    private static string RealPath(string path, int links = 0)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            if (new DirectoryInfo(next).LinkTarget is { } target)
                next = links < MaxLinks ? RealPath(Path.Combine(real, target), links + 1)
                    : throw new IOException($"'{path}' is a circle of links.");
            real = next;
        }

        return real;
    }
}
