using System.Numerics.Tensors;

namespace DeviceId.Audio;

/// <summary>Plausibility checks on headers and samples, shared by all readers.</summary>
internal static class AudioLimits
{
    private const int MaxRate = 3_072_000;
    private const int MaxChannels = 1024;

    /// <summary>Checks the sampling rate and the number of channels that a header claims.</summary>
    /// <exception cref="AudioException">The rate or the number of channels is zero or larger than any recorder's.</exception>
    public static void Check(string path, uint sampleRate, int channels)
    {
        if (sampleRate is 0 or > MaxRate)
            throw new AudioException(path,
                $"the header claims {sampleRate} samples per second (1 to {MaxRate} are accepted): it is damaged.");
        if (channels is < 1 or > MaxChannels)
            throw new AudioException(path, $"the header claims {channels} channels (1 to {MaxChannels} are accepted): it is damaged.");
    }

    /// <summary>Returns the clip if all its samples are finite.</summary>
    /// <exception cref="AudioException">A sample is NaN or infinite.</exception>
    public static AudioClip CheckFinite(string path, AudioClip clip)
    {
        RequireFinite(path, clip.Samples, 0);
        return clip;
    }

    /// <summary>Checks that all samples are finite.</summary>
    /// <param name="path">The file, named in the error.</param>
    /// <param name="samples">A chunk of the file.</param>
    /// <param name="first">Index in the file of the chunk's first sample.</param>
    /// <exception cref="AudioException">A sample is NaN or infinite.</exception>
    public static void RequireFinite(string path, ReadOnlySpan<float> samples, long first)
    {
        // Fast path: the sum of magnitudes is infinite or NaN if any sample is. It can also overflow, so the loop then checks each sample.
        if (float.IsFinite(TensorPrimitives.SumOfMagnitudes(samples)))
            return;
        for (var i = 0; i < samples.Length; i++)
        {
            if (!float.IsFinite(samples[i]))
            {
                var problem = float.IsNaN(samples[i]) ? "NaN" : "infinite";
                throw new AudioException(path,
                    $"sample {first + i} is {problem}: the file is damaged or was written by a faulty program.");
            }
        }
    }
}
