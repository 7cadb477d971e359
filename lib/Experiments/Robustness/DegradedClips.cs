using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Degradations;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Test recordings after a degradation, as files of 16 bits would hold them: quantised, and cut at full scale.</summary>
internal static class DegradedClips
{
    /// <summary>Degrades recordings; noise differs from one to the other.</summary>
    /// <param name="degradation">What is done to them; null for nothing.</param>
    /// <param name="recordings">Whose recordings they are: their hashes decide the noise.</param>
    /// <param name="clips">Their sound.</param>
    /// <param name="seed">Decides the noise.</param>
    /// <param name="cancellationToken">Asked before each clip.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static AudioClip[] Degrade(
        Degradation? degradation, IReadOnlyList<Recording> recordings, AudioClip[] clips, long seed,
            CancellationToken cancellationToken = default)
    {
        if (degradation is null)
            return clips;
        var heard = new AudioClip[clips.Length];
        void One(int i) => heard[i] = AsStored(degradation.Apply(clips[i],
            Seeds.Derive(seed, $"tested {degradation.Identity} {recordings[i].Hash}")));
        if (degradation is CodecRoundTrip)
        {
            // Other programs do most of the work of codecs.
            ParallelLoops.For(clips.Length, i =>
            {
                using var alone = new SingleThread();
                One(i);
            }, cancellationToken: cancellationToken);
        }
        else
        {
            // Everything else computes with tensors, which have threads of their own.
            for (var i = 0; i < clips.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                One(i);
            }
        }

        return heard;
    }

    /// <summary>What a 16-bit file keeps: as all recordings came in, and the copies to train on.</summary>
    private static AudioClip AsStored(AudioClip clip) =>
        WaveFile.Parse("a recording in memory", WaveFile.ToBytes(clip), ChannelChoice.First);
}
