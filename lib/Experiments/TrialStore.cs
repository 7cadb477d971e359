using System.Text.Json;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Results of trials as files, found again instead of computed again.</summary>
/// <remarks>
/// A result is <c>(key).json</c>, written whole or not at all. Who computes a trial holds <c>(key).lock</c> open meanwhile: the operating system frees it
/// when the process ends, however it ends, so that several processes may share a folder and a killed one blocks nobody. A damaged result is named in
/// <see cref="Damaged"/> and computed anew.
/// </remarks>
/// <param name="folder">Where results are written; made when missing.</param>
/// <param name="further">Folders that are only read, such as the results that come with the repository.</param>
public sealed class TrialStore(string folder, params string[] further)
{
    /// <summary>What opening a file says that another process has open: EAGAIN of Linux and of macOS, and Windows' sharing violation.</summary>
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private readonly List<string> _damaged = [];

    /// <summary>Where results are written.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>Results that were there and could not be used, each with the reason.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>The result of a trial, or null when there is none that can be used.</summary>
    public TrialResult? Find(string key) =>
        further.Prepend(Folder).Select(place => Read(Path.Combine(place, key + ".json"), key)).FirstOrDefault(result => result is not null);

    /// <summary>Every usable result, in the order of the keys.</summary>
    public IReadOnlyList<TrialResult> All() =>
        [.. further.Prepend(Folder).Where(Directory.Exists).SelectMany(place => Directory.GetFiles(place, "*.json"))
            .Select(Path.GetFileNameWithoutExtension).Distinct().Order(StringComparer.Ordinal).Select(key => Find(key!)).OfType<TrialResult>()];

    /// <summary>Claims a trial for this process.</summary>
    /// <returns>Dispose of it when the result is written; null when another process has claimed it.</returns>
    public IDisposable? TryClaim(string key)
    {
        Directory.CreateDirectory(Folder);
        try
        {
            return new FileStream(Path.Combine(Folder, key + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException error) when (HeldByAnother.Contains(error.HResult))
        {
            // Any other failure (a full disk, one that may only be read) is the caller's to hear of: waiting would not help.
            return null;
        }
    }

    /// <summary>Removes the lock of a trial whose result is stored: a process killed between the two leaves it behind, and nobody would claim that trial again.</summary>
    internal void RemoveAbandonedLock(string key)
    {
        if (!File.Exists(Path.Combine(Folder, key + ".lock")))
            return;
        try
        {
            TryClaim(key)?.Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It does no harm where it cannot be removed.
        }
    }

    /// <summary>Writes a result, whole or not at all.</summary>
    public void Write(TrialResult result)
    {
        AtomicFile.RemoveAbandoned(Folder);
        AtomicFile.WriteText(Path.Combine(Folder, result.Key + ".json"), Json.WriteCompact(result) + "\n");
    }

    private TrialResult? Read(string path, string key)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            var result = Json.Read<TrialResult>(File.ReadAllText(path));
            var problem = result.Key != key ? $"it is the result of trial {result.Key}" : result.Problems().FirstOrDefault();
            if (problem is null)
                return result;
            Report(path, problem);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Report(path, error.Message);
        }

        return null;
    }

    private void Report(string path, string problem)
    {
        var line = $"{path}: this stored result cannot be used ({problem}); its trial is run again.";
        if (!_damaged.Contains(line))
            _damaged.Add(line);
    }
}
