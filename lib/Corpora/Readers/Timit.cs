using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Layout of TIMIT: <c>TRAIN|TEST/DR1..8/&lt;speaker&gt;/&lt;sentence&gt;.WAV</c>, for background models.</summary>
/// <remarks>
/// The files of the LDC are NIST SPHERE files with the extension .WAV; converted copies end with .WAV.wav or .wav. Case is ignored. The
/// speakers are known, and the only "device" is TIMIT. All speakers read the sentences SA1 and SA2.
/// </remarks>
internal static class Timit
{
    /// <summary>Name of the only device of the corpus.</summary>
    public const string Device = "TIMIT";

    private const string Layout =
        "TIMIT's layout is TRAIN or TEST, then DR1 to DR8, one folder per speaker, and sentences, such as 'TRAIN/DR1/FCJF0/SA1.WAV'.";

    /// <summary>Reads every recording once and creates the corpus.</summary>
    /// <param name="folder">The folder with TRAIN and TEST, or one of these two.</param>
    /// <param name="progress">Reports after each file.</param>
    /// <exception cref="CorpusException">The folder does not exist or has no readable recordings.</exception>
    public static Corpus Open(string folder, IProgress<WorkProgress>? progress = null)
    {
        var listed = AudioFolder.List(folder, Layout);
        var files = listed.Audio.Select(path => (Path: path, Folders: listed.FoldersOf(path)))
            .ToLookup(file => IsSpeakerFolder(file.Folders));
        if (!files[true].Any())
            throw new CorpusException($"The folder '{listed.Path}' is not TIMIT. {Layout}");

        // Some distributions have both the SPHERE file and its converted copy; only one is read.
        var sentences = files[true].GroupBy(file => (Speaker: file.Folders[^1].ToUpperInvariant(), Sentence: Sentence(file.Path)))
            .ToList();
        return CorpusReader.Read(
            Device,
            [.. sentences.Select(group => new RecordingFile(group.First().Path, Device, group.Key.Sentence, group.Key.Speaker))],
            files[false].Select(file => new SkippedRecording(file.Path, "it is not in a speaker's folder under DR1 to DR8"))
                .Concat(listed.Skipped),
            listed.Path, [.. listed.Ignored, .. sentences.SelectMany(group => group.Skip(1)).Select(file => file.Path)], progress);
    }

    private static bool IsSpeakerFolder(string[] folders) =>
        folders.Length >= 2 && folders[^2].Length == 3 && folders[^2].StartsWith("DR", StringComparison.OrdinalIgnoreCase)
            && folders[^2][2] is >= '1' and <= '8';

    private static string Sentence(string path)
    {
        var name = Path.GetFileName(path);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return (dot < 0 ? name : name[..dot]).ToUpperInvariant();
    }
}
