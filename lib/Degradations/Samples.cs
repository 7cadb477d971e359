using System.Runtime.CompilerServices;

namespace DeviceId.Degradations;

/// <summary>Arithmetic on samples, shared by several degradations.</summary>
internal static class Samples
{
    /// <summary>Mean of the squared samples; 0 for an empty array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double MeanSquare(float[] samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
            sum += (double)sample * sample;
        return samples.Length == 0 ? 0 : sum / samples.Length;
    }

    /// <summary>Returns first + scale x second for each sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float[] Sum(float[] first, float[] second, double scale)
    {
        var sum = new float[first.Length];
        for (var i = 0; i < sum.Length; i++)
            sum[i] = (float)(first[i] + (scale * second[i]));
        return sum;
    }

    /// <summary>Returns scale x sample for each sample.</summary>
    public static float[] Scaled(float[] samples, double scale) => Array.ConvertAll(samples, sample => (float)(scale * sample));

    /// <summary>Returns <paramref name="count"/> samples from an index on, padded with zeros beyond the end.</summary>
    public static float[] SliceOrPad(float[] samples, int first, int count)
    {
        var slice = new float[count];
        var available = Math.Clamp(samples.Length - first, 0, count);
        Array.Copy(samples, first, slice, 0, available);
        return slice;
    }

    /// <summary>Smallest power of two that is not below a length: FFTs of such lengths are fast.</summary>
    public static long RoundUpToPowerOfTwo(long length) => (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)length);
}
