using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Degraded copies of training recordings as WAV files, so that what learns from recordings learns from them too.</summary>
/// <remarks>
/// A copy keeps its original's device and sentence: it stands wherever that stands. Its file is named by the hash of original, degradation,
/// seed and the version of the arithmetic, appears whole or not at all, and is found again; delete the folder at will.
/// </remarks>
/// <param name="folder">Where the files lie; made when missing.</param>
/// <param name="seed">Decides kinds, strengths and noise.</param>
internal sealed class DegradedCopies(string folder, long seed)
{
    /// <summary>Copies of each recording, one after the other.</summary>
    /// <param name="recordings">The originals.</param>
    /// <param name="count">Copies of each.</param>
    /// <param name="progress">Told after each copy.</param>
    /// <param name="cancellationToken">Asked before each copy; those that are there are found again.</param>
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
                progress?.Report(new WorkProgress("degraded copies to train on", copies.Count, (long)recordings.Count * count));
            }
        }

        AtomicFile.RemoveAbandoned(folder);
        return copies;
    }

    private Recording Make(Recording recording, int copy)
    {
        var random = new SplitMix64((ulong)Seeds.Derive(seed, $"degraded copy of {recording.Hash}", copy));
        var (degradation, noise) = (TrainingDegradations.Draw(random), (long)random.Next());
        var path = Path.Combine(Path.GetFullPath(folder),
            ContentHash.HashText($"{Trial.LibraryVersion} {recording.Hash} {degradation.Identity} {noise}")[..32] + ".wav");
        if (!File.Exists(path))
            WaveFile.Write(path, degradation.Apply(AudioFile.Read(recording.Path), noise));
        return recording with { Path = path, Hash = ContentHash.HashFile(path), DurationSeconds = WaveFile.Read(path).DurationSeconds };
    }
}
