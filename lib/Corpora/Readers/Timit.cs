using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>TIMIT's layout: <c>TRAIN|TEST/DR1..8/&lt;speaker&gt;/&lt;sentence&gt;.WAV</c>, for background models.</summary>
/// <remarks>
/// The LDC's files are NIST SPHERE under the name .WAV; converted copies are called .WAV.wav or .wav. Capitals do not count. Speakers are
/// known and the one "device" is TIMIT. Sentences go by their names: SA1 and SA2 are read by everybody.
/// </remarks>
internal static class Timit
{
    /// <summary>The one device of the corpus.</summary>
    public const string Device = "TIMIT";

    private const string Layout = "TIMIT's layout is TRAIN or TEST, then DR1 to DR8, a folder a speaker, and sentences such as 'TRAIN/DR1/FCJF0/SA1.WAV'.";

    /// <summary>Reads every recording once and makes the index.</summary>
    /// <param name="folder">The folder that holds TRAIN and TEST, or one of these two.</param>
    /// <param name="progress">Told after each file.</param>
    /// <exception cref="CorpusException">No such folder, no recordings in it, or none that can be read.</exception>
    public static Corpus Open(string folder, IProgress<WorkProgress>? progress = null)
    {
        var listed = AudioFolder.List(folder, Layout);
        var placed = listed.Audio.Select(path => (Path: path, Folders: listed.FoldersOf(path))).ToLookup(file => IsSpeakers(file.Folders));
        if (!placed[true].Any())
            throw new CorpusException($"The folder '{listed.Path}' is not TIMIT. {Layout}");

        // Distributions differ in keeping both the SPHERE file and its converted copy: one of them is enough.
        var sentences = placed[true].GroupBy(file => (Speaker: file.Folders[^1].ToUpperInvariant(), Sentence: Sentence(file.Path)))
            .ToList();
        return CorpusReader.Read(
            Device,
            [.. sentences.Select(group => new RecordingFile(group.First().Path, Device, group.Key.Sentence, group.Key.Speaker))],
            placed[false].Select(file => new SkippedRecording(file.Path, "it lies in no speaker's folder under DR1 to DR8")),
            listed.Path, [.. listed.Ignored, .. sentences.SelectMany(group => group.Skip(1)).Select(file => file.Path)], progress);
    }

    private static bool IsSpeakers(string[] folders) =>
        folders.Length >= 2 && folders[^2].Length == 3 && folders[^2].StartsWith("DR", StringComparison.OrdinalIgnoreCase)
            && folders[^2][2] is >= '1' and <= '8';

    private static string Sentence(string path)
    {
        var name = Path.GetFileName(path);
        return name[..name.IndexOf('.', StringComparison.Ordinal)].ToUpperInvariant();
    }
}
