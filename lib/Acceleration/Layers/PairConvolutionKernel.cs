using System.Runtime.CompilerServices;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Layers;

/// <summary><see cref="PairConvolution"/> of one sample and as many kernels as a register holds.</summary>
/// <remarks>
/// Weights are (tap, kernel), tap = 3 (row of the kernel) + (column of the kernel), biases behind them. Both columns of the map lie within each window, so that of a
/// kernel's three columns the left one meets the first branch alone (seen from the second), the right one the second branch alone (seen from the first).
/// </remarks>
/// <typeparam name="T">The registers.</typeparam>
internal static class PairConvolutionKernel<T>
    where T : struct, ILanes<T>
{
    /// <summary>Means over stretches of rows of ReLU of the convolution.</summary>
    /// <param name="x">(row, branch) from the row of zeros before the first on.</param>
    /// <param name="weights">This register's first kernel of the first tap.</param>
    /// <param name="means">(stretch, branch, kernel): this register's first kernel of the first.</param>
    /// <param name="kernels">From one tap, or one branch, to the next.</param>
    /// <param name="pooled">Stretches.</param>
    /// <param name="poolSize">Rows in each.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(ref float x, ref float weights, ref float means, nint kernels, int pooled, int poolSize)
    {
        var (w00, w01, w02) = Row(ref weights, 0, kernels);
        var (w10, w11, w12) = Row(ref weights, 3, kernels);
        var (w20, w21, w22) = Row(ref weights, 6, kernels);
        var bias = T.Load(ref Unsafe.Add(ref weights, PairConvolution.Taps * kernels));
        var (zero, share) = (T.Spread(0), T.Spread(1f / poolSize));
        for (var stretch = 0; stretch < pooled; stretch++)
        {
            var (sum0, sum1) = (zero, zero);
            for (var row = 0; row < poolSize; row++)
            {
                var (a0, a1) = (bias, bias);
                Add(ref a0, ref a1, ref x, w00, w01, w02);
                Add(ref a0, ref a1, ref Unsafe.Add(ref x, 2), w10, w11, w12);
                Add(ref a0, ref a1, ref Unsafe.Add(ref x, 4), w20, w21, w22);
                // What is no number must stay none: it is the second that Max then takes.
                sum0 += T.Max(zero, a0);
                sum1 += T.Max(zero, a1);
                x = ref Unsafe.Add(ref x, 2);
            }

            T.Store(sum0 * share, ref means);
            T.Store(sum1 * share, ref Unsafe.Add(ref means, kernels));
            means = ref Unsafe.Add(ref means, 2 * kernels);
        }
    }

    /// <summary>The slopes.</summary>
    /// <param name="x">As above, like the next five.</param>
    /// <param name="weights">(tap, kernel).</param>
    /// <param name="slopes">By the means.</param>
    /// <param name="kernels">From one tap, or one branch, to the next.</param>
    /// <param name="pooled">Stretches.</param>
    /// <param name="poolSize">Rows in each.</param>
    /// <param name="byX">Like <paramref name="x"/>: added to.</param>
    /// <param name="byWeights">Like <paramref name="weights"/>: added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(ref float x, ref float weights, ref float slopes, nint kernels, int pooled, int poolSize, ref float byX, ref float byWeights)
    {
        var (w00, w01, w02) = Row(ref weights, 0, kernels);
        var (w10, w11, w12) = Row(ref weights, 3, kernels);
        var (w20, w21, w22) = Row(ref weights, 6, kernels);
        var (d00, d01, d02) = Row(ref byWeights, 0, kernels);
        var (d10, d11, d12) = Row(ref byWeights, 3, kernels);
        var (d20, d21, d22) = Row(ref byWeights, 6, kernels);
        var bias = T.Load(ref Unsafe.Add(ref weights, PairConvolution.Taps * kernels));
        var byBias = T.Load(ref Unsafe.Add(ref byWeights, PairConvolution.Taps * kernels));
        var (zero, share) = (T.Spread(0), T.Spread(1f / poolSize));
        // Slopes by the maps of this row and of the two before it, through which a row of x is seen.
        var (before0, before1, last0, last1) = (zero, zero, zero, zero);
        for (var stretch = 0; stretch < pooled; stretch++)
        {
            var (slope0, slope1) = (T.Load(ref slopes) * share, T.Load(ref Unsafe.Add(ref slopes, kernels)) * share);
            slopes = ref Unsafe.Add(ref slopes, 2 * kernels);
            for (var row = 0; row < poolSize; row++)
            {
                var (a0, a1) = (bias, bias);
                Add(ref a0, ref a1, ref x, w00, w01, w02);
                Add(ref a0, ref a1, ref Unsafe.Add(ref x, 2), w10, w11, w12);
                Add(ref a0, ref a1, ref Unsafe.Add(ref x, 4), w20, w21, w22);
                var (here0, here1) = (T.WherePositive(slope0, a0), T.WherePositive(slope1, a1));
                byBias += here0 + here1;
                AddTo(ref d00, ref d01, ref d02, ref x, here0, here1);
                AddTo(ref d10, ref d11, ref d12, ref Unsafe.Add(ref x, 2), here0, here1);
                AddTo(ref d20, ref d21, ref d22, ref Unsafe.Add(ref x, 4), here0, here1);
                // The row of x above this one, to which nothing is added any more.
                var (first, second) = (zero, zero);
                AddBack(ref first, ref second, here0, here1, w00, w01, w02);
                AddBack(ref first, ref second, last0, last1, w10, w11, w12);
                AddBack(ref first, ref second, before0, before1, w20, w21, w22);
                byX += T.Sum(first);
                Unsafe.Add(ref byX, 1) += T.Sum(second);
                (before0, before1, last0, last1) = (last0, last1, here0, here1);
                x = ref Unsafe.Add(ref x, 2);
                byX = ref Unsafe.Add(ref byX, 2);
            }
        }

        // The last row that was convolved, and the one below it.
        var (lastFirst, lastSecond, belowFirst, belowSecond) = (zero, zero, zero, zero);
        AddBack(ref lastFirst, ref lastSecond, last0, last1, w10, w11, w12);
        AddBack(ref lastFirst, ref lastSecond, before0, before1, w20, w21, w22);
        AddBack(ref belowFirst, ref belowSecond, last0, last1, w20, w21, w22);
        byX += T.Sum(lastFirst);
        Unsafe.Add(ref byX, 1) += T.Sum(lastSecond);
        Unsafe.Add(ref byX, 2) += T.Sum(belowFirst);
        Unsafe.Add(ref byX, 3) += T.Sum(belowSecond);
        Put(d00, d01, d02, ref byWeights, 0, kernels);
        Put(d10, d11, d12, ref byWeights, 3, kernels);
        Put(d20, d21, d22, ref byWeights, 6, kernels);
        T.Store(byBias, ref Unsafe.Add(ref byWeights, PairConvolution.Taps * kernels));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T Left, T Middle, T Right) Row(ref float weights, nint tap, nint kernels) =>
        (T.Load(ref Unsafe.Add(ref weights, tap * kernels)), T.Load(ref Unsafe.Add(ref weights, (tap + 1) * kernels)), T.Load(ref Unsafe.Add(ref weights, (tap + 2) * kernels)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(T left, T middle, T right, ref float weights, nint tap, nint kernels)
    {
        T.Store(left, ref Unsafe.Add(ref weights, tap * kernels));
        T.Store(middle, ref Unsafe.Add(ref weights, (tap + 1) * kernels));
        T.Store(right, ref Unsafe.Add(ref weights, (tap + 2) * kernels));
    }

    // One row of a kernel on one row of both branches.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref T a0, ref T a1, ref float x, T left, T middle, T right)
    {
        var (first, second) = (T.Spread(x), T.Spread(Unsafe.Add(ref x, 1)));
        T.AddProduct(ref a0, first, middle);
        T.AddProduct(ref a0, second, right);
        T.AddProduct(ref a1, first, left);
        T.AddProduct(ref a1, second, middle);
    }

    // The same way back, to the kernel's row …
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(ref T left, ref T middle, ref T right, ref float x, T slope0, T slope1)
    {
        var (first, second) = (T.Spread(x), T.Spread(Unsafe.Add(ref x, 1)));
        T.AddProduct(ref middle, first, slope0);
        T.AddProduct(ref right, second, slope0);
        T.AddProduct(ref left, first, slope1);
        T.AddProduct(ref middle, second, slope1);
    }

    // … and to the branches' row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBack(ref T first, ref T second, T slope0, T slope1, T left, T middle, T right)
    {
        T.AddProduct(ref first, slope0, middle);
        T.AddProduct(ref second, slope0, right);
        T.AddProduct(ref first, slope1, left);
        T.AddProduct(ref second, slope1, middle);
    }
}
