using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>The files of a folder, divided into possible audio files and others.</summary>
/// <param name="Path">Full path of the folder.</param>
/// <param name="Audio">Full paths of files with an audio extension or with the first bytes of sound, in ordinal order.</param>
/// <param name="Ignored">Full paths of hidden files and folders and of all other files.</param>
/// <param name="Skipped">What could not be opened or was not followed: folders, links, names; with reasons.</param>
internal sealed record AudioFolder(
    string Path, IReadOnlyList<string> Audio, IReadOnlyList<string> Ignored, IReadOnlyList<SkippedRecording> Skipped)
{
    private const int HeaderBytes = 64;

    /// <summary>
    /// Extensions of files that are recordings by intention: if they cannot be read, this is an error and not a matter of course. Other
    /// files are taken if they begin like sound. The format itself is always detected from the content (<see cref="AudioFile"/>).
    /// </summary>
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".wav", ".wave", ".bwf", ".rf64", ".bw64", ".w64", ".sph", ".nist", ".flac", ".mp3", ".m4a", ".mp4", ".aac", ".ogg", ".oga",
            ".opus",
        ".wma", ".aif", ".aiff", ".aifc", ".au", ".snd", ".caf", ".amr", ".awb", ".3gp", ".3gpp", ".3ga", ".webm", ".mka", ".mov", ".qta",
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
            : throw new CorpusException($"The folder '{root}' has no recordings ({listed.Ignored.Count} other files). "
                + $"{listed.Reasons}{layout} Put the recordings there, or choose another folder.");
    }

    /// <summary>Whether a folder or its subfolders have a file that may be a recording; false if the folder does not exist.</summary>
    /// <param name="folder">The folder.</param>
    public static bool HoldsAudio(string folder) => Directory.Exists(folder) && Scan(folder).Audio.Count > 0;

    /// <summary>Lists an existing folder, which may have no recordings.</summary>
    internal static AudioFolder Scan(string folder)
    {
        var root = System.IO.Path.GetFullPath(folder);
        var walk = FolderWalk.Start(root);
        var (audio, ignored, skipped) = (new List<string>(), walk.Hidden.ToList(), walk.Skipped.ToList());
        foreach (var path in walk.Files.Order(StringComparer.Ordinal))
        {
            if (InCloud(path) is { } absent)
                skipped.Add(new SkippedRecording(path, absent));
            else if (WhyNotOpened(path) is not { } reason)
                (IsAudio(path) ? audio : ignored).Add(path);
            else if (IsHidden(path) || (reason == NoBytes && !HasAudioExtension(path)))
                ignored.Add(path);
            else
                skipped.Add(new SkippedRecording(path, reason));
        }

        ignored.Sort(StringComparer.Ordinal);
        return new AudioFolder(root, audio, ignored, [.. skipped.OrderBy(s => s.Path, StringComparer.Ordinal)]);
    }

    /// <summary>Whether a file is not hidden and has an audio extension or begins like sound.</summary>
    public static bool IsAudio(string path) => !IsHidden(path) && (HasAudioExtension(path) || BeginsLikeSound(path));

    /// <summary>
    /// Why a file must not be opened, or need not; null if it may be. Pipes, devices and sockets would block the program or never end.
    /// </summary>
    /// <param name="path">The file.</param>
    public static string? WhyNotOpened(string path)
    {
        try
        {
            // For a link, the length of what it leads to.
            if (FileStatus.DescribeSpecial(path) is { } special)
                return $"it is {special}, which is never opened";
            var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            if (File.Exists(target))
                return new FileInfo(target).Length == 0 ? NoBytes : null;
            return target != path ? $"it is a link to '{target}', which is not there" : NameProblem(path) ?? "there is no such file";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return NameProblem(path) ?? error.Message;
        }
    }

    /// <summary>
    /// A sentence about a name that .NET cannot open, because it was not valid UTF-8 when it was listed; null for others.
    /// </summary>
    internal static string? NameProblem(string path) => System.IO.Path.GetFileName(path).Contains('\uFFFD', StringComparison.Ordinal)
        ? "its name is not valid UTF-8, so that it cannot be opened: rename it" : null;

    /// <summary>
    /// A sentence about the placeholder that macOS leaves for a file that is in iCloud only (".a.wav.icloud" for "a.wav"); null for others.
    /// </summary>
    private static string? InCloud(string path)
    {
        const string Ending = ".icloud";
        var name = System.IO.Path.GetFileName(path);
        return IsHidden(path) && name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) && HasAudioExtension(name[..^Ending.Length])
            ? $"it stands for '{name[1..^Ending.Length]}', which is in iCloud and not on this disk: download it first" : null;
    }

    /// <summary>Names of the subfolders between the folder and a file; empty for a file directly in the folder.</summary>
    public string[] FoldersOf(string path) => System.IO.Path.GetRelativePath(Path, path).Split(System.IO.Path.DirectorySeparatorChar)[..^1];

    /// <summary>
    /// Subfolders directly in this folder without any possible recording, with what is in them instead. If each folder is a device, these
    /// devices would vanish.
    /// </summary>
    public IReadOnlyList<SkippedRecording> FoldersWithoutAudio()
    {
        var withAudio = Audio.Select(FoldersOf).Where(names => names.Length > 0).Select(names => names[0]).ToHashSet();
        var others = Ignored.Concat(Skipped.Select(s => s.Path)).ToLookup(path => FoldersOf(path).FirstOrDefault());
        var links = Skipped.Select(s => s.Path).Where(path => FoldersOf(path).Length == 0 && !File.Exists(path))
            .Select(path => System.IO.Path.GetFileName(path));
        return [.. FolderWalk.Subfolders(Path).Select(folder => System.IO.Path.GetFileName(folder)).Union(links)
            .Where(name => !withAudio.Contains(name)).Order(StringComparer.Ordinal)
            .Select(name => new SkippedRecording(System.IO.Path.Combine(Path, name), WithoutAudio(name, [.. others[name]])))];
    }

    private string WithoutAudio(string folder, IReadOnlyList<string> files)
    {
        var reason = Skipped.FirstOrDefault(s => s.Path == System.IO.Path.Combine(Path, folder))?.Reason;
        var names = string.Join(", ", files.Take(3).Select(path => System.IO.Path.GetFileName(path)));
        return reason ?? (files.Count == 0 ? "the folder is empty"
            : $"none of its {files.Count} files looks like sound ({names}{(files.Count > 3 ? ", …" : "")})");
    }

    private const string NoBytes = "the file is empty (0 bytes)";

    private string Reasons => Skipped.Count == 0 ? ""
        : SentenceList.Abbreviate([.. Skipped.Select(s => $"{System.IO.Path.GetRelativePath(Path, s.Path)}: {s.Reason}.")]) + " ";

    private static bool HasAudioExtension(string path) => Extensions.Contains(System.IO.Path.GetExtension(path));

    private static bool BeginsLikeSound(string path)
    {
        try
        {
            return FileKind.LooksLikeSound(FileBytes.ReadHeader(path, HeaderBytes));
        }
        catch (AudioException)
        {
            return false;
        }
    }

    private static bool IsHidden(string path) => System.IO.Path.GetFileName(path).StartsWith('.');
}
