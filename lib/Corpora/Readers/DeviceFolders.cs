using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>The user's own recordings: one folder per device, with any file names and any readable formats.</summary>
/// <remarks>
/// The sentence is the file name without extension, ignoring case. So <c>kitchen.wav</c> of one phone and <c>Kitchen.m4a</c> of another are
/// the same sentence and always on the same side of a split. If phones merely number their files, this groups unrelated recordings: it
/// reduces the number of folds but cannot make a result look better. The same words under different names are not detected: give them
/// the same name.
/// A device name before the sentence is removed (<c>red/red_2.wav</c> is <c>2</c>) only if it is followed by one of "_-. " and no other
/// device has the same file name. So <c>11.wav</c> and <c>1-1.wav</c> in folders 1 and 2 remain as they are.
/// </remarks>
internal static class DeviceFolders
{
    private const string Layout =
        "The layout is one folder per device, named after it, with its recordings inside, such as 'my phone/kitchen.wav'.";

    private static readonly char[] Separators = ['_', '-', ' ', '.'];

    /// <summary>Reads every recording once and creates the corpus.</summary>
    /// <param name="folder">The folder with the folders of the devices.</param>
    /// <param name="progress">Reports after each file.</param>
    /// <exception cref="CorpusException">
    /// The folder does not exist, has no recordings, or has a device without readable recordings.
    /// </exception>
    public static Corpus Open(string folder, IProgress<WorkProgress>? progress = null)
    {
        var listed = AudioFolder.List(folder, Layout);
        var inFolders = listed.Audio.ToLookup(path => listed.FoldersOf(path).Length > 0);
        if (!inFolders[true].Any())
            throw new CorpusException($"The {listed.Audio.Count} recordings of '{listed.Path}' are not in a device's folder. {Layout}");
        return CorpusReader.Read(
            Path.GetFileName(listed.Path.TrimEnd(Path.DirectorySeparatorChar)),
            ToFiles([.. inFolders[true].Select(path => (path, listed.FoldersOf(path)[0]))]),
            inFolders[false].Select(path => new SkippedRecording(path, "it is not in a device's folder")).Concat(listed.Skipped),
            listed.Path, listed.Ignored, progress, lostDevices: listed.FoldersWithoutAudio());
    }

    private static RecordingFile[] ToFiles(IReadOnlyList<(string Path, string Device)> files)
    {
        var names = files.Select(file => SentenceName.Normalise(Path.GetFileNameWithoutExtension(file.Path))).ToList();
        var shared = names.Zip(files).GroupBy(pair => pair.First, pair => pair.Second.Device).Where(g => g.Distinct().Count() > 1)
            .Select(g => g.Key).ToHashSet();
        string Sentence(string name, string device) =>
            shared.Contains(name) ? name : RemoveDevice(name, SentenceName.Normalise(device));
        return [.. files.Zip(names, (file, name) => new RecordingFile(file.Path, file.Device, Sentence(name, file.Device)))];
    }

    /// <summary>
    /// Removes a leading device name. If a letter or digit follows it, the name is part of the sentence: "11" in folder 1, "redwood" in
    /// folder red.
    /// </summary>
    private static string RemoveDevice(string name, string device)
    {
        var rest = name.StartsWith(device, StringComparison.Ordinal) ? name[device.Length..] : "";
        var sentence = rest.TrimStart(Separators);
        return sentence.Length > 0 && sentence.Length < rest.Length ? sentence : name;
    }
}
