using DeviceId.Audio;

namespace DeviceId.Features;

/// <summary>Pre-emphasis <c>y[n] = x[n] - 0.97 x[n - 1]</c>, with x[-1] = 0.</summary>
internal static class PreEmphasis
{
    private const double Coefficient = 0.97;

    /// <summary>Returns the filtered clip, multiplied by a gain.</summary>
    public static AudioClip Apply(AudioClip clip, double gain = 1)
    {
        var samples = new float[clip.Samples.Length];
        var previous = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (float)(gain * (clip.Samples[i] - Coefficient * previous));
            previous = clip.Samples[i];
        }

        return clip with { Samples = samples };
    }
}
