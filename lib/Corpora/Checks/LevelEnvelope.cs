using DeviceId.Audio;

namespace DeviceId.Corpora;

/// <summary>The course of a recording's level below 2 kHz: a cheap fingerprint that does not depend on gain, rate or codec.</summary>
/// <param name="Levels">Level of each 10 ms (dB), from which the mean is subtracted; at most 30 s.</param>
/// <param name="Parts">Mean level of each half second (dB); empty for a shorter recording, which resembles no other.</param>
internal sealed record LevelEnvelope(float[] Levels, float[] Parts)
{
    private const int PerSecond = 100;
    private const int MaxSeconds = 30;
    private const int PartLength = 50;
    private const double CutOff = 2000;

    /// <summary>Levels further below the maximum than this (dB) count as this: a codec changes them.</summary>
    private const float Range = 40;

    private const float MaxPartDifference = 6;
    private const double MinCorrelation = 0.98;

    /// <summary>Largest shift of one copy against the other (10 ms): encoders add up to 0.1 s at the beginning.</summary>
    private const int MaxLag = 20;

    /// <summary>Measures a clip.</summary>
    public static LevelEnvelope Measure(AudioClip clip)
    {
        var count = (int)Math.Min(MaxSeconds * PerSecond, (long)clip.Samples.Length * PerSecond / clip.SampleRate);
        var levels = new float[count];
        var step = 1 - Math.Exp(-2 * Math.PI * CutOff / clip.SampleRate);
        var (mean, low) = (clip.Samples.Length == 0 ? 0 : clip.Samples.Average(sample => (double)sample), 0.0);
        for (var i = 0; i < count; i++)
        {
            var (first, end) = ((int)((long)i * clip.SampleRate / PerSecond), (int)((i + 1L) * clip.SampleRate / PerSecond));
            var power = 0.0;
            for (var n = first; n < end; n++)
            {
                low += step * (clip.Samples[n] - mean - low);
                power += low * low;
            }

            levels[i] = (float)(10 * Math.Log10(Math.Max(power / Math.Max(1, end - first), 1e-20)));
        }

        var floor = count == 0 ? 0 : levels.Max() - Range;
        levels = [.. levels.Select(level => Math.Max(level, floor))];
        var centre = count == 0 ? 0 : levels.Average();
        levels = [.. levels.Select(level => level - centre)];
        var parts = levels.Chunk(PartLength).Where(part => part.Length == PartLength).Select(part => part.Average());
        return new LevelEnvelope(levels, [.. parts]);
    }

    /// <summary>Whether two recordings may hold the same sound; true for few others.</summary>
    public bool Resembles(LevelEnvelope other)
    {
        if (Parts.Length == 0 || other.Parts.Length == 0)
            return false;
        for (var p = 0; p < Math.Min(Parts.Length, other.Parts.Length); p++)
            if (Math.Abs(Parts[p] - other.Parts[p]) > MaxPartDifference)
                return false;
        for (var lag = -MaxLag; lag <= MaxLag; lag++)
            if (Correlation(Levels.AsSpan(Math.Max(lag, 0)), other.Levels.AsSpan(Math.Max(-lag, 0))) >= MinCorrelation)
                return true;
        return false;
    }

    private static double Correlation(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var count = Math.Min(a.Length, b.Length);
        var (products, squaresA, squaresB) = (0.0, 0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            products += a[i] * b[i];
            squaresA += a[i] * a[i];
            squaresB += b[i] * b[i];
        }

        return squaresA == 0 || squaresB == 0 ? 0 : products / Math.Sqrt(squaresA * squaresB);
    }
}
