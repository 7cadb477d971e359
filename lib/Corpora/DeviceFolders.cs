using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>The user's own recordings: one folder a device, any names and any formats that can be read.</summary>
/// <remarks>
/// A file's name without its ending, and without the device's name before it, is its sentence; capitals do not count. So
/// <c>kitchen.wav</c> of one phone and <c>Kitchen.m4a</c> of another are one sentence and never stand on both sides of a split: where
/// phones only number their files alike this holds more together than it must, which costs folds but cannot flatter a result.
/// The same words under different names cannot be seen: give them one name.
/// </remarks>
public static class DeviceFolders
{
    private const string Layout = "The layout is one folder a device, named after it, with its recordings inside, such as 'my phone/kitchen.wav'.";

    /// <summary>Reads every recording once and makes the index.</summary>
    /// <param name="folder">The folder that holds the devices' folders.</param>
    /// <param name="progress">Told after each file.</param>
    /// <exception cref="CorpusException">No such folder, no recordings in it, or a device none of whose recordings can be read.</exception>
    public static Corpus Open(string folder, IProgress<WorkProgress>? progress = null)
    {
        var listed = AudioFolder.List(folder, Layout);
        var inFolders = listed.Audio.ToLookup(path => listed.FoldersOf(path).Length > 0);
        if (!inFolders[true].Any())
            throw new CorpusException($"The {listed.Audio.Count} recordings of '{listed.Path}' lie in no device's folder. {Layout}");
        return CorpusReader.Read(
            Path.GetFileName(listed.Path.TrimEnd(Path.DirectorySeparatorChar)),
            [.. inFolders[true].Select(path => ToFile(path, listed.FoldersOf(path)[0]))],
            inFolders[false].Select(path => new SkippedRecording(path, "it lies in no device's folder")),
            listed.Ignored, progress);
    }

    private static RecordingFile ToFile(string path, string device)
    {
        var stem = Path.GetFileNameWithoutExtension(path);
        var rest = stem.StartsWith(device, StringComparison.OrdinalIgnoreCase) ? stem[device.Length..].TrimStart('_', '-', ' ') : stem;
        return new RecordingFile(path, device, (rest.Length > 0 ? rest : stem).ToLowerInvariant());
    }
}
