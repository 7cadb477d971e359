using System.Numerics;
using MathNet.Numerics;

namespace DeviceId.Features;

/// <summary>Orthonormal wavelet filters of I. Daubechies with minimum phase.</summary>
/// <remarks>
/// "Ten Lectures on Wavelets", SIAM 1992, section 6.1: with N vanishing moments, the roots y of <c>sum over k below N of C(N - 1 + k, k)
/// y^k</c> give pairs z, 1 / z by <c>z + 1 / z = 2 - 4 y</c>. The low-pass filter is the product of <c>(1 + z)^N</c> and <c>z - z_i</c>
/// with the z_i inside the unit circle, scaled to the sum sqrt(2).
/// </remarks>
internal static class Daubechies
{
    /// <summary>Beyond this, the roots lose digits.</summary>
    public const int MaxVanishingMoments = 10;

    /// <summary>The low-pass filter, 2 N samples.</summary>
    /// <param name="moments">N, from 1 to <see cref="MaxVanishingMoments"/>.</param>
    public static double[] LowPass(int moments)
    {
        Complex[] filter = [1];
        for (var i = 0; i < moments; i++)
            filter = Multiply(filter, 1);
        if (moments > 1)
        {
            var binomials = Enumerable.Range(0, moments).Select(k => SpecialFunctions.Binomial(moments - 1 + k, k)).ToArray();
            foreach (var y in FindRoots.Polynomial(binomials))
                filter = Multiply(filter, -InsideUnitCircle(y));
        }

        var scale = Math.Sqrt(2) / filter.Sum(value => value.Real);
        return [.. filter.Select(value => value.Real * scale)];
    }

    /// <summary>The high-pass filter that belongs to a low-pass filter h: <c>g[k] = (-1)^k h[2 N - 1 - k]</c>.</summary>
    public static double[] HighPass(double[] lowPass) =>
        [.. lowPass.Reverse().Select((value, k) => k % 2 == 0 ? value : -value)];

    private static Complex InsideUnitCircle(Complex y)
    {
        var half = 1 - 2 * y;
        var root = Complex.Sqrt(half * half - 1);
        return (half + root).Magnitude < 1 ? half + root : half - root;
    }

    /// <summary>Multiplies a polynomial (descending powers) by z + constant.</summary>
    private static Complex[] Multiply(Complex[] polynomial, Complex constant)
    {
        var product = new Complex[polynomial.Length + 1];
        for (var i = 0; i < polynomial.Length; i++)
        {
            product[i] += polynomial[i];
            product[i + 1] += polynomial[i] * constant;
        }

        return product;
    }
}
