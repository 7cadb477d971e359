using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Results of trials as files, found again instead of computed again.</summary>
/// <remarks>
/// A result is <c>(key).json</c>, written whole or not at all. Who computes a trial holds <c>(key).lock</c> open meanwhile: the operating
/// system frees it when the process ends, however it ends, so that several processes may share a folder and a killed one blocks nobody. A
/// damaged result is named in
/// <see cref="Damaged"/> and computed anew.
/// </remarks>
/// <param name="folder">Where results are written; made when missing.</param>
/// <param name="further">Folders that are only read, such as the results that come with the repository.</param>
internal sealed class TrialStore(string folder, params string[] further)
{
    /// <summary>
    /// What opening a file says that another process has open: EAGAIN of Linux and of macOS, and Windows' sharing violation.
    /// </summary>
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private const string DeepExtension = ".scores";
    private const string OthersExtension = ".outputs";

    private readonly List<string> _damaged = [];
    private readonly List<string> _changed = [];

    /// <summary>Where results are written.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>Results that were there and could not be used, each with the reason.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>Custom parts whose source has changed under the same version since a result was stored.</summary>
    public IReadOnlyList<string> Changed => _changed;

    /// <summary>
    /// The result of a trial, or null when there is none that can be used. Its stored settings are those of the trial, in full.
    /// </summary>
    /// <param name="trial">What is asked for.</param>
    public TrialResult? Find(Trial trial)
    {
        var key = trial.Key;
        var found = further.Prepend(Folder).Select(place => Read(Path.Combine(place, key + ".json"), trial))
            .FirstOrDefault(result => result is not null);
        foreach (var change in found is null ? [] : CustomParts.Changed(trial.Settings, found.Settings))
            if (!_changed.Contains(change))
                _changed.Add(change);
        return found;
    }

    /// <summary>Every usable result, in the order of the keys.</summary>
    public IReadOnlyList<TrialResult> All() =>
    [
        .. further.Prepend(Folder).Where(Directory.Exists).SelectMany(place => Directory.GetFiles(place, "*.json"))
            .GroupBy(Path.GetFileName).OrderBy(files => files.Key, StringComparer.Ordinal)
            .Select(files => files.Select(path => Read(path, null)).FirstOrDefault(result => result is not null)).OfType<TrialResult>(),
    ];

    /// <summary>Claims a trial for this process.</summary>
    /// <returns>Dispose of it when the result is written; null when another process has claimed it.</returns>
    public IDisposable? TryClaim(string key)
    {
        Directory.CreateDirectory(Folder);
        try
        {
            return new FileStream(
                Path.Combine(Folder, key + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                    FileOptions.DeleteOnClose);
        }
        catch (IOException error) when (HeldByAnother.Contains(error.HResult))
        {
            // Any other failure (a full disk, one that may only be read) is the caller's to hear of: waiting would not help.
            return null;
        }
    }

    /// <summary>
    /// Removes lock and checkpoint of a trial whose result is stored: a process killed just behind the storing leaves them, and nobody
    /// would claim that trial again.
    /// </summary>
    internal void RemoveLeftovers(string key)
    {
        if (!File.Exists(Path.Combine(Folder, key + ".lock")) && !File.Exists(CheckpointOf(key)))
            return;
        try
        {
            using var claim = TryClaim(key);
            if (claim is not null)
                File.Delete(CheckpointOf(key));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // They do no harm where they cannot be removed.
        }
    }

    /// <summary>Where a trial's training keeps its state.</summary>
    /// <param name="key">The trial's key.</param>
    public string CheckpointOf(string key) => Path.Combine(Folder, key + ".checkpoint");

    /// <summary>
    /// The scores of a result's deep output, and of its other outputs where they are kept; null where there are none that can be used.
    /// </summary>
    /// <param name="key">The result's key.</param>
    public TrialScores? Scores(string key)
    {
        foreach (var folder in further.Prepend(Folder))
        {
            // Beside the result that is found, or nowhere: another folder's may be those of another training.
            if (!File.Exists(Path.Combine(folder, key + ".json")))
                continue;
            if (ReadScores(Path.Combine(folder, key + DeepExtension)) is not { } deep)
                return null;
            var others = ReadScores(Path.Combine(folder, key + OthersExtension));
            return others?.Segments == deep.Segments ? deep.With(others) : deep;
        }

        return null;
    }

    /// <summary>
    /// Writes a result and its scores, each whole or not at all: the scores first, so that a result is never without them.
    /// </summary>
    /// <remarks>
    /// The deep output's scores are <c>(key).scores</c>, small enough to come with the repository; those of the other outputs,
    /// <c>(key).outputs</c>, stay where they were made.
    /// </remarks>
    /// <param name="result">Answers, times and facts.</param>
    /// <param name="scores">What the answers were made from; null where there are none to keep.</param>
    public void Write(TrialResult result, TrialScores? scores = null)
    {
        Directory.CreateDirectory(Folder);
        AtomicFile.RemoveAbandoned(Folder);
        WriteScores(result.Key + DeepExtension, scores?.Only(name => name == TrialOutput.Deep));
        WriteScores(result.Key + OthersExtension, scores?.Only(name => name != TrialOutput.Deep));
        AtomicFile.WriteText(Path.Combine(Folder, result.Key + ".json"), Json.WriteCompact(result) + "\n");
    }

    private void WriteScores(string name, TrialScores? scores)
    {
        var path = Path.Combine(Folder, name);
        // What lies there is of an earlier training.
        File.Delete(path);
        if (scores is null)
            return;
        try
        {
            TrialScoresFile.Write(path, scores);
        }
        catch (ArgumentException tooMany)
        {
            _damaged.Add($"{path}: the scores are not kept ({tooMany.Message}); the answers are.");
        }
    }

    private TrialScores? ReadScores(string path)
    {
        try
        {
            return File.Exists(path) ? TrialScoresFile.Read(path) : null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            if (!_damaged.Contains(error.Message))
                _damaged.Add(error.Message);
            return null;
        }
    }

    private TrialResult? Read(string path, Trial? asked) =>
        StoredResult.Read<TrialResult>(path, result => Problem(path, result, asked), _damaged);

    private static string? Problem(string path, TrialResult result, Trial? asked)
    {
        if (Path.GetFileNameWithoutExtension(path) != result.Key)
            return $"it is the result of trial {result.Key}";
        if (asked is not null && (result.LibraryVersion != Trial.LibraryVersion || Json.WriteKey(result.Trial) != Json.WriteKey(asked)))
            return "its settings are not those of the trial, although their key is the same";
        return asked is null && result.LibraryVersion == Trial.LibraryVersion && result.Trial.Key != result.Key
            ? "its key is not that of its settings" : result.Problems().FirstOrDefault();
    }
}
