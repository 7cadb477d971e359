using System.Runtime.CompilerServices;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Layers;

/// <summary><see cref="NormalisedRelu"/> of as many units as a register holds.</summary>
/// <remarks>
/// With a = max(0, x), its mean and its variance over n samples and z = (a - mean) scale, scale = 1 / sqrt(variance + eps): y = (weight z + bias) mask. Back, with g = mask dy:
/// by bias sum g, by weight sum g z, by x weight scale (g - (sum g + z sum g z) / n) where x is above zero.
/// </remarks>
/// <typeparam name="T">The registers.</typeparam>
internal static class NormalisedReluKernel<T>
    where T : struct, ILanes<T>
{
    /// <summary>The values.</summary>
    /// <param name="input">(sample, unit): these units' first.</param>
    /// <param name="mask">Like it; read only if <paramref name="masked"/>.</param>
    /// <param name="masked">Whether there is dropout.</param>
    /// <param name="weight">(unit): these units' first, like the next.</param>
    /// <param name="bias">(unit).</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="samples">How many.</param>
    /// <param name="units">From one row to the next.</param>
    /// <param name="moments">(mean | scale | variance, unit): filled.</param>
    /// <param name="output">(sample, unit): filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(ref float input, ref float mask, bool masked, ref float weight, ref float bias, float eps, nint samples, nint units, ref float moments, ref float output)
    {
        var (zero, share) = (T.Spread(0), T.Spread(1f / samples));
        var sum = zero;
        for (nint sample = 0; sample < samples; sample++)
            sum += T.Max(zero, T.Load(ref Unsafe.Add(ref input, sample * units)));

        var mean = sum * share;
        sum = zero;
        for (nint sample = 0; sample < samples; sample++)
        {
            var gap = T.Max(zero, T.Load(ref Unsafe.Add(ref input, sample * units))) - mean;
            T.AddProduct(ref sum, gap, gap);
        }

        var variance = sum * share;
        var scale = T.Spread(1) / T.SquareRoot(variance + T.Spread(eps));
        T.Store(mean, ref moments);
        T.Store(scale, ref Unsafe.Add(ref moments, units));
        T.Store(variance, ref Unsafe.Add(ref moments, 2 * units));
        var (factor, offset) = (scale * T.Load(ref weight), T.Load(ref bias));
        for (nint sample = 0; sample < samples; sample++)
        {
            var value = T.MultiplyAdd(T.Max(zero, T.Load(ref Unsafe.Add(ref input, sample * units))) - mean, factor, offset);
            T.Store(masked ? value * T.Load(ref Unsafe.Add(ref mask, sample * units)) : value, ref Unsafe.Add(ref output, sample * units));
        }
    }

    /// <summary>The slopes.</summary>
    /// <param name="input">As above, like the next three.</param>
    /// <param name="mask">(sample, unit).</param>
    /// <param name="masked">Whether there is dropout.</param>
    /// <param name="weight">(unit).</param>
    /// <param name="moments">(moment, unit).</param>
    /// <param name="slope">By the output (sample, unit).</param>
    /// <param name="samples">How many.</param>
    /// <param name="units">From one row to the next.</param>
    /// <param name="byInput">(sample, unit): filled.</param>
    /// <param name="byWeight">(unit): filled.</param>
    /// <param name="byBias">(unit): filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(ref float input, ref float mask, bool masked, ref float weight, ref float moments, ref float slope, nint samples, nint units, ref float byInput, ref float byWeight, ref float byBias)
    {
        var (zero, share) = (T.Spread(0), T.Spread(1f / samples));
        var (mean, scale) = (T.Load(ref moments), T.Load(ref Unsafe.Add(ref moments, units)));
        var (sum, along) = (zero, zero);
        for (nint sample = 0; sample < samples; sample++)
        {
            var g = Behind(ref slope, ref mask, masked, sample * units);
            sum += g;
            T.AddProduct(ref along, g, (T.Max(zero, T.Load(ref Unsafe.Add(ref input, sample * units))) - mean) * scale);
        }

        T.Store(sum, ref byBias);
        T.Store(along, ref byWeight);
        var factor = scale * T.Load(ref weight);
        var (shared, slant) = (sum * share, along * share * scale);
        for (nint sample = 0; sample < samples; sample++)
        {
            var (g, x) = (Behind(ref slope, ref mask, masked, sample * units), T.Load(ref Unsafe.Add(ref input, sample * units)));
            T.Store(T.WherePositive((g - shared - ((T.Max(zero, x) - mean) * slant)) * factor, x), ref Unsafe.Add(ref byInput, sample * units));
        }
    }

    // The slope by what dropout was given.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Behind(ref float slope, ref float mask, bool masked, nint at) =>
        masked ? T.Load(ref Unsafe.Add(ref slope, at)) * T.Load(ref Unsafe.Add(ref mask, at)) : T.Load(ref Unsafe.Add(ref slope, at));
}
