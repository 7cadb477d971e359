using System.Globalization;
using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>An index of recordings, without their samples.</summary>
public sealed class Corpus
{
    private const int ShownNames = 3;

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

    /// <summary>Folders of devices without any possible recording, with reasons: these devices are not in <see cref="Devices"/>.</summary>
    internal IReadOnlyList<SkippedRecording> LostDevices { get; init; } = [];

    /// <summary>Device names in ordinal order; the index of a device is its class label.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>Message about the recordings left out, with the first files and reasons; empty if there are none.</summary>
    public string SkippedNotice => Notice(SentenceList.Abbreviate([.. Skipped.Select(SkippedReason)]));

    /// <summary>Message about the recordings left out, with every file and reason; empty if there are none.</summary>
    public string FullSkippedNotice => Notice(SentenceList.Abbreviate([.. Skipped.Select(SkippedReason)], Skipped.Count));

    /// <summary>
    /// What was not used, a sentence or more each: recordings left out, lost devices, ignored files; a few names and a count.
    /// </summary>
    internal IReadOnlyList<string> Notices => AllNotices(SkippedNotice, ShownNames);

    /// <summary>What was not used, with every name.</summary>
    internal IReadOnlyList<string> FullNotices => AllNotices(FullSkippedNotice, int.MaxValue);

    /// <summary>Message about devices without recordings, with their folders and reasons; empty if there are none.</summary>
    internal string LostDevicesNotice => LostNotice(int.MaxValue);

    /// <summary>
    /// SHA-256 over devices, sentences, speakers and file contents. Two corpora with equal data have equal fingerprints; paths do not
    /// matter.
    /// </summary>
    public string Fingerprint { get; }

    /// <summary>
    /// Path and reason of a recording that was left out. The path is relative to the corpus folder, because devices share file names.
    /// </summary>
    internal string SkippedReason(SkippedRecording skipped) =>
        $"{RelativePath(skipped.Path)}: {skipped.Reason.TrimEnd('.')}.";

    private IReadOnlyList<string> AllNotices(string skippedNotice, int shown) =>
        [.. new[] { skippedNotice, LostNotice(shown), IsSimulated ? "" : IgnoredNotice(shown) }.Where(notice => notice.Length > 0)];

    private string LostNotice(int shown) => LostDevices.Count == 0 ? ""
        : $"{SentenceList.Count(LostDevices.Count, "device folder")} without a recording: "
            + SentenceList.Abbreviate([.. LostDevices.Select(SkippedReason)], shown);

    private string IgnoredNotice(int shown)
    {
        var names = Ignored.Select(RelativePath).ToLookup(name => Path.GetFileName(name).StartsWith('.'));
        var (seen, hidden) = (names[false].ToList(), names[true].Count());
        return Ignored.Count == 0 ? "" : $"{SentenceList.Count(Ignored.Count, "other file")} ignored"
            + (seen.Count == 0 ? "" : $": {string.Join(", ", seen.Take(shown))}")
            + (seen.Count > shown ? $" and {seen.Count - shown} more" : "")
            + (hidden == 0 ? "." : $" ({hidden} hidden).");
    }

    private string RelativePath(string path) => _folder is null ? path : Path.GetRelativePath(_folder, path);

    private string Notice(string reasons) =>
        Skipped.Count == 0 ? "" : $"{Skipped.Count} of {Skipped.Count + Recordings.Count} recordings were left out: {reasons}";

    /// <summary>The corpus without some of its recordings, which are listed as left out.</summary>
    /// <param name="leftOut">Recordings of the corpus, with reasons.</param>
    internal Corpus Without(IReadOnlyList<SkippedRecording> leftOut)
    {
        if (leftOut.Count == 0)
            return this;
        var paths = leftOut.Select(s => s.Path).ToHashSet(StringComparer.Ordinal);
        return new Corpus(Name, Recordings.Where(r => !paths.Contains(r.Path)), [.. Skipped, .. leftOut], IsSimulated, Ignored, _folder)
        {
            LostDevices = LostDevices,
        };
    }

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
