using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Features;

/// <summary>
/// Removes properties of a recording's file that betray the device without its microphone: length, DC offset, level, and the histogram of
/// sample values. They are removed in this order.
/// </summary>
/// <param name="Seconds">Length that longer recordings are cut to (s); null for no limit.</param>
/// <param name="RemoveDc">Whether the mean is subtracted.</param>
/// <param name="LevelDecibels">Root mean square that recordings are scaled to (dB relative to full scale); null for none.</param>
/// <param name="DitherBits">
/// Word length of a common requantisation (bits) with triangular dither of two steps, the same sequence for all recordings (S. P. Lipshitz,
/// R. A. Wannamaker, J. Vanderkooy, "Quantization and dither", J. Audio Eng. Soc. 40, 1992); null for none. Steps of a digital gain survive
/// where they are larger than the new steps.
/// </param>
internal sealed record RecordingNormalisation(double? Seconds, bool RemoveDc, double? LevelDecibels, int? DitherBits)
{
    private const ulong DitherSeed = 0x64697468;

    /// <summary>Whether nothing is removed.</summary>
    public bool IsNone => Seconds is null && !RemoveDc && LevelDecibels is null && DitherBits is null;

    /// <summary>What was done, in one line: part of the key of stored features.</summary>
    public string Description => string.Join(", ", Parts());

    /// <summary>Returns the normalised clip. Digital silence keeps its level.</summary>
    public AudioClip Apply(AudioClip clip)
    {
        var length = Seconds is { } seconds ? (int)Math.Min(clip.Samples.Length, seconds * clip.SampleRate) : clip.Samples.Length;
        var samples = clip.Samples[..length];
        if (RemoveDc && length > 0)
            SubtractMean(samples);
        if (LevelDecibels is { } level)
            ScaleTo(samples, level);
        if (DitherBits is { } bits)
            Requantise(samples, bits);
        return clip with { Samples = samples };
    }

    private IEnumerable<string> Parts()
    {
        if (Seconds is { } seconds)
            yield return FormattableString.Invariant($"cut to {seconds} s");
        if (RemoveDc)
            yield return "without DC offset";
        if (LevelDecibels is { } level)
            yield return FormattableString.Invariant($"scaled to {level} dB");
        if (DitherBits is { } bits)
            yield return FormattableString.Invariant($"requantised to {bits} bits with common dither");
    }

    private static void SubtractMean(float[] samples)
    {
        var mean = samples.Average(sample => (double)sample);
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)(samples[i] - mean);
    }

    private static void ScaleTo(float[] samples, double decibels)
    {
        var energy = samples.Sum(sample => (double)sample * sample);
        if (energy == 0)
            return;
        var factor = Math.Pow(10, decibels / 20) / Math.Sqrt(energy / samples.Length);
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)(samples[i] * factor);
    }

    private static void Requantise(float[] samples, int bits)
    {
        var steps = Math.Pow(2, bits - 1);
        var random = new SplitMix64(DitherSeed);
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)(Math.Round((samples[i] * steps) + random.Uniform() - random.Uniform()) / steps);
    }
}
