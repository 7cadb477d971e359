using System.Numerics.Tensors;

namespace DeviceId.Audio;

/// <summary>What a header may say and what samples may be, for all readers.</summary>
internal static class AudioLimits
{
    private const int MaxRate = 3_072_000;
    private const int MaxChannels = 1024;

    /// <exception cref="AudioException">No rate, no channels, or more than any recorder has.</exception>
    public static void Check(string path, uint sampleRate, int channels)
    {
        if (sampleRate is 0 or > MaxRate)
            throw new AudioException(path, $"the header claims {sampleRate} samples per second (1 to {MaxRate} are believed): it is damaged.");
        if (channels is < 1 or > MaxChannels)
            throw new AudioException(path, $"the header claims {channels} channels (1 to {MaxChannels} are believed): it is damaged.");
    }

    /// <exception cref="AudioException">A sample is NaN or infinite.</exception>
    public static AudioClip Finite(string path, AudioClip clip)
    {
        RequireFinite(path, clip.Samples, 0);
        return clip;
    }

    /// <param name="path">Named in the error.</param>
    /// <param name="samples">A piece of the file.</param>
    /// <param name="first">Index of its first sample in the file.</param>
    /// <exception cref="AudioException">A sample is NaN or infinite.</exception>
    public static void RequireFinite(string path, ReadOnlySpan<float> samples, long first)
    {
        // The sum of magnitudes is finite unless one is not, or all are huge: many are looked at together before each by itself.
        if (float.IsFinite(TensorPrimitives.SumOfMagnitudes(samples)))
            return;
        for (var i = 0; i < samples.Length; i++)
            if (!float.IsFinite(samples[i]))
                throw new AudioException(path, $"sample {first + i} is {(float.IsNaN(samples[i]) ? "not a number" : "infinite")}: the file is damaged, or was written by a program with a fault.");
    }
}
