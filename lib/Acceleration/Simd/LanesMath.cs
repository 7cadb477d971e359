using System.Runtime.CompilerServices;

namespace DeviceId.Acceleration.Simd;

/// <summary>Functions of registers.</summary>
internal static class LanesMath
{
    // 1.5 x 2^23: adding it rounds a number below 2^22 to a whole one, which then lies in the lowest bits.
    private const float Rounder = 12582912;

    // ln 2 in two parts, the first with so few bits that its multiples by whole numbers below 2^9 are exact.
    private const float HighOfLn2 = 0.693145751953125f;
    private const float LowOfLn2 = 1.42860682030941723212e-6f;

    /// <summary>e to the power of numbers that are at most 80. Relative error below 2e-7.</summary>
    /// <param name="x">See above.</param>
    /// <param name="least">Numbers below count as this; at least -87, whose power is about the smallest normal number (1.6e-38).</param>
    /// <remarks>x = n ln 2 + r with |r| at most ln 2 / 2; e^x = 2^n (1 + r + … + r^7 / 5040), whose remainder is below 5e-9. No number stays none.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x, float least = -87)
        where T : struct, ILanes<T>
    {
        x = T.Max(T.Spread(least), x);
        var whole = T.MultiplyAdd(x, T.Spread(1.44269504088896341f), T.Spread(Rounder));
        var n = whole - T.Spread(Rounder);
        var r = T.MultiplyAdd(n, T.Spread(-LowOfLn2), T.MultiplyAdd(n, T.Spread(-HighOfLn2), x));
        var p = T.MultiplyAdd(r, T.Spread(1f / 5040), T.Spread(1f / 720));
        p = T.MultiplyAdd(p, r, T.Spread(1f / 120));
        p = T.MultiplyAdd(p, r, T.Spread(1f / 24));
        p = T.MultiplyAdd(p, r, T.Spread(1f / 6));
        p = T.MultiplyAdd(p, r, T.Spread(0.5f));
        p = T.MultiplyAdd(p, r, T.Spread(1));
        p = T.MultiplyAdd(p, r, T.Spread(1));
        return T.RaiseExponent(p, whole);
    }

    /// <summary>1 / (1 + e^-x). No number stays none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x)
        where T : struct, ILanes<T> => T.Spread(1) / (T.Spread(1) + Exp(T.Spread(0) - T.Max(T.Spread(-80), x)));

    /// <summary>The hyperbolic tangent, 2 / (1 + e^-2x) - 1; absolute error below 3e-7. No number stays none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : struct, ILanes<T>
    {
        x = T.Max(T.Spread(-40), x);
        return (T.Spread(2) / (T.Spread(1) + Exp(T.Spread(0) - x - x))) - T.Spread(1);
    }
}
