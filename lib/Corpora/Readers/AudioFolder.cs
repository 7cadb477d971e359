namespace DeviceId.Corpora;

/// <summary>The files of a folder, divided by name into possible audio files and others.</summary>
/// <param name="Path">Full path of the folder.</param>
/// <param name="Audio">Full paths with an audio extension, in ordinal order.</param>
/// <param name="Ignored">Full paths of hidden files and of all other files.</param>
internal sealed record AudioFolder(string Path, IReadOnlyList<string> Audio, IReadOnlyList<string> Ignored)
{
    /// <summary>
    /// Extensions of files worth opening. The format itself is detected from the content (<see cref="Audio.AudioFile"/>).
    /// </summary>
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".wav", ".wave", ".rf64", ".w64", ".sph", ".nist", ".flac", ".mp3", ".m4a", ".mp4", ".aac", ".ogg", ".oga", ".opus",
        ".wma", ".aif", ".aiff", ".aifc", ".au", ".snd", ".caf", ".amr", ".awb", ".3gp", ".3gpp", ".3ga", ".webm", ".mka",
    };

    /// <summary>Lists a folder and its subfolders, except hidden ones (with a leading dot).</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="layout">Sentence about the expected layout, for the error message.</param>
    /// <exception cref="CorpusException">The folder does not exist or has no recordings.</exception>
    public static AudioFolder List(string folder, string layout)
    {
        var root = System.IO.Path.GetFullPath(folder);
        if (File.Exists(root))
            throw new CorpusException($"'{root}' is a file. {layout} Give the path of the folder.");
        if (!Directory.Exists(root))
            throw new CorpusException($"There is no folder '{root}'. {layout} Correct the path, or put the recordings there.");
        var listed = Scan(root);
        return listed.Audio.Count > 0 ? listed
            : throw new CorpusException($"The folder '{root}' has no recordings ({listed.Ignored.Count} other files). {layout} "
                + "Put the recordings there, or choose another folder.");
    }

    /// <summary>Whether a folder or its subfolders have a file that may be a recording; false if the folder does not exist.</summary>
    /// <param name="folder">The folder.</param>
    public static bool HoldsAudio(string folder) => Directory.Exists(folder) && FilesUnder(folder).Any(IsAudio);

    /// <summary>Lists an existing folder, which may have no recordings.</summary>
    internal static AudioFolder Scan(string folder)
    {
        var root = System.IO.Path.GetFullPath(folder);
        var files = FilesUnder(root).Order(StringComparer.Ordinal).ToLookup(IsAudio);
        return new AudioFolder(root, [.. files[true]], [.. files[false]]);
    }

    /// <summary>Whether a file is not hidden and has an audio extension.</summary>
    public static bool IsAudio(string path) => !IsHidden(path) && Extensions.Contains(System.IO.Path.GetExtension(path));

    /// <summary>Names of the subfolders between the folder and a file; empty for a file directly in the folder.</summary>
    public string[] FoldersOf(string path) => System.IO.Path.GetRelativePath(Path, path).Split(System.IO.Path.DirectorySeparatorChar)[..^1];

    private static bool IsHidden(string path) => System.IO.Path.GetFileName(path).StartsWith('.');

    private static IEnumerable<string> FilesUnder(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).Where(sub => !IsHidden(sub)).SelectMany(FilesUnder));
}
