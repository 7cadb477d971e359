using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Degraded copies of training recordings, as WAV files, for data augmentation.</summary>
/// <remarks>
/// A copy has the device and sentence of its original, so both are always on the same side of a split. Its file is named by the hash of
/// original, degradation, seed and version of the arithmetic, is written atomically, and is reused. The folder may be deleted at any time.
/// </remarks>
/// <param name="folder">Folder of the files; created if it does not exist.</param>
/// <param name="seed">Seed of kinds, strengths and noise.</param>
internal sealed class DegradedCopies(string folder, long seed)
{
    /// <summary>Makes the copies of each recording, in the order of the recordings.</summary>
    /// <param name="recordings">The originals.</param>
    /// <param name="count">Number of copies of each.</param>
    /// <param name="progress">Receives a report after each copy.</param>
    /// <param name="cancellationToken">Checked before each copy; finished copies are reused the next time.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<Recording> Make(
        IReadOnlyList<Recording> recordings, int count, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var copies = new List<Recording>();
        foreach (var recording in recordings)
        {
            for (var copy = 0; copy < count; copy++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                copies.Add(Make(recording, copy));
                progress?.Report(new WorkProgress("degraded training copies", copies.Count, (long)recordings.Count * count));
            }
        }

        AtomicFile.RemoveAbandoned(folder);
        return copies;
    }

    private Recording Make(Recording recording, int copy)
    {
        var random = new SplitMix64((ulong)Seeds.Derive(seed, $"degraded copy of {recording.Hash}", copy));
        var (degradation, noiseSeed) = (TrainingDegradations.Draw(random), (long)random.Next());
        var path = Path.Combine(Path.GetFullPath(folder),
            ContentHash.HashText($"{Trial.LibraryVersion} {recording.Hash} {degradation.Identity} {noiseSeed}")[..32] + ".wav");
        if (!File.Exists(path))
            WaveFile.Write(path, degradation.Apply(AudioFile.Read(recording.Path), noiseSeed));
        return recording with { Path = path, Hash = ContentHash.HashFile(path), DurationSeconds = WaveFile.Read(path).DurationSeconds };
    }
}
