using System.Globalization;
using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>An index of recordings, without their samples.</summary>
public sealed class Corpus
{
    private readonly string? _folder;

    /// <summary>Creates a corpus.</summary>
    /// <param name="name">Short name for tables: "CCNU-Mobile".</param>
    /// <param name="recordings">Readable recordings, in any order.</param>
    /// <param name="skipped">Recordings that were left out.</param>
    /// <param name="isSimulated">True for simulated recordings; every table of results says so.</param>
    /// <param name="ignored">Files that are not recordings: hidden files, texts.</param>
    /// <param name="folder">Full path of the folder to which file names in messages are relative; null for full paths.</param>
    public Corpus(string name, IEnumerable<Recording> recordings, IEnumerable<SkippedRecording> skipped, bool isSimulated = false,
        IReadOnlyList<string>? ignored = null, string? folder = null)
    {
        (Name, _folder) = (name, folder);
        IsSimulated = isSimulated;
        Recordings = [.. recordings.OrderBy(r => r.Device, StringComparer.Ordinal)
            .ThenBy(r => r.Sentence, StringComparer.Ordinal).ThenBy(r => r.Path, StringComparer.Ordinal)];
        Skipped = [.. skipped];
        Ignored = [.. ignored ?? []];
        Devices = [.. Recordings.Select(r => r.Device).Distinct().Order(StringComparer.Ordinal)];
        Fingerprint = ContentHash.HashText(string.Join('\n', Recordings.Select(r =>
            string.Create(CultureInfo.InvariantCulture, $"{r.Device}\t{r.Sentence}\t{r.Speaker}\t{r.Hash}"))));
    }

    /// <summary>Short name for tables.</summary>
    public string Name { get; }

    /// <summary>True for simulated recordings; every table of results says so.</summary>
    public bool IsSimulated { get; }

    /// <summary>All readable recordings, sorted by device, sentence and path (ordinal).</summary>
    public IReadOnlyList<Recording> Recordings { get; }

    /// <summary>Recordings that were left out, with reasons.</summary>
    public IReadOnlyList<SkippedRecording> Skipped { get; }

    /// <summary>Files that are not recordings: hidden files, texts, pictures.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>Device names in ordinal order; the index of a device is its class label.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>Message about the recordings left out, with the first files and reasons; empty if there are none.</summary>
    public string SkippedNotice => Notice(SentenceList.Abbreviate([.. Skipped.Select(SkippedReason)]));

    /// <summary>Message about the recordings left out, with every file and reason; empty if there are none.</summary>
    public string FullSkippedNotice => Notice(SentenceList.Abbreviate([.. Skipped.Select(SkippedReason)], Skipped.Count));

    /// <summary>
    /// SHA-256 over devices, sentences, speakers and file contents. Two corpora with equal data have equal fingerprints; paths do not
    /// matter.
    /// </summary>
    public string Fingerprint { get; }

    /// <summary>
    /// Path and reason of a recording that was left out. The path is relative to the corpus folder, because devices share file names.
    /// </summary>
    internal string SkippedReason(SkippedRecording skipped) =>
        $"{(_folder is null ? skipped.Path : System.IO.Path.GetRelativePath(_folder, skipped.Path))}: {skipped.Reason.TrimEnd('.')}.";

    private string Notice(string reasons) =>
        Skipped.Count == 0 ? "" : $"{Skipped.Count} of {Skipped.Count + Recordings.Count} recordings were left out: {reasons}";

    /// <summary>Returns a subset of the recordings as a corpus.</summary>
    /// <param name="belongs">Whether a recording belongs to the subset.</param>
    /// <exception cref="DeviceIdException">No recording belongs to it.</exception>
    public Corpus Subset(Func<Recording, bool> belongs)
    {
        var subset = new Corpus(Name, Recordings.Where(belongs), [], IsSimulated);
        return subset.Recordings.Count > 0
            ? subset : throw new CorpusException($"No recording of {Name} belongs to the requested subset.");
    }
}

/// <summary>A recording that was left out of a corpus.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Reason">Why it was left out.</param>
public sealed record SkippedRecording(string Path, string Reason);
