using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Recordings of unknown devices: every recording of a folder and its subfolders; names and folders mean nothing.</summary>
internal static class UnlabelledFolder
{
    private const string Layout = "The recordings lie in the folder or in its subfolders, under any names.";

    /// <summary>Reads every recording once. All have the folder's name as device, and their own relative path as sentence.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="progress">Reports after each file.</param>
    /// <exception cref="CorpusException">The folder does not exist, or has no recording that can be read.</exception>
    public static Corpus Open(string folder, IProgress<WorkProgress>? progress = null)
    {
        var listed = AudioFolder.List(folder, Layout);
        var name = Path.GetFileName(listed.Path.TrimEnd(Path.DirectorySeparatorChar));
        var files = listed.Audio.Select(path => new RecordingFile(path, name, Path.GetRelativePath(listed.Path, path))).ToList();
        return CorpusReader.Read(name, files, listed.Skipped, listed.Path, listed.Ignored, progress);
    }
}
