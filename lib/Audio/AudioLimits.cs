using System.Numerics.Tensors;

namespace DeviceId.Audio;

/// <summary>Plausibility checks on headers and samples, shared by all readers.</summary>
internal static class AudioLimits
{
    /// <summary>Smallest sampling rate that is read (Hz).</summary>
    public const int MinRate = 4_000;

    /// <summary>Largest sampling rate that is read (Hz).</summary>
    public const int MaxRate = 384_000;

    /// <summary>Largest number of channels that is read.</summary>
    public const int MaxChannels = 64;

    /// <summary>Largest magnitude of a sample that is read (full scale = 1).</summary>
    public const float MaxMagnitude = 1e6f;

    /// <summary>Checks the sampling rate and the number of channels that a header claims.</summary>
    /// <exception cref="AudioException">The rate or the number of channels is not a recorder's.</exception>
    public static void Check(string path, double sampleRate, long channels)
    {
        if (!(sampleRate >= MinRate && sampleRate <= MaxRate))
            throw new AudioException(path, $"the header claims {FormattableString.Invariant($"{sampleRate}")} samples per second; "
                + $"{MinRate} to {MaxRate} are accepted: it is damaged, or this is no recording of sound.");
        if (channels is < 1 or > MaxChannels)
            throw new AudioException(path, $"the header claims {channels} channels; 1 to {MaxChannels} are accepted: it is damaged.");
    }

    /// <summary>Checks that all samples are finite and of a plausible magnitude.</summary>
    /// <param name="path">The file, named in the error.</param>
    /// <param name="samples">A block of the file, channels interleaved.</param>
    /// <param name="first">Index in the file of the block's first sample frame.</param>
    /// <param name="channels">Number of channels.</param>
    /// <exception cref="AudioException">A sample is NaN, infinite, or beyond <see cref="MaxMagnitude"/>.</exception>
    public static void RequirePlausible(string path, ReadOnlySpan<float> samples, long first, int channels = 1)
    {
        // The largest magnitude is NaN if any sample is.
        if (samples.IsEmpty || MathF.Abs(TensorPrimitives.MaxMagnitude(samples)) <= MaxMagnitude)
            return;
        for (var i = 0; i < samples.Length; i++)
        {
            if (!(MathF.Abs(samples[i]) <= MaxMagnitude))
            {
                var where = channels == 1 ? "" : $" of channel {(i % channels) + 1}";
                throw new AudioException(path, $"sample {first + (i / channels)}{where} is {Problem(samples[i])}: "
                    + "the file is damaged or was written by a faulty program.");
            }
        }
    }

    private static string Problem(float sample) => float.IsNaN(sample) ? "NaN" : float.IsInfinity(sample) ? "infinite"
        : FormattableString.Invariant($"{sample:0.###e+0}, where full scale is 1 and at most {MaxMagnitude:0} is accepted");
}
