using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>What results call a corpus's recordings: "device/file.wav", and more only where two recordings would share that.</summary>
/// <remarks>
/// Answers of two systems are compared by these names, so a name means one recording, in every split. What sets two of one name apart (a
/// device's folder may have folders) follows from sentence and contents, as the corpus's fingerprint does: results are found from wherever
/// the files lie.
/// </remarks>
internal sealed class RecordingNames
{
    private const int HashDigits = 8;

    private readonly HashSet<string> _shared;

    /// <param name="corpus">All recordings, not those of one split only.</param>
    public RecordingNames(Corpus corpus) =>
        _shared = corpus.Recordings.GroupBy(Short, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>A recording's name; no other of the corpus has it.</summary>
    /// <param name="recording">One of the corpus.</param>
    public string NameOf(Recording recording) => Short(recording) is var name && !_shared.Contains(name) ? name
        : $"{name} ({ContentHash.HashText($"{recording.Sentence}\t{recording.Hash}")[..HashDigits]})";

    private static string Short(Recording recording) => $"{recording.Device}/{System.IO.Path.GetFileName(recording.Path)}";
}
