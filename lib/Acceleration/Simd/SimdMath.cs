using System.Runtime.CompilerServices;

namespace DeviceId.Acceleration.Simd;

/// <summary>Elementary functions of SIMD vectors.</summary>
internal static class SimdMath
{
    // 1.5 x 2^23: adding it rounds a value below 2^22 to an integer, which then is in the lowest bits.
    private const float Rounder = 12582912;

    // ln 2 in two parts, the first with so few bits that its products with integers below 2^9 are exact.
    private const float HighOfLn2 = 0.693145751953125f;
    private const float LowOfLn2 = 1.42860682030941723212e-6f;

    /// <summary>eˣ with a relative error below 2e-7; NaN stays NaN.</summary>
    /// <param name="x">At most 80.</param>
    /// <param name="min">Values below count as this; at least -87, whose exponential is about the smallest normal value (1.6e-38).</param>
    /// <remarks>x = n ln 2 + r with |r| at most ln 2 / 2; eˣ = 2ⁿ (1 + r + … + r⁷ / 5040), whose remainder is below 5e-9.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x, float min = -87)
        where T : struct, ISimdVector<T>
    {
        x = T.Max(T.Broadcast(min), x);
        var whole = T.MultiplyAdd(x, T.Broadcast(1.44269504088896341f), T.Broadcast(Rounder));
        var n = whole - T.Broadcast(Rounder);
        var r = T.MultiplyAdd(n, T.Broadcast(-LowOfLn2), T.MultiplyAdd(n, T.Broadcast(-HighOfLn2), x));
        var p = T.MultiplyAdd(r, T.Broadcast(1f / 5040), T.Broadcast(1f / 720));
        p = T.MultiplyAdd(p, r, T.Broadcast(1f / 120));
        p = T.MultiplyAdd(p, r, T.Broadcast(1f / 24));
        p = T.MultiplyAdd(p, r, T.Broadcast(1f / 6));
        p = T.MultiplyAdd(p, r, T.Broadcast(0.5f));
        p = T.MultiplyAdd(p, r, T.Broadcast(1));
        p = T.MultiplyAdd(p, r, T.Broadcast(1));
        return T.ScaleByPowerOfTwo(p, whole);
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
