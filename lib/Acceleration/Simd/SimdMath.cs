using System.Runtime.CompilerServices;

namespace DeviceId.Acceleration.Simd;

/// <summary>Elementary functions of SIMD vectors.</summary>
internal static class SimdMath
{
    // 1.5 x 2^23: adding it to a value below 2^22 rounds the value to an integer, which is then in the lowest bits.
    private const float RoundingConstant = 12582912;

    // ln 2 as the sum of two constants; the first has so few bits that its product with an integer below 2^9 is exact.
    private const float Ln2High = 0.693145751953125f;
    private const float Ln2Low = 1.42860682030941723212e-6f;

    /// <summary>eˣ with a relative error below 2e-7; NaN stays NaN.</summary>
    /// <param name="x">At most 80.</param>
    /// <param name="min">
    /// Lower values are clamped to this; at least -87, whose exponential (1.6e-38) is about the smallest normal value.
    /// </param>
    /// <remarks>x = n ln 2 + r with |r| at most ln 2 / 2; eˣ = 2ⁿ (1 + r + … + r⁷ / 5040), whose remainder is below 5e-9.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x, float min = -87)
        where T : struct, ISimdVector<T>
    {
        x = T.Max(T.Broadcast(min), x);
        var shifted = T.MultiplyAdd(x, T.Broadcast(1.44269504088896341f), T.Broadcast(RoundingConstant));
        var n = shifted - T.Broadcast(RoundingConstant);
        var r = T.MultiplyAdd(n, T.Broadcast(-Ln2Low), T.MultiplyAdd(n, T.Broadcast(-Ln2High), x));
        var p = T.MultiplyAdd(r, T.Broadcast(1f / 5040), T.Broadcast(1f / 720));
        p = T.MultiplyAdd(p, r, T.Broadcast(1f / 120));
        p = T.MultiplyAdd(p, r, T.Broadcast(1f / 24));
        p = T.MultiplyAdd(p, r, T.Broadcast(1f / 6));
        p = T.MultiplyAdd(p, r, T.Broadcast(0.5f));
        p = T.MultiplyAdd(p, r, T.Broadcast(1));
        p = T.MultiplyAdd(p, r, T.Broadcast(1));
        return T.ScaleByPowerOfTwo(p, shifted);
    }

    /// <summary>1 / (1 + e⁻ˣ); NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x)
        where T : struct, ISimdVector<T> => T.Broadcast(1) / (T.Broadcast(1) + Exp(T.Broadcast(0) - T.Max(T.Broadcast(-80), x)));

    /// <summary>The hyperbolic tangent, 2 / (1 + e⁻²ˣ) - 1, with an absolute error below 3e-7; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : struct, ISimdVector<T>
    {
        x = T.Max(T.Broadcast(-40), x);
        return (T.Broadcast(2) / (T.Broadcast(1) + Exp(T.Broadcast(0) - x - x))) - T.Broadcast(1);
    }
}
