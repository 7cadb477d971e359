using System.Runtime.CompilerServices;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Layers;

/// <summary><see cref="PairConvolution"/> for one sample and one register of kernels.</summary>
/// <remarks>
/// Weights are (tap, kernel), with tap = 3 (kernel row) + (kernel column), followed by the biases. Each window covers both columns of the
/// map (the two branches): the left column of a kernel applies only to the first branch (in the window of the second branch), the right
/// column only to the second.
/// </remarks>
/// <typeparam name="T">The SIMD vector type.</typeparam>
internal static class PairConvolutionKernel<T>
    where T : struct, ISimdVector<T>
{
    /// <summary>Convolution, ReLU and average pooling over rows.</summary>
    /// <param name="x">(row, branch), starting with the padding row above the first.</param>
    /// <param name="weights">(tap, kernel), starting with the first kernel of this register.</param>
    /// <param name="means">(pooled row, branch, kernel), starting with the first kernel of this register: filled.</param>
    /// <param name="kernels">Number of kernels: the stride of taps and of branches.</param>
    /// <param name="pooled">Pooled rows.</param>
    /// <param name="poolSize">Rows in a pooling window.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(ref float x, ref float weights, ref float means, nint kernels, int pooled, int poolSize)
    {
        var (w00, w01, w02) = Row(ref weights, 0, kernels);
        var (w10, w11, w12) = Row(ref weights, 3, kernels);
        var (w20, w21, w22) = Row(ref weights, 6, kernels);
        var bias = T.Load(ref Unsafe.Add(ref weights, PairConvolution.Taps * kernels));
        var (zero, scale) = (T.Broadcast(0), T.Broadcast(1f / poolSize));
        for (var window = 0; window < pooled; window++)
        {
            var (sum0, sum1) = (zero, zero);
            for (var row = 0; row < poolSize; row++)
            {
                var (a0, a1) = (bias, bias);
                Add(ref a0, ref a1, ref x, w00, w01, w02);
                Add(ref a0, ref a1, ref Unsafe.Add(ref x, 2), w10, w11, w12);
                Add(ref a0, ref a1, ref Unsafe.Add(ref x, 4), w20, w21, w22);
                // The value is the second operand of Max, which is returned for NaN: NaN stays NaN.
                sum0 += T.Max(zero, a0);
                sum1 += T.Max(zero, a1);
                x = ref Unsafe.Add(ref x, 2);
            }

            T.Store(sum0 * scale, ref means);
            T.Store(sum1 * scale, ref Unsafe.Add(ref means, kernels));
            means = ref Unsafe.Add(ref means, 2 * kernels);
        }
    }

    /// <summary>Gradients of the loss with respect to map, weights and biases.</summary>
    /// <param name="x">(row, branch), starting with the padding row above the first.</param>
    /// <param name="weights">(tap, kernel), starting with the first kernel of this register.</param>
    /// <param name="gradMeans">Gradient with respect to the means (pooled row, branch, kernel), starting with the same kernel.</param>
    /// <param name="kernels">Number of kernels: the stride of taps and of branches.</param>
    /// <param name="pooled">Pooled rows.</param>
    /// <param name="poolSize">Rows in a pooling window.</param>
    /// <param name="gradX">(row, branch): accumulated into.</param>
    /// <param name="gradWeights">(tap, kernel), followed by the biases: accumulated into.</param>
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
        var (zero, scale) = (T.Broadcast(0), T.Broadcast(1f / poolSize));
        // Gradients with respect to the previous two rows of the convolution, whose windows share a row of x with the current one.
        var (earlier0, earlier1, previous0, previous1) = (zero, zero, zero, zero);
        for (var window = 0; window < pooled; window++)
        {
            var (grad0, grad1) = (T.Load(ref gradMeans) * scale, T.Load(ref Unsafe.Add(ref gradMeans, kernels)) * scale);
            gradMeans = ref Unsafe.Add(ref gradMeans, 2 * kernels);
            for (var row = 0; row < poolSize; row++)
            {
                var (a0, a1) = (bias, bias);
                Add(ref a0, ref a1, ref x, w00, w01, w02);
                Add(ref a0, ref a1, ref Unsafe.Add(ref x, 2), w10, w11, w12);
                Add(ref a0, ref a1, ref Unsafe.Add(ref x, 4), w20, w21, w22);
                var (current0, current1) = (T.WherePositive(grad0, a0), T.WherePositive(grad1, a1));
                gradBias += current0 + current1;
                AddGradWeights(ref d00, ref d01, ref d02, ref x, current0, current1);
                AddGradWeights(ref d10, ref d11, ref d12, ref Unsafe.Add(ref x, 2), current0, current1);
                AddGradWeights(ref d20, ref d21, ref d22, ref Unsafe.Add(ref x, 4), current0, current1);
                // The row of x above the current one, which no later window covers.
                var (first, second) = (zero, zero);
                AddGradInput(ref first, ref second, current0, current1, w00, w01, w02);
                AddGradInput(ref first, ref second, previous0, previous1, w10, w11, w12);
                AddGradInput(ref first, ref second, earlier0, earlier1, w20, w21, w22);
                gradX += T.Sum(first);
                Unsafe.Add(ref gradX, 1) += T.Sum(second);
                (earlier0, earlier1, previous0, previous1) = (previous0, previous1, current0, current1);
                x = ref Unsafe.Add(ref x, 2);
                gradX = ref Unsafe.Add(ref gradX, 2);
            }
        }

        // The last row of the convolution, and the row below it.
        var (lastFirst, lastSecond, belowFirst, belowSecond) = (zero, zero, zero, zero);
        AddGradInput(ref lastFirst, ref lastSecond, previous0, previous1, w10, w11, w12);
        AddGradInput(ref lastFirst, ref lastSecond, earlier0, earlier1, w20, w21, w22);
        AddGradInput(ref belowFirst, ref belowSecond, previous0, previous1, w20, w21, w22);
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

    // Adds the products of one kernel row with one row of both branches.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref T a0, ref T a1, ref float x, T left, T middle, T right)
    {
        var (first, second) = (T.Broadcast(x), T.Broadcast(Unsafe.Add(ref x, 1)));
        T.AddProduct(ref a0, first, middle);
        T.AddProduct(ref a0, second, right);
        T.AddProduct(ref a1, first, left);
        T.AddProduct(ref a1, second, middle);
    }

    // Backward pass of Add: gradient with respect to the kernel row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGradWeights(ref T left, ref T middle, ref T right, ref float x, T grad0, T grad1)
    {
        var (first, second) = (T.Broadcast(x), T.Broadcast(Unsafe.Add(ref x, 1)));
        T.AddProduct(ref middle, first, grad0);
        T.AddProduct(ref right, second, grad0);
        T.AddProduct(ref left, first, grad1);
        T.AddProduct(ref middle, second, grad1);
    }

    // Backward pass of Add: gradient with respect to the row of both branches.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGradInput(ref T first, ref T second, T grad0, T grad1, T left, T middle, T right)
    {
        T.AddProduct(ref first, grad0, middle);
        T.AddProduct(ref second, grad0, right);
        T.AddProduct(ref first, grad1, left);
        T.AddProduct(ref second, grad1, middle);
    }
}
