using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Stores results of the robustness study as files, one per held-out sentence, so that they need not be computed again.</summary>
/// <param name="folder">Folder that results are written to; created if it does not exist.</param>
/// <param name="readOnlyFolders">Folders that are only read, such as the results in the repository.</param>
internal sealed class RobustnessStore(string folder, params string[] readOnlyFolders)
{
    private readonly List<string> _damaged = [];

    /// <summary>Stored files that could not be used; a sentence with the reason for each.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>A stored result, or null if there is none that can be used.</summary>
    /// <param name="key">Key of the result.</param>
    /// <param name="suffices">Whether a stored result is acceptable.</param>
    public RobustnessSplit? Find(string key, Func<RobustnessSplit, bool> suffices) =>
        readOnlyFolders.Prepend(folder).Select(folderToRead => Read(Path.Combine(folderToRead, key + ".json"), key))
            .FirstOrDefault(result => result is not null && suffices(result));

    /// <summary>Writes a result, atomically.</summary>
    public void Write(RobustnessSplit result)
    {
        AtomicFile.RemoveAbandoned(folder);
        AtomicFile.WriteText(Path.Combine(folder, result.Key + ".json"), Json.WriteCompact(result) + "\n");
    }

    private RobustnessSplit? Read(string path, string key) =>
        StoredResult.Read<RobustnessSplit>(
            path, result => result.Key != key ? $"it contains the result {result.Key}" : result.Problems().FirstOrDefault(), _damaged);
}
