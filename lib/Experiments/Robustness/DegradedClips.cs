using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Degradations;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Degrades test recordings. The result is quantised to 16 bits and clipped at full scale, as in a WAV file.</summary>
internal static class DegradedClips
{
    /// <summary>Degrades recordings, each with noise of its own.</summary>
    /// <param name="degradation">The degradation; null returns the clips unchanged.</param>
    /// <param name="recordings">The recordings; the noise is seeded by their hashes.</param>
    /// <param name="clips">Samples of the recordings, in the same order.</param>
    /// <param name="seed">Seed of the noise.</param>
    /// <param name="cancellationToken">Checked before each clip.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static AudioClip[] Degrade(
        Degradation? degradation, IReadOnlyList<Recording> recordings, AudioClip[] clips, long seed,
        CancellationToken cancellationToken = default)
    {
        if (degradation is null)
            return clips;
        var degraded = new AudioClip[clips.Length];
        void DegradeOne(int i) => degraded[i] = ToSixteenBits(
            degradation.Apply(clips[i], Seeds.Derive(seed, $"tested {degradation.Identity} {recordings[i].Hash}")));
        if (degradation is CodecRoundTrip)
        {
            // Most of the work of codecs is done by other processes.
            ParallelLoops.For(clips.Length, i =>
            {
                using var singleThread = new SingleThread();
                DegradeOne(i);
            }, cancellationToken: cancellationToken);
        }
        else
        {
            // All other degradations compute with tensors, which use several threads themselves.
            for (var i = 0; i < clips.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                DegradeOne(i);
            }
        }

        return degraded;
    }

    /// <summary>Rounds samples as a 16-bit WAV file does: the original recordings and the training copies are such files.</summary>
    private static AudioClip ToSixteenBits(AudioClip clip) =>
        WaveFile.Parse("a recording in memory", WaveFile.ToBytes(clip));
}
