using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Stores results of trials as files, so that they need not be computed again.</summary>
/// <remarks>
/// A result is <c>(key).json</c>, written atomically. The process that computes a trial holds <c>(key).lock</c> open meanwhile: the
/// operating system releases it when the process ends, however it ends, so several processes may share a folder and a killed one blocks no
/// other. A damaged result is listed in <see cref="Damaged"/> and computed again.
/// </remarks>
/// <param name="folder">Folder that results are written to; created if it does not exist.</param>
/// <param name="readOnlyFolders">Folders that are only read, such as the results in the repository.</param>
internal sealed class TrialStore(string folder, params string[] readOnlyFolders)
{
    /// <summary>
    /// HResults of opening a file that another process has open: EAGAIN on Linux and macOS, and the sharing violation on Windows.
    /// </summary>
    private static readonly int[] SharingViolations = [11, 35, unchecked((int)0x80070020)];

    private const string DeepExtension = ".scores";
    private const string OtherOutputsExtension = ".outputs";

    private readonly List<string> _damaged = [];
    private readonly List<string> _changed = [];

    /// <summary>Folder that results are written to.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>Stored files that could not be used, or scores that could not be stored; a sentence for each.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>Custom parts whose source, but not their version, has changed since a result was stored; a sentence for each.</summary>
    public IReadOnlyList<string> Changed => _changed;

    /// <summary>
    /// The stored result of a trial, or null if there is none that can be used. Its stored settings equal those of the trial.
    /// </summary>
    /// <param name="trial">The trial.</param>
    public TrialResult? Find(Trial trial)
    {
        var key = trial.Key;
        var found = readOnlyFolders.Prepend(Folder).Select(folderToRead => Read(Path.Combine(folderToRead, key + ".json"), trial))
            .FirstOrDefault(result => result is not null);
        foreach (var change in found is null ? [] : CustomParts.Changed(trial.Settings, found.Settings))
            if (!_changed.Contains(change))
                _changed.Add(change);
        return found;
    }

    /// <summary>All usable results, in the order of their keys.</summary>
    public IReadOnlyList<TrialResult> All() =>
    [
        .. readOnlyFolders.Prepend(Folder).Where(Directory.Exists).SelectMany(folderToRead => Directory.GetFiles(folderToRead, "*.json"))
            .GroupBy(Path.GetFileName).OrderBy(files => files.Key, StringComparer.Ordinal)
            .Select(files => files.Select(path => Read(path, null)).FirstOrDefault(result => result is not null)).OfType<TrialResult>(),
    ];

    /// <summary>Claims a trial for this process.</summary>
    /// <returns>The claim, to be disposed of when the result is written; null if another process has claimed the trial.</returns>
    public IDisposable? TryClaim(string key)
    {
        Directory.CreateDirectory(Folder);
        try
        {
            return new FileStream(
                Path.Combine(Folder, key + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose);
        }
        catch (IOException error) when (SharingViolations.Contains(error.HResult))
        {
            // Any other failure (a full or read-only disk) is thrown: waiting would not help.
            return null;
        }
    }

    /// <summary>
    /// Removes lock and checkpoint of a trial whose result is stored. A process that is killed just after storing the result leaves them
    /// behind, and they would stay, because the trial is not claimed again.
    /// </summary>
    internal void RemoveLeftovers(string key)
    {
        if (!File.Exists(Path.Combine(Folder, key + ".lock")) && !File.Exists(CheckpointPath(key)))
            return;
        try
        {
            using var claim = TryClaim(key);
            if (claim is not null)
                File.Delete(CheckpointPath(key));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Files that cannot be removed do no harm.
        }
    }

    /// <summary>Path of the checkpoint of a trial's training.</summary>
    /// <param name="key">The trial's key.</param>
    public string CheckpointPath(string key) => Path.Combine(Folder, key + ".checkpoint");

    /// <summary>
    /// The stored scores of a result's deep output, and of its other outputs if they are stored; null if there are none that are usable.
    /// </summary>
    /// <param name="key">The result's key.</param>
    public TrialScores? Scores(string key)
    {
        foreach (var folder in readOnlyFolders.Prepend(Folder))
        {
            // Only in the folder of the result that is used: scores in another folder may be of another training.
            if (!File.Exists(Path.Combine(folder, key + ".json")))
                continue;
            if (ReadScores(Path.Combine(folder, key + DeepExtension)) is not { } deep)
                return null;
            var others = ReadScores(Path.Combine(folder, key + OtherOutputsExtension));
            return others?.Segments == deep.Segments ? deep.With(others) : deep;
        }

        return null;
    }

    /// <summary>
    /// Writes a result and its scores, each atomically; the scores first, so that no result is without its scores.
    /// </summary>
    /// <remarks>
    /// The scores of the deep output are <c>(key).scores</c>, small enough for the repository; those of the other outputs,
    /// <c>(key).outputs</c>, are not committed.
    /// </remarks>
    /// <param name="result">The result.</param>
    /// <param name="scores">The scores that the result's answers were derived from; null if there are none to store.</param>
    public void Write(TrialResult result, TrialScores? scores = null)
    {
        Directory.CreateDirectory(Folder);
        AtomicFile.RemoveAbandoned(Folder);
        WriteScores(result.Key + DeepExtension, scores?.Only(name => name == TrialOutput.Deep));
        WriteScores(result.Key + OtherOutputsExtension, scores?.Only(name => name != TrialOutput.Deep));
        AtomicFile.WriteText(Path.Combine(Folder, result.Key + ".json"), Json.WriteCompact(result) + "\n");
    }

    private void WriteScores(string name, TrialScores? scores)
    {
        var path = Path.Combine(Folder, name);

        // An existing file is of an earlier training.
        File.Delete(path);
        if (scores is null)
            return;
        try
        {
            TrialScoresFile.Write(path, scores);
        }
        catch (ArgumentException error)
        {
            _damaged.Add($"{path}: the scores are not stored ({error.Message}); the predicted labels are.");
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

    private TrialResult? Read(string path, Trial? trial) =>
        StoredResult.Read<TrialResult>(path, result => Problem(path, result, trial), _damaged);

    private static string? Problem(string path, TrialResult result, Trial? trial)
    {
        if (Path.GetFileNameWithoutExtension(path) != result.Key)
            return $"it contains the result of trial {result.Key}";
        if (trial is not null && (result.LibraryVersion != Trial.LibraryVersion || Json.WriteKey(result.Trial) != Json.WriteKey(trial)))
            return "its settings differ from those of the trial, although the keys are equal";
        return trial is null && result.LibraryVersion == Trial.LibraryVersion && result.Trial.Key != result.Key
            ? "its key does not match its settings" : result.Problems().FirstOrDefault();
    }
}
