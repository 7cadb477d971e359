using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Tests.Degradations;

/// <summary>Signals with known properties, and measurements.</summary>
internal static class Sounds
{
    public static AudioClip Tone(double hertz, double seconds = 1, int rate = 32000, double amplitude = 0.25) =>
        new([.. Enumerable.Range(0, (int)(seconds * rate)).Select(i => (float)(amplitude * Math.Sin(2 * Math.PI * hertz * i / rate)))],
            rate);

    /// <summary>Gaussian noise, amplitude-modulated at 2 Hz, similar to syllables.</summary>
    public static AudioClip Babble(double seconds = 2, int rate = 32000, ulong seed = 7)
    {
        var random = new SplitMix64(seed);
        return new([.. Enumerable.Range(0, (int)(seconds * rate))
            .Select(i => (float)(0.05 * random.Normal() * (1.2 + Math.Sin(4 * Math.PI * i / rate))))], rate);
    }

    /// <summary>A sequence of tones up to 3 kHz, which every codec preserves.</summary>
    public static AudioClip Melody(double seconds = 2, int rate = 32000)
    {
        var phase = 0.0;
        var samples = new float[(int)(seconds * rate)];
        for (var i = 0; i < samples.Length; i++)
        {
            phase += 2 * Math.PI * (300 + (220 * (i * 8 / rate * 5 % 12))) / rate;
            samples[i] = (float)(0.25 * Math.Sin(phase));
        }

        return new(samples, rate);
    }

    public static double MeanSquare(IEnumerable<float> samples) => samples.Average(s => (double)s * s);

    public static double Decibels(double ratio) => 10 * Math.Log10(ratio);

    /// <summary>Amplitude of one frequency over the whole clip, by correlation with sine and cosine.</summary>
    public static double Amplitude(AudioClip clip, double hertz)
    {
        var (re, im) = (0.0, 0.0);
        for (var i = 0; i < clip.Samples.Length; i++)
        {
            re += clip.Samples[i] * Math.Cos(2 * Math.PI * hertz * i / clip.SampleRate);
            im += clip.Samples[i] * Math.Sin(2 * Math.PI * hertz * i / clip.SampleRate);
        }

        return 2 * Math.Sqrt((re * re) + (im * im)) / clip.Samples.Length;
    }

    /// <summary>Correlation coefficient of two clips with the second shifted by a lag (samples).</summary>
    public static double Correlation(float[] first, float[] second, int lag)
    {
        var (xy, xx, yy) = (0.0, 0.0, 0.0);
        for (var i = Math.Max(0, -lag); i < first.Length && i + lag < second.Length; i++)
        {
            xy += (double)first[i] * second[i + lag];
            xx += (double)first[i] * first[i];
            yy += (double)second[i + lag] * second[i + lag];
        }

        return xy / Math.Sqrt(xx * yy);
    }
}
