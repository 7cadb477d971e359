using DeviceId.Corpora;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Stores the results of file facts, one file per corpus, so that they are measured only once.</summary>
/// <param name="folder">Folder that results are written to; created if it does not exist.</param>
/// <param name="readOnlyFolders">Folders that are only read, such as the results in the repository.</param>
internal sealed class FileFactsStore(string folder, params string[] readOnlyFolders)
{
    /// <summary>Name of the folder, beside the results of trials.</summary>
    public const string Folder = "file-facts";

    /// <summary>Increased when the facts or the classifier change.</summary>
    private const int Version = 1;

    private readonly List<string> _damaged = [];

    /// <summary>Stored files that could not be used; a sentence with the reason for each.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>The stored result for a corpus; null if there is none that can be used.</summary>
    /// <param name="fingerprint">Fingerprint of the corpus.</param>
    public FileFactsResult? Find(string fingerprint) =>
        StoredResult.First<FileFactsResult>(readOnlyFolders.Prepend(folder), FileName(fingerprint),
            result => result.Corpus != fingerprint ? $"it is about the corpus {result.Corpus}" : result.Problems().FirstOrDefault(),
            _damaged);

    /// <summary>The stored result for a corpus, or a new one; null if there are fewer than two devices or sentences.</summary>
    public FileFactsResult? FindOrMeasure(Corpus corpus, IProgress<WorkProgress>? progress = null)
    {
        if (Find(corpus.Fingerprint) is { } stored)
            return stored;
        var result = FileFactsResult.Measure(corpus, progress);
        if (result is not null)
            AtomicFile.WriteText(Path.Combine(folder, FileName(corpus.Fingerprint)), Json.Write(result) + "\n");
        return result;
    }

    private static string FileName(string fingerprint) => ContentHash.HashText($"{Version}\n{fingerprint}")[..32] + ".json";
}
