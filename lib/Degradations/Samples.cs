using System.Runtime.CompilerServices;

namespace DeviceId.Degradations;

/// <summary>Arithmetic on samples that several degradations share.</summary>
internal static class Samples
{
    /// <summary>Mean of the squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double MeanSquare(float[] samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
            sum += (double)sample * sample;
        return samples.Length == 0 ? 0 : sum / samples.Length;
    }

    /// <summary>first + scale x second, sample by sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float[] Sum(float[] first, float[] second, double scale)
    {
        var sum = new float[first.Length];
        for (var i = 0; i < sum.Length; i++)
            sum[i] = (float)(first[i] + (scale * second[i]));
        return sum;
    }

    /// <summary>scale x samples.</summary>
    public static float[] Scaled(float[] samples, double scale) => Array.ConvertAll(samples, sample => (float)(scale * sample));

    /// <summary>The samples from a position on, as many as asked; zeros where there are none.</summary>
    public static float[] Piece(float[] samples, int first, int count)
    {
        var piece = new float[count];
        var there = Math.Clamp(samples.Length - first, 0, count);
        Array.Copy(samples, first, piece, 0, there);
        return piece;
    }

    /// <summary>The least power of two that is not below a length: Fourier transforms of others are slow.</summary>
    public static long PowerOfTwo(long length) => (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)length);
}
