using System.Runtime.CompilerServices;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>x Wᵀ for a small batch (skinny GEMM), which is limited by reading the weights, not by arithmetic.</summary>
/// <remarks>
/// libtorch's GEMM packs both operands first, which pays off only if the weights are reused many times. Here the weights are read once and
/// in place, while a block of the inner dimension of all samples stays in the L1 cache; the next weights are prefetched. Each sample is
/// summed separately in a fixed order, so its result depends neither on the other samples nor on the number of threads.
/// </remarks>
internal static class SmallBatchGemm
{
    /// <summary>Maximum batch size: for larger batches libtorch's GEMM is faster.</summary>
    public const int MaxSamples = 16;

    // With 16 samples a block of the inner dimension takes 32 KB, and the accumulators of a block of columns 16 KB.
    private const int BlockInner = 512;
    private const int BlockColumns = 16;
    private const int Rows = 4;
    private const int Columns = 2;

    /// <summary>x Wᵀ, on as many threads as libtorch uses.</summary>
    /// <param name="rows">x: (sample, inner), float32, contiguous, on the CPU; at most <see cref="MaxSamples"/> samples.</param>
    /// <param name="weights">W: (column, inner), float32, contiguous, on the CPU.</param>
    /// <returns>(sample, column), outside the autograd graph.</returns>
    public static Tensor Multiply(Tensor rows, Tensor weights) => SimdDispatch.Run<Work, Tensor>(new(rows, weights));

    internal static Tensor Multiply<T>(Tensor rows, Tensor weights)
        where T : struct, ISimdVector<T>
    {
        var (samples, columns, inner) = ((int)rows.shape[0], (int)weights.shape[0], (int)rows.shape[1]);
        // Padded with zero samples to whole groups of rows.
        var padded = PanelGemm.RoundUp(samples, Rows);
        var result = Buffers.Empty(samples, columns);
        using var paddedRows = padded == samples ? rows.alias() : cat([rows, Buffers.Zeros(padded - samples, inner)], 0);
        void MultiplyColumns(int first, int count) =>
            MultiplyBlock<T>(
                paddedRows.FloatSpan(), weights.FloatSpan(), result.FloatSpan(), inner, samples, columns, first, first + count);
        ParallelLoops.ForChunks(columns, BlockColumns, MultiplyColumns, ParallelLoops.Threads);
        return result;
    }

    /// <summary>Computes columns <paramref name="first"/> to <paramref name="last"/> - 1 of the result.</summary>
    private static void MultiplyBlock<T>(
        Span<float> x, Span<float> weights, Span<float> result, int inner, int samples, int columns, int first, int last)
        where T : struct, ISimdVector<T>
    {
        var (vectorised, group) = (inner / T.Count * T.Count, Rows * Columns * T.Count);
        // (pair of columns, group of rows, column, row, SIMD lane); lanes are summed at the end.
        Span<float> sums = stackalloc float[MaxSamples * BlockColumns * T.Count];
        sums.Clear();
        for (var k = 0; k < vectorised; k += BlockInner)
        {
            var (count, at) = (Math.Min(BlockInner, vectorised - k), 0);
            for (var column = first; column < last; column += Columns)
            {
                // If the number of columns is odd, the last column is paired with itself.
                ref var w0 = ref weights[(column * inner) + k];
                ref var w1 = ref weights[(Math.Min(column + 1, last - 1) * inner) + k];
                // Distance to the weights that are read next: the same block of the next columns, or the next block of the first columns.
                var ahead = column + Columns < last ? Columns * inner : ((first - column) * inner) + BlockInner;
                for (var row = 0; row < samples; row += Rows, at += group)
                    Add<T>(ref x[(row * inner) + k], inner, ref w0, ref w1, count, ahead, ref sums[at]);
            }
        }

        for (var column = first; column < last; column++)
        {
            var pair = sums[((column - first) / Columns * ((samples + Rows - 1) / Rows) * group)..];
            for (var row = 0; row < samples; row++)
            {
                var at = (row / Rows * group) + (((((column - first) % Columns) * Rows) + (row % Rows)) * T.Count);
                var sum = T.Sum(T.Load(ref pair[at]));
                for (var k = vectorised; k < inner; k++)
                    sum += x[(row * inner) + k] * weights[(column * inner) + k];
                result[(row * columns) + column] = sum;
            }
        }
    }

    /// <summary>Accumulates the products of four rows of x with the weights of two columns.</summary>
    /// <remarks>Horizontal sums are elsewhere: with them here, the JIT would spill half of the registers.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Add<T>(ref float x, nint xRow, ref float w0, ref float w1, nint count, nint ahead, ref float sums)
        where T : struct, ISimdVector<T>
    {
        nint w = T.Count, w2 = 2 * w, w3 = 3 * w;
        ref var sums1 = ref Unsafe.Add(ref sums, 4 * w);
        ref var x1 = ref Unsafe.Add(ref x, xRow);
        ref var x2 = ref Unsafe.Add(ref x1, xRow);
        ref var x3 = ref Unsafe.Add(ref x2, xRow);
        var (a0, a1) = (T.Load(ref sums), T.Load(ref Unsafe.Add(ref sums, w)));
        var (a2, a3) = (T.Load(ref Unsafe.Add(ref sums, w2)), T.Load(ref Unsafe.Add(ref sums, w3)));
        var (b0, b1) = (T.Load(ref sums1), T.Load(ref Unsafe.Add(ref sums1, w)));
        var (b2, b3) = (T.Load(ref Unsafe.Add(ref sums1, w2)), T.Load(ref Unsafe.Add(ref sums1, w3)));
        for (nint at = 0; at < count; at += w)
        {
            var (p, q) = (T.Load(ref Unsafe.Add(ref w0, at)), T.Load(ref Unsafe.Add(ref w1, at)));
            CacheHint.Prefetch(ref Unsafe.Add(ref w0, at + ahead));
            CacheHint.Prefetch(ref Unsafe.Add(ref w1, at + ahead));
            var v = T.Load(ref Unsafe.Add(ref x, at));
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

        T.Store(a0, ref sums);
        T.Store(a1, ref Unsafe.Add(ref sums, w));
        T.Store(a2, ref Unsafe.Add(ref sums, w2));
        T.Store(a3, ref Unsafe.Add(ref sums, w3));
        T.Store(b0, ref sums1);
        T.Store(b1, ref Unsafe.Add(ref sums1, w));
        T.Store(b2, ref Unsafe.Add(ref sums1, w2));
        T.Store(b3, ref Unsafe.Add(ref sums1, w3));
    }

    private readonly record struct Work(Tensor Rows, Tensor Weights) : ISimdWork<Tensor>
    {
        public Tensor Run<T>()
            where T : struct, ISimdVector<T> => Multiply<T>(Rows, Weights);
    }
}
