namespace DeviceId.Corpora;

/// <summary>The files of a folder, divided by name into those that may hold sound and the rest.</summary>
/// <param name="Path">Full path of the folder.</param>
/// <param name="Audio">Full paths that end like sound, in ordinal order.</param>
/// <param name="Ignored">Full paths of hidden files and of all others.</param>
internal sealed record AudioFolder(string Path, IReadOnlyList<string> Audio, IReadOnlyList<string> Ignored)
{
    /// <summary>Names only choose what is worth opening; what a file holds is decided by its content (the Audio folder).</summary>
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".wav", ".wave", ".rf64", ".w64", ".sph", ".nist", ".flac", ".mp3", ".m4a", ".mp4", ".aac", ".ogg", ".oga", ".opus",
        ".wma", ".aif", ".aiff", ".aifc", ".au", ".snd", ".caf", ".amr", ".awb", ".3gp", ".3gpp", ".3ga", ".webm", ".mka",
    };

    /// <summary>Lists a folder with its subfolders; hidden ones (a leading dot) are not entered.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="layout">What the folder should look like, as a sentence, for the error.</param>
    /// <exception cref="CorpusException">There is no such folder, or no recording in it.</exception>
    public static AudioFolder List(string folder, string layout)
    {
        var root = System.IO.Path.GetFullPath(folder);
        if (File.Exists(root))
            throw new CorpusException($"'{root}' is a file. {layout} Name the folder.");
        if (!Directory.Exists(root))
            throw new CorpusException($"There is no folder '{root}'. {layout} Correct the path, or put the recordings there.");
        var listed = Scan(root);
        return listed.Audio.Count > 0 ? listed
            : throw new CorpusException($"The folder '{root}' holds no recordings ({listed.Ignored.Count} other files). {layout} Put the recordings there, or name another folder.");
    }

    /// <summary>True where a folder or its subfolders hold a file that may be a recording; false where there is no such folder.</summary>
    /// <param name="folder">The folder.</param>
    public static bool HoldsAudio(string folder) => Directory.Exists(folder) && FilesUnder(folder).Any(IsAudio);

    /// <summary>Lists a folder that exists, whatever it holds.</summary>
    internal static AudioFolder Scan(string folder)
    {
        var root = System.IO.Path.GetFullPath(folder);
        var files = FilesUnder(root).Order(StringComparer.Ordinal).ToLookup(IsAudio);
        return new AudioFolder(root, [.. files[true]], [.. files[false]]);
    }

    /// <summary>True for a name that ends like sound and is not hidden.</summary>
    public static bool IsAudio(string path) => !IsHidden(path) && Extensions.Contains(System.IO.Path.GetExtension(path));

    /// <summary>Names between the folder and the file: empty for a file that lies directly in it.</summary>
    public string[] FoldersOf(string path) => System.IO.Path.GetRelativePath(Path, path).Split(System.IO.Path.DirectorySeparatorChar)[..^1];

    private static bool IsHidden(string path) => System.IO.Path.GetFileName(path).StartsWith('.');

    private static IEnumerable<string> FilesUnder(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).Where(sub => !IsHidden(sub)).SelectMany(FilesUnder));
}
