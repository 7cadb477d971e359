using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>
/// Unique names of a corpus's recordings in results: "device/file.wav", with a suffix where two recordings have the same name.
/// </summary>
/// <remarks>
/// The results of two systems are compared by these names, so a name identifies one recording in every split. Two files in subfolders of a
/// device can have the same name; the suffix is then a hash of sentence and contents, so that it does not depend on where the files are.
/// </remarks>
internal sealed class RecordingNames
{
    private const int HashDigits = 8;

    private readonly HashSet<string> _ambiguous;

    /// <summary>Finds the names that need a suffix.</summary>
    /// <param name="corpus">The whole corpus, not only one split.</param>
    public RecordingNames(Corpus corpus) =>
        _ambiguous = corpus.Recordings.GroupBy(ShortName, StringComparer.Ordinal)
            .Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>Returns the unique name of a recording.</summary>
    /// <param name="recording">A recording of the corpus.</param>
    public string GetName(Recording recording) => ShortName(recording) is var name && !_ambiguous.Contains(name) ? name
        : $"{name} ({ContentHash.HashText($"{recording.Sentence}\t{recording.Hash}")[..HashDigits]})";

    private static string ShortName(Recording recording) => $"{recording.Device}/{System.IO.Path.GetFileName(recording.Path)}";
}
