using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Stores measured costs, one file for each experiment, profile and corpus.</summary>
/// <param name="folder">Folder that results are written to; created if it does not exist.</param>
/// <param name="readOnlyFolders">Folders that are only read, such as the results in the repository.</param>
internal sealed class CostStore(string folder, params string[] readOnlyFolders)
{
    /// <summary>Name of the folder, beside the results of trials.</summary>
    public const string Folder = "costs";

    private readonly List<string> _damaged = [];

    /// <summary>Stored files that could not be used; a sentence with the reason for each.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>The stored result; null if there is none that can be used.</summary>
    /// <param name="experiment">Id of the experiment.</param>
    /// <param name="profile">Name of the profile.</param>
    /// <param name="corpus">Fingerprint of the recordings.</param>
    public CostResult? Find(string experiment, string profile, string corpus) =>
        StoredResult.First<CostResult>(readOnlyFolders.Prepend(folder), FileName(experiment, profile, corpus),
            result => (result.Experiment, result.Profile, result.Corpus) != (experiment, profile, corpus)
                ? $"it is about {result.Experiment}, {result.Profile}" : result.Problems().FirstOrDefault(),
            _damaged);

    /// <summary>Writes a result, atomically.</summary>
    public void Write(CostResult result) => AtomicFile.WriteText(
        Path.Combine(folder, FileName(result.Experiment, result.Profile, result.Corpus)), Json.Write(result) + "\n");

    private static string FileName(string experiment, string profile, string corpus) =>
        $"{experiment}-{profile}-{corpus[..Math.Min(12, corpus.Length)]}.json";
}
