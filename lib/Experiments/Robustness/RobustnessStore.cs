using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Results of the robustness study as files, one a held-out sentence, found again instead of computed again.</summary>
/// <param name="folder">Where results are written; made when missing.</param>
/// <param name="further">Folders that are only read, such as the results that come with the repository.</param>
internal sealed class RobustnessStore(string folder, params string[] further)
{
    private readonly List<string> _damaged = [];

    /// <summary>Results that were there and could not be used, each with the reason.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>A result, or null when there is none that can be used.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="suffices">Whether a result that is there will do.</param>
    public RobustnessSplit? Find(string key, Func<RobustnessSplit, bool> suffices) =>
        further.Prepend(folder).Select(place => Read(Path.Combine(place, key + ".json"), key))
            .FirstOrDefault(result => result is not null && suffices(result));

    /// <summary>Writes a result, whole or not at all.</summary>
    public void Write(RobustnessSplit result)
    {
        AtomicFile.RemoveAbandoned(folder);
        AtomicFile.WriteText(Path.Combine(folder, result.Key + ".json"), Json.WriteCompact(result) + "\n");
    }

    private RobustnessSplit? Read(string path, string key) =>
        StoredResult.Read<RobustnessSplit>(path, result => result.Key != key
            ? $"it is the result {result.Key}" : result.Problems().FirstOrDefault(), _damaged);
}
