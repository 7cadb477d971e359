using System.Runtime.CompilerServices;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Layers;

/// <summary><see cref="PairConvolution"/> of one sample and as many kernels as a register holds.</summary>
/// <remarks>
/// Weights are (tap, kernel), tap = 3 (row of the kernel) + (column of the kernel), biases behind them. Both columns of the map lie within
/// each window: the left column of a kernel meets only the first branch (in the second branch's window), the right one only the second.
/// </remarks>
/// <typeparam name="T">The registers.</typeparam>
internal static class PairConvolutionKernel<T>
    where T : struct, ISimdVector<T>
{
    /// <summary>Average pooling over rows of ReLU of the convolution.</summary>
    /// <param name="x">(row, branch), from the padding row before the first on.</param>
    /// <param name="weights">(tap, kernel), from this register's first kernel on.</param>
    /// <param name="means">(pooled row, branch, kernel), from this register's first kernel on: filled.</param>
    /// <param name="kernels">Stride from one tap, or one branch, to the next.</param>
    /// <param name="pooled">Pooled rows.</param>
    /// <param name="poolSize">Rows of a pooling window.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(ref float x, ref float weights, ref float means, nint kernels, int pooled, int poolSize)
    {
        var (w00, w01, w02) = Row(ref weights, 0, kernels);
        var (w10, w11, w12) = Row(ref weights, 3, kernels);
        var (w20, w21, w22) = Row(ref weights, 6, kernels);
        var bias = T.Load(ref Unsafe.Add(ref weights, PairConvolution.Taps * kernels));
        var (zero, share) = (T.Broadcast(0), T.Broadcast(1f / poolSize));
        for (var stretch = 0; stretch < pooled; stretch++)
        {
            var (sum0, sum1) = (zero, zero);
            for (var row = 0; row < poolSize; row++)
            {
                var (a0, a1) = (bias, bias);
                Add(ref a0, ref a1, ref x, w00, w01, w02);
                Add(ref a0, ref a1, ref Unsafe.Add(ref x, 2), w10, w11, w12);
                Add(ref a0, ref a1, ref Unsafe.Add(ref x, 4), w20, w21, w22);
                // NaN must stay NaN: Max returns its second operand then.
                sum0 += T.Max(zero, a0);
                sum1 += T.Max(zero, a1);
                x = ref Unsafe.Add(ref x, 2);
            }

            T.Store(sum0 * share, ref means);
            T.Store(sum1 * share, ref Unsafe.Add(ref means, kernels));
            means = ref Unsafe.Add(ref means, 2 * kernels);
        }
    }

    /// <summary>Gradients of the loss with respect to map, weights and biases.</summary>
    /// <param name="x">(row, branch), from the padding row before the first on.</param>
    /// <param name="weights">(tap, kernel), from this register's first kernel on.</param>
    /// <param name="gradMeans">Gradient with respect to the means: (pooled row, branch, kernel), likewise.</param>
    /// <param name="kernels">Stride from one tap, or one branch, to the next.</param>
    /// <param name="pooled">Pooled rows.</param>
    /// <param name="poolSize">Rows of a pooling window.</param>
    /// <param name="gradX">(row, branch): added to.</param>
    /// <param name="gradWeights">(tap, kernel), biases behind them: added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(
        ref float x, ref float weights, ref float gradMeans, nint kernels, int pooled, int poolSize, ref float gradX, ref float gradWeights)
    {
        var (w00, w01, w02) = Row(ref weights, 0, kernels);
        var (w10, w11, w12) = Row(ref weights, 3, kernels);
        var (w20, w21, w22) = Row(ref weights, 6, kernels);
        var (d00, d01, d02) = Row(ref gradWeights, 0, kernels);
        var (d10, d11, d12) = Row(ref gradWeights, 3, kernels);
        var (d20, d21, d22) = Row(ref gradWeights, 6, kernels);
        var bias = T.Load(ref Unsafe.Add(ref weights, PairConvolution.Taps * kernels));
        var gradBias = T.Load(ref Unsafe.Add(ref gradWeights, PairConvolution.Taps * kernels));
        var (zero, share) = (T.Broadcast(0), T.Broadcast(1f / poolSize));
        // Gradients of the convolution's rows: this one and the two before it, whose windows hold the same row of x.
        var (before0, before1, last0, last1) = (zero, zero, zero, zero);
        for (var stretch = 0; stretch < pooled; stretch++)
        {
            var (grad0, grad1) = (T.Load(ref gradMeans) * share, T.Load(ref Unsafe.Add(ref gradMeans, kernels)) * share);
            gradMeans = ref Unsafe.Add(ref gradMeans, 2 * kernels);
            for (var row = 0; row < poolSize; row++)
            {
                var (a0, a1) = (bias, bias);
                Add(ref a0, ref a1, ref x, w00, w01, w02);
                Add(ref a0, ref a1, ref Unsafe.Add(ref x, 2), w10, w11, w12);
                Add(ref a0, ref a1, ref Unsafe.Add(ref x, 4), w20, w21, w22);
                var (here0, here1) = (T.WherePositive(grad0, a0), T.WherePositive(grad1, a1));
                gradBias += here0 + here1;
                AddGradWeights(ref d00, ref d01, ref d02, ref x, here0, here1);
                AddGradWeights(ref d10, ref d11, ref d12, ref Unsafe.Add(ref x, 2), here0, here1);
                AddGradWeights(ref d20, ref d21, ref d22, ref Unsafe.Add(ref x, 4), here0, here1);
                // The row of x above this one, which later windows do not hold.
                var (first, second) = (zero, zero);
                AddGradInput(ref first, ref second, here0, here1, w00, w01, w02);
                AddGradInput(ref first, ref second, last0, last1, w10, w11, w12);
                AddGradInput(ref first, ref second, before0, before1, w20, w21, w22);
                gradX += T.Sum(first);
                Unsafe.Add(ref gradX, 1) += T.Sum(second);
                (before0, before1, last0, last1) = (last0, last1, here0, here1);
                x = ref Unsafe.Add(ref x, 2);
                gradX = ref Unsafe.Add(ref gradX, 2);
            }
        }

        // The last row that was convolved, and the one below it.
        var (lastFirst, lastSecond, belowFirst, belowSecond) = (zero, zero, zero, zero);
        AddGradInput(ref lastFirst, ref lastSecond, last0, last1, w10, w11, w12);
        AddGradInput(ref lastFirst, ref lastSecond, before0, before1, w20, w21, w22);
        AddGradInput(ref belowFirst, ref belowSecond, last0, last1, w20, w21, w22);
        gradX += T.Sum(lastFirst);
        Unsafe.Add(ref gradX, 1) += T.Sum(lastSecond);
        Unsafe.Add(ref gradX, 2) += T.Sum(belowFirst);
        Unsafe.Add(ref gradX, 3) += T.Sum(belowSecond);
        Store(d00, d01, d02, ref gradWeights, 0, kernels);
        Store(d10, d11, d12, ref gradWeights, 3, kernels);
        Store(d20, d21, d22, ref gradWeights, 6, kernels);
        T.Store(gradBias, ref Unsafe.Add(ref gradWeights, PairConvolution.Taps * kernels));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T Left, T Middle, T Right) Row(ref float weights, nint tap, nint kernels) =>
        (T.Load(ref Unsafe.Add(ref weights, tap * kernels)), T.Load(ref Unsafe.Add(ref weights, (tap + 1) * kernels)),
            T.Load(ref Unsafe.Add(ref weights, (tap + 2) * kernels)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T left, T middle, T right, ref float weights, nint tap, nint kernels)
    {
        T.Store(left, ref Unsafe.Add(ref weights, tap * kernels));
        T.Store(middle, ref Unsafe.Add(ref weights, (tap + 1) * kernels));
        T.Store(right, ref Unsafe.Add(ref weights, (tap + 2) * kernels));
    }

    // One row of a kernel times one row of both branches.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref T a0, ref T a1, ref float x, T left, T middle, T right)
    {
        var (first, second) = (T.Broadcast(x), T.Broadcast(Unsafe.Add(ref x, 1)));
        T.AddProduct(ref a0, first, middle);
        T.AddProduct(ref a0, second, right);
        T.AddProduct(ref a1, first, left);
        T.AddProduct(ref a1, second, middle);
    }

    // Its backward pass: gradient of the kernel's row …
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGradWeights(ref T left, ref T middle, ref T right, ref float x, T grad0, T grad1)
    {
        var (first, second) = (T.Broadcast(x), T.Broadcast(Unsafe.Add(ref x, 1)));
        T.AddProduct(ref middle, first, grad0);
        T.AddProduct(ref right, second, grad0);
        T.AddProduct(ref left, first, grad1);
        T.AddProduct(ref middle, second, grad1);
    }

    // … and of the branches' row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGradInput(ref T first, ref T second, T grad0, T grad1, T left, T middle, T right)
    {
        T.AddProduct(ref first, grad0, middle);
        T.AddProduct(ref second, grad0, right);
        T.AddProduct(ref first, grad1, left);
        T.AddProduct(ref second, grad1, middle);
    }
}
