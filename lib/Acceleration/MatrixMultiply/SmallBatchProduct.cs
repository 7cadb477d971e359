using System.Runtime.CompilerServices;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>A few samples times many weights: x W^T, where reading the weights takes longer than the arithmetic.</summary>
/// <remarks>
/// libtorch's product copies both factors into panels first, which pays only where weights are used many times (measured, 8 samples, 9984 x 1024 weights: two to three
/// times as long). Here weights are read once, as they lie, while a stretch of all samples waits in the first-level cache; the processor is told of the next ones in time
/// (which spares a fifth of a network's answer to 8 samples, measured). Each sample is summed by itself, in one order: its result does not depend on the others or on
/// the number of threads.
/// </remarks>
internal static class SmallBatchProduct
{
    /// <summary>With more samples libtorch's product is faster.</summary>
    public const int MaxSamples = 16;

    // Of 16 samples a stretch takes 32 KB, and the sums of a block of columns 16 KB.
    private const int Stretch = 512;
    private const int ColumnsTogether = 16;
    private const int Rows = 4;
    private const int Columns = 2;

    /// <summary>x W^T on as many threads as libtorch has.</summary>
    /// <param name="rows">x: (sample, step), float32, contiguous, on the CPU; at most <see cref="MaxSamples"/> samples.</param>
    /// <param name="weights">W: (column, step), likewise.</param>
    /// <returns>(sample, column), without gradient.</returns>
    public static Tensor Multiply(Tensor rows, Tensor weights) => Widest.Run<Work, Tensor>(new(rows, weights));

    internal static Tensor Multiply<T>(Tensor rows, Tensor weights)
        where T : struct, ILanes<T>
    {
        var (samples, columns, steps) = ((int)rows.shape[0], (int)weights.shape[0], (int)rows.shape[1]);
        // Whole groups of rows: what stands in for missing samples is zero.
        var padded = Tiles.RoundedUp(samples, Rows);
        var result = Buffers.Empty(samples, columns);
        using var all = padded == samples ? rows.alias() : cat([rows, Buffers.Zeros(padded - samples, steps)], 0);
        Workers.SharePieces(
            columns, ColumnsTogether, (first, count) => Block<T>(all.Floats(), weights.Floats(), result.Floats(), steps, samples, columns, first, first + count), Workers.Threads);
        return result;
    }

    /// <summary>Some columns of the result.</summary>
    private static void Block<T>(Span<float> x, Span<float> weights, Span<float> result, int steps, int samples, int columns, int first, int last)
        where T : struct, ILanes<T>
    {
        var (whole, tile) = (steps / T.Count * T.Count, Rows * Columns * T.Count);
        // (pair of columns, group of rows, column, row, number of the register): summed over the registers at the end only.
        Span<float> sums = stackalloc float[MaxSamples * ColumnsTogether * T.Count];
        sums.Clear();
        for (var step = 0; step < whole; step += Stretch)
        {
            var (count, at) = (Math.Min(Stretch, whole - step), 0);
            for (var column = first; column < last; column += Columns)
            {
                // The last column of an odd number is its own neighbour.
                ref var w0 = ref weights[(column * steps) + step];
                ref var w1 = ref weights[(Math.Min(column + 1, last - 1) * steps) + step];
                // From these weights to those that are read next: the same stretch of the next columns, then the next stretch of the first ones.
                var ahead = column + Columns < last ? Columns * steps : ((first - column) * steps) + Stretch;
                for (var row = 0; row < samples; row += Rows, at += tile)
                    Add<T>(ref x[(row * steps) + step], steps, ref w0, ref w1, count, ahead, ref sums[at]);
            }
        }

        for (var column = first; column < last; column++)
        {
            var pair = sums[((column - first) / Columns * ((samples + Rows - 1) / Rows) * tile)..];
            for (var row = 0; row < samples; row++)
            {
                var sum = T.Sum(T.Load(ref pair[(row / Rows * tile) + (((((column - first) % Columns) * Rows) + (row % Rows)) * T.Count)]));
                for (var step = whole; step < steps; step++)
                    sum += x[(row * steps) + step] * weights[(column * steps) + step];
                result[(row * columns) + column] = sum;
            }
        }
    }

    /// <summary>Adds the products of four rows of x with two columns' weights to registers of sums. (With the sums' own sums here the compiler keeps half of them in memory.)</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Add<T>(ref float x, nint xRow, ref float w0, ref float w1, nint count, nint ahead, ref float sums)
        where T : struct, ILanes<T>
    {
        nint w = T.Count, w2 = 2 * w, w3 = 3 * w;
        ref var others = ref Unsafe.Add(ref sums, 4 * w);
        ref var x1 = ref Unsafe.Add(ref x, xRow);
        ref var x2 = ref Unsafe.Add(ref x1, xRow);
        ref var x3 = ref Unsafe.Add(ref x2, xRow);
        var (a0, a1, a2, a3) = (T.Load(ref sums), T.Load(ref Unsafe.Add(ref sums, w)), T.Load(ref Unsafe.Add(ref sums, w2)), T.Load(ref Unsafe.Add(ref sums, w3)));
        var (b0, b1, b2, b3) = (T.Load(ref others), T.Load(ref Unsafe.Add(ref others, w)), T.Load(ref Unsafe.Add(ref others, w2)), T.Load(ref Unsafe.Add(ref others, w3)));
        for (nint at = 0; at < count; at += w)
        {
            var (p, q) = (T.Load(ref Unsafe.Add(ref w0, at)), T.Load(ref Unsafe.Add(ref w1, at)));
            CacheHint.Soon(ref Unsafe.Add(ref w0, at + ahead));
            CacheHint.Soon(ref Unsafe.Add(ref w1, at + ahead));
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
        T.Store(b0, ref others);
        T.Store(b1, ref Unsafe.Add(ref others, w));
        T.Store(b2, ref Unsafe.Add(ref others, w2));
        T.Store(b3, ref Unsafe.Add(ref others, w3));
    }

    private readonly record struct Work(Tensor Rows, Tensor Weights) : IVectorWork<Tensor>
    {
        public Tensor Run<T>()
            where T : struct, ILanes<T> => Multiply<T>(Rows, Weights);
    }
}
