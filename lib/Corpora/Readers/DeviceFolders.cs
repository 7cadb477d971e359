using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>The user's own recordings: one folder a device, any names and any formats that can be read.</summary>
/// <remarks>
/// A file's name without its ending is its sentence; capitals do not count. So <c>kitchen.wav</c> of one phone and <c>Kitchen.m4a</c> of
/// another are one sentence and never stand on both sides of a split: where phones only number their files alike this holds more together
/// than it must, which costs folds but cannot flatter a result. The same words under different names cannot be seen: give them one name.
/// The device's name before a sentence is left out (<c>red/red_2.wav</c> is <c>2</c>) only where it stands for itself: followed by one of
/// "_-. ", in a file name that no other device has. Folders named 1 and 2 make nothing else of <c>11.wav</c> or <c>1-1.wav</c> in both.
/// </remarks>
internal static class DeviceFolders
{
    private const string Layout = "The layout is one folder a device, named after it, with its recordings inside, such as 'my phone/kitchen.wav'.";
    private static readonly char[] Separators = ['_', '-', ' ', '.'];

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
            ToFiles([.. inFolders[true].Select(path => (path, listed.FoldersOf(path)[0]))]),
            inFolders[false].Select(path => new SkippedRecording(path, "it lies in no device's folder")),
            listed.Path, listed.Ignored, progress);
    }

    private static RecordingFile[] ToFiles(IReadOnlyList<(string Path, string Device)> files)
    {
        var names = files.Select(file => SentenceName.Normalise(Path.GetFileNameWithoutExtension(file.Path))).ToList();
        var shared = names.Zip(files).GroupBy(pair => pair.First, pair => pair.Second.Device).Where(g => g.Distinct().Count() > 1)
            .Select(g => g.Key).ToHashSet();
        return [.. files.Zip(names, (file, name) =>
            new RecordingFile(file.Path, file.Device, shared.Contains(name)
            ? name : WithoutDevice(name, SentenceName.Normalise(file.Device))))];
    }

    /// <summary>
    /// A letter or a digit after the device's name belongs to the sentence: "11" in the folder 1, "redwood" in the folder red.
    /// </summary>
    private static string WithoutDevice(string name, string device)
    {
        var rest = name.StartsWith(device, StringComparison.Ordinal) ? name[device.Length..] : "";
        var sentence = rest.TrimStart(Separators);
        return sentence.Length > 0 && sentence.Length < rest.Length ? sentence : name;
    }
}
