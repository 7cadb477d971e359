using System.Globalization;
using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>An index of recordings, never their samples.</summary>
public sealed class Corpus
{
    private readonly string? _folder;

    /// <param name="name">Short name for tables: "CCNU-Mobile".</param>
    /// <param name="recordings">What could be read; kept in the order (device, sentence, path).</param>
    /// <param name="skipped">What was left out.</param>
    /// <param name="isSimulated">True for made recordings: every table made from them says so.</param>
    /// <param name="ignored">Files beside the recordings that are none: hidden files, texts.</param>
    /// <param name="folder">Full path from which messages name files; null for names in full.</param>
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

    /// <summary>True for made recordings: every table made from them says so.</summary>
    public bool IsSimulated { get; }

    /// <summary>All readable recordings in the order (device, sentence, path), ordinal comparison.</summary>
    public IReadOnlyList<Recording> Recordings { get; }

    /// <summary>What was left out, with reasons.</summary>
    public IReadOnlyList<SkippedRecording> Skipped { get; }

    /// <summary>Files beside the recordings that are none: hidden files, texts, pictures.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>Device names in ordinal order; a device's position is its class label.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>What was left out as a sentence, with the first files and reasons; empty when nothing was.</summary>
    public string SkippedNotice => NoticeOf(SentenceList.Abbreviate([.. Skipped.Select(WhyLeftOut)]));

    /// <summary>What was left out as a sentence, with every file and reason; empty when nothing was.</summary>
    public string WholeSkippedNotice => NoticeOf(SentenceList.Abbreviate([.. Skipped.Select(WhyLeftOut)], Skipped.Count));

    /// <summary>SHA-256 over devices, sentences, speakers and contents: equal exactly when the data are. Paths do not enter.</summary>
    public string Fingerprint { get; }

    /// <summary>
    /// A file that was left out, named from the corpus's folder on (the same name may lie in many devices' folders), and why.
    /// </summary>
    internal string WhyLeftOut(SkippedRecording skipped) =>
        $"{(_folder is null ? skipped.Path : System.IO.Path.GetRelativePath(_folder, skipped.Path))}: {skipped.Reason.TrimEnd('.')}.";

    private string NoticeOf(string reasons) =>
        Skipped.Count == 0 ? "" : $"{Skipped.Count} of {Skipped.Count + Recordings.Count} recordings were left out: {reasons}";

    /// <summary>A part of the recordings, as a corpus of its own.</summary>
    /// <param name="belongs">Says of each recording whether it belongs to the part.</param>
    /// <exception cref="CorpusException">None does.</exception>
    public Corpus Part(Func<Recording, bool> belongs)
    {
        var part = new Corpus(Name, Recordings.Where(belongs), [], IsSimulated);
        return part.Recordings.Count > 0
            ? part : throw new CorpusException($"No recording of {Name} belongs to the part that was asked for.");
    }
}

/// <summary>A recording that was left out of a corpus.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Reason">Why it was left out.</param>
public sealed record SkippedRecording(string Path, string Reason);
