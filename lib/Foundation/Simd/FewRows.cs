using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace DeviceId.Foundation.Simd;

/// <summary>A few samples times many weights: x W^T, where reading the weights takes longer than the arithmetic.</summary>
/// <remarks>
/// libtorch's product copies both factors into panels first, which pays only where weights are used many times (measured, 8 samples, 9984 x 1024 weights: two to three
/// times as long). Here weights are read once, as they lie, while a stretch of all samples waits in the first-level cache. Each sample is summed by itself, in one
/// order: its result does not depend on the others or on the number of threads.
/// </remarks>
internal static class FewRows
{
    /// <summary>With more samples libtorch's product is faster.</summary>
    public const int Most = 16;

    // Of 16 samples a stretch so long takes 32 KB.
    private const int Stretch = 512;
    private const int ColumnsTogether = 16;
    private const int Group = 4;

    /// <summary>x W^T on as many threads as libtorch has.</summary>
    /// <param name="rows">x: (sample, step), float32, contiguous, on the CPU; at most <see cref="Most"/> samples.</param>
    /// <param name="weights">W: (column, step), likewise.</param>
    /// <returns>(sample, column), without gradient.</returns>
    public static Tensor Multiply(Tensor rows, Tensor weights) =>
        Lanes512.IsSupported ? Multiply<Lanes512>(rows, weights) : Lanes256.IsSupported ? Multiply<Lanes256>(rows, weights) : Multiply<Lanes128>(rows, weights);

    internal static Tensor Multiply<T>(Tensor rows, Tensor weights)
        where T : struct, ILanes<T>
    {
        var (samples, columns, steps) = ((int)rows.shape[0], (int)weights.shape[0], (int)rows.shape[1]);
        // Whole groups: what stands in for missing samples is zero.
        var padded = (samples + Group - 1) / Group * Group;
        var result = zeros(padded, columns);
        using var all = padded == samples ? rows.alias() : cat([rows, zeros(padded - samples, steps)], 0);
        Parallel.For(0, (columns + ColumnsTogether - 1) / ColumnsTogether, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, block =>
        {
            var x = new Matrix(all, steps);
            var w = new Matrix(weights, steps);
            var y = new Matrix(result, columns);
            var last = Math.Min(columns, (block + 1) * ColumnsTogether);
            for (var step = 0; step < steps; step += Stretch)
            {
                var count = Math.Min(Stretch, steps - step);
                for (var column = block * ColumnsTogether; column < last; column += 2)
                {
                    // The last column of an odd number is its own neighbour, counted once.
                    var second = Math.Min(column + 1, last - 1);
                    for (var row = 0; row < padded; row += Group)
                        Add<T>(x, row, w, column, second, step, count, y);
                }
            }
        });
        return padded == samples ? result : result.narrow(0, 0, samples).contiguous();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Add<T>(Matrix x, int row, Matrix w, int column, int second, int step, int count, Matrix y)
        where T : struct, ILanes<T>
    {
        var zero = T.Spread(0);
        T a0 = zero, a1 = zero, a2 = zero, a3 = zero, b0 = zero, b1 = zero, b2 = zero, b3 = zero;
        ref var first = ref w[column, step];
        ref var other = ref w[second, step];
        ref var x0 = ref x[row, step];
        ref var x1 = ref x[row + 1, step];
        ref var x2 = ref x[row + 2, step];
        ref var x3 = ref x[row + 3, step];
        nint at = 0;
        for (; at <= count - T.Count; at += T.Count)
        {
            var (p, q) = (T.Load(ref Unsafe.Add(ref first, at)), T.Load(ref Unsafe.Add(ref other, at)));
            var v = T.Load(ref Unsafe.Add(ref x0, at));
            T.AddProduct(ref a0, v, p);
            T.AddProduct(ref b0, v, q);
            v = T.Load(ref Unsafe.Add(ref x1, at));
            T.AddProduct(ref a1, v, p);
            T.AddProduct(ref b1, v, q);
            v = T.Load(ref Unsafe.Add(ref x2, at));
            T.AddProduct(ref a2, v, p);
            T.AddProduct(ref b2, v, q);
            v = T.Load(ref Unsafe.Add(ref x3, at));
            T.AddProduct(ref a3, v, p);
            T.AddProduct(ref b3, v, q);
        }

        Finish(y, row, column, second, T.Sum(a0), T.Sum(b0), ref x0, ref first, ref other, at, count);
        Finish(y, row + 1, column, second, T.Sum(a1), T.Sum(b1), ref x1, ref first, ref other, at, count);
        Finish(y, row + 2, column, second, T.Sum(a2), T.Sum(b2), ref x2, ref first, ref other, at, count);
        Finish(y, row + 3, column, second, T.Sum(a3), T.Sum(b3), ref x3, ref first, ref other, at, count);
    }

    // The rest, too short for a register, and the sums into the result.
    private static void Finish(Matrix y, int row, int column, int second, float sum, float otherSum, ref float x, ref float first, ref float other, nint at, int count)
    {
        for (; at < count; at++)
        {
            sum += Unsafe.Add(ref x, at) * Unsafe.Add(ref first, at);
            otherSum += Unsafe.Add(ref x, at) * Unsafe.Add(ref other, at);
        }

        y[row, column] += sum;
        if (second != column)
            y[row, second] += otherSum;
    }

    /// <summary>A contiguous tensor (row, column), which the caller keeps alive.</summary>
    private readonly ref struct Matrix(Tensor tensor, int columns)
    {
        private readonly Span<float> _values = tensor.Floats();

        public ref float this[int row, int column] => ref _values[(row * columns) + column];
    }
}
