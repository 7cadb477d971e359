using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeviceId.Acceleration.Fourier;

/// <summary>The in-place butterflies of <see cref="FourierTransform"/>: radix 2, 3, 4, 5, and any odd radix.</summary>
/// <remarks>
/// The inputs of a butterfly are a step apart; those of the first block start at x, the next block follows. The outputs, multiplied by the
/// twiddle factors of the stage, replace the inputs. Names ending in I are imaginary parts.
/// </remarks>
internal static class FourierButterflies
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Radix2(ref Vector256<double> x, FourierStage stage, ReadOnlySpan<Complex> twiddles)
    {
        nint step = 2 * stage.Step;
        var (cos, sin) = Broadcast(twiddles[0]);
        for (var block = 0; block < stage.Blocks; block++, x = ref Unsafe.Add(ref x, 2 * step))
        {
            ref var x1 = ref Unsafe.Add(ref x, step);
            var (a, ai, b, bi) = (x, Unsafe.Add(ref x, 1), x1, Unsafe.Add(ref x1, 1));
            (x, Unsafe.Add(ref x, 1)) = (a + b, ai + bi);
            StoreRotated(ref x1, a - b, ai - bi, cos, sin);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Radix3(ref Vector256<double> x, FourierStage stage, ReadOnlySpan<Complex> twiddles)
    {
        nint step = 2 * stage.Step;
        var (cos1, sin1) = Broadcast(twiddles[0]);
        var (cos2, sin2) = Broadcast(twiddles[1]);
        var (cos120, sin120) = (Vector256.Create(-0.5), Vector256.Create(Math.Sqrt(3) / 2));
        for (var block = 0; block < stage.Blocks; block++, x = ref Unsafe.Add(ref x, 3 * step))
        {
            ref var x1 = ref Unsafe.Add(ref x, step);
            ref var x2 = ref Unsafe.Add(ref x1, step);
            var (a, ai) = (x, Unsafe.Add(ref x, 1));
            var (sum, sumI) = (x1 + x2, Unsafe.Add(ref x1, 1) + Unsafe.Add(ref x2, 1));
            var (odd, oddI) = ((x1 - x2) * sin120, (Unsafe.Add(ref x1, 1) - Unsafe.Add(ref x2, 1)) * sin120);
            var (even, evenI) = (Vector256.MultiplyAddEstimate(sum, cos120, a), Vector256.MultiplyAddEstimate(sumI, cos120, ai));
            (x, Unsafe.Add(ref x, 1)) = (a + sum, ai + sumI);
            StoreRotated(ref x1, even + oddI, evenI - odd, cos1, sin1);
            StoreRotated(ref x2, even - oddI, evenI + odd, cos2, sin2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Radix4(ref Vector256<double> x, FourierStage stage, ReadOnlySpan<Complex> twiddles)
    {
        nint step = 2 * stage.Step;
        var (cos1, sin1) = Broadcast(twiddles[0]);
        var (cos2, sin2) = Broadcast(twiddles[1]);
        var (cos3, sin3) = Broadcast(twiddles[2]);
        for (var block = 0; block < stage.Blocks; block++, x = ref Unsafe.Add(ref x, 4 * step))
        {
            ref var x1 = ref Unsafe.Add(ref x, step);
            ref var x2 = ref Unsafe.Add(ref x1, step);
            ref var x3 = ref Unsafe.Add(ref x2, step);
            var (a, ai, b, bi) = (x, Unsafe.Add(ref x, 1), x1, Unsafe.Add(ref x1, 1));
            var (c, ci, d, di) = (x2, Unsafe.Add(ref x2, 1), x3, Unsafe.Add(ref x3, 1));
            var (even, evenI, evenDiff, evenDiffI) = (a + c, ai + ci, a - c, ai - ci);
            var (odd, oddI, oddDiff, oddDiffI) = (b + d, bi + di, b - d, bi - di);
            (x, Unsafe.Add(ref x, 1)) = (even + odd, evenI + oddI);
            StoreRotated(ref x1, evenDiff + oddDiffI, evenDiffI - oddDiff, cos1, sin1);
            StoreRotated(ref x2, even - odd, evenI - oddI, cos2, sin2);
            StoreRotated(ref x3, evenDiff - oddDiffI, evenDiffI + oddDiff, cos3, sin3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Radix5(ref Vector256<double> x, FourierStage stage, ReadOnlySpan<Complex> twiddles)
    {
        nint step = 2 * stage.Step;
        var (cos1, sin1) = Broadcast(twiddles[0]);
        var (cos2, sin2) = Broadcast(twiddles[1]);
        var (cos3, sin3) = Broadcast(twiddles[2]);
        var (cos4, sin4) = Broadcast(twiddles[3]);
        var (cos72, sin72) = Broadcast(stage.Roots[0]);
        var (cos144, sin144) = Broadcast(stage.Roots[1]);
        for (var block = 0; block < stage.Blocks; block++, x = ref Unsafe.Add(ref x, 5 * step))
        {
            ref var x1 = ref Unsafe.Add(ref x, step);
            ref var x2 = ref Unsafe.Add(ref x1, step);
            ref var x3 = ref Unsafe.Add(ref x2, step);
            ref var x4 = ref Unsafe.Add(ref x3, step);
            var (a, ai) = (x, Unsafe.Add(ref x, 1));
            var (outer, outerI) = (x1 + x4, Unsafe.Add(ref x1, 1) + Unsafe.Add(ref x4, 1));
            var (inner, innerI) = (x2 + x3, Unsafe.Add(ref x2, 1) + Unsafe.Add(ref x3, 1));
            var (outerDiff, outerDiffI) = (x1 - x4, Unsafe.Add(ref x1, 1) - Unsafe.Add(ref x4, 1));
            var (innerDiff, innerDiffI) = (x2 - x3, Unsafe.Add(ref x2, 1) - Unsafe.Add(ref x3, 1));
            (x, Unsafe.Add(ref x, 1)) = (a + outer + inner, ai + outerI + innerI);
            var (even, evenI) = (Sum(a, outer, cos72, inner, cos144), Sum(ai, outerI, cos72, innerI, cos144));
            var (odd, oddI) = (Sum(outerDiff, sin72, innerDiff, sin144), Sum(outerDiffI, sin72, innerDiffI, sin144));
            StoreRotated(ref x1, even + oddI, evenI - odd, cos1, sin1);
            StoreRotated(ref x4, even - oddI, evenI + odd, cos4, sin4);
            (even, evenI) = (Sum(a, outer, cos144, inner, cos72), Sum(ai, outerI, cos144, innerI, cos72));
            (odd, oddI) = (Difference(outerDiff, sin144, innerDiff, sin72), Difference(outerDiffI, sin144, innerDiffI, sin72));
            StoreRotated(ref x2, even + oddI, evenI - odd, cos2, sin2);
            StoreRotated(ref x3, even - oddI, evenI + odd, cos3, sin3);
        }
    }

    /// <summary>Any odd radix.</summary>
    /// <remarks>
    /// Outputs j and radix - j share their products: cosines times sums, and sines times differences, of inputs k and radix - k.
    /// </remarks>
    public static void OddRadix(ref Vector256<double> x, FourierStage stage, ReadOnlySpan<Complex> twiddles)
    {
        var (radix, step, half) = (stage.Radix, 2 * stage.Step, stage.Radix / 2);
        // (k, [sum, sum's imaginary part, difference, difference's imaginary part])
        Span<Vector256<double>> pairs = stackalloc Vector256<double>[4 * half];
        for (var block = 0; block < stage.Blocks; block++, x = ref Unsafe.Add(ref x, radix * step))
        {
            var (a, ai) = (x, Unsafe.Add(ref x, 1));
            for (var k = 1; k <= half; k++)
            {
                ref var low = ref Unsafe.Add(ref x, k * step);
                ref var high = ref Unsafe.Add(ref x, (radix - k) * step);
                var pair = pairs[(4 * (k - 1))..];
                (pair[0], pair[1]) = (low + high, Unsafe.Add(ref low, 1) + Unsafe.Add(ref high, 1));
                (pair[2], pair[3]) = (low - high, Unsafe.Add(ref low, 1) - Unsafe.Add(ref high, 1));
                (x, Unsafe.Add(ref x, 1)) = (x + pair[0], Unsafe.Add(ref x, 1) + pair[1]);
            }

            for (var j = 1; j <= half; j++)
            {
                var (even, evenI, odd, oddI) = (a, ai, Vector256<double>.Zero, Vector256<double>.Zero);
                for (var k = 0; k < half; k++)
                {
                    var (cos, sin) = Broadcast(stage.Roots[((j - 1) * half) + k]);
                    even = Vector256.MultiplyAddEstimate(pairs[4 * k], cos, even);
                    evenI = Vector256.MultiplyAddEstimate(pairs[(4 * k) + 1], cos, evenI);
                    odd = Vector256.MultiplyAddEstimate(pairs[(4 * k) + 2], sin, odd);
                    oddI = Vector256.MultiplyAddEstimate(pairs[(4 * k) + 3], sin, oddI);
                }

                var (lowCos, lowSin) = Broadcast(twiddles[j - 1]);
                var (highCos, highSin) = Broadcast(twiddles[radix - j - 1]);
                StoreRotated(ref Unsafe.Add(ref x, j * step), even + oddI, evenI - odd, lowCos, lowSin);
                StoreRotated(ref Unsafe.Add(ref x, (radix - j) * step), even - oddI, evenI + odd, highCos, highSin);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<double> Real, Vector256<double> Imaginary) Broadcast(Complex value) =>
        (Vector256.Create(value.Real), Vector256.Create(value.Imaginary));

    /// <summary>a + x p + y q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Sum(
        Vector256<double> a, Vector256<double> x, Vector256<double> p, Vector256<double> y, Vector256<double> q) =>
        Vector256.MultiplyAddEstimate(y, q, Vector256.MultiplyAddEstimate(x, p, a));

    /// <summary>x p + y q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Sum(Vector256<double> x, Vector256<double> p, Vector256<double> y, Vector256<double> q) =>
        Vector256.MultiplyAddEstimate(x, p, y * q);

    /// <summary>x p - y q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Difference(Vector256<double> x, Vector256<double> p, Vector256<double> y, Vector256<double> q) =>
        Vector256.MultiplyAddEstimate(x, p, -(y * q));

    /// <summary>Stores a complex value multiplied by a twiddle factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRotated(
        ref Vector256<double> to, Vector256<double> real, Vector256<double> imaginary, Vector256<double> cos, Vector256<double> sin)
    {
        to = Difference(real, cos, imaginary, sin);
        Unsafe.Add(ref to, 1) = Sum(real, sin, imaginary, cos);
    }
}
