using System.Runtime.CompilerServices;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>A <see cref="MicroKernel"/> of four registers of columns, for machines with 32 registers; 24 hold accumulators.</summary>
/// <remarks>Ten loads for 24 fused multiply-adds, instead of eight for twelve.</remarks>
internal static class WideMicroKernel
{
    // Rows of b to prefetch ahead: they may be on different pages, and the hardware prefetcher does not cross pages.
    private const int RowsAhead = 8;

    // Steps of k between two prefetches: a cache line holds 16 values.
    private const int PrefetchInterval = 16;

    /// <summary>Columns of the micro-kernel: four registers.</summary>
    public static int Columns<T>()
        where T : struct, ISimdVector<T> => 4 * T.Count;

    /// <summary>Whether the machine has enough registers of this width (AVX-512). ARM has 32 registers too, but was not measured.</summary>
    public static bool Fits<T>()
        where T : struct, ISimdVector<T> => typeof(T) == typeof(Simd512);

    /// <summary><see cref="MicroKernel.Multiply{T}"/>, which also prefetches six rows of <paramref name="inner"/> values.</summary>
    /// <param name="a">Left operand (row, k); element at row x aRow + k x aInner.</param>
    /// <param name="aRow">Row stride of <paramref name="a"/>.</param>
    /// <param name="aInner">Stride of <paramref name="a"/> along k.</param>
    /// <param name="b">Right operand (k, column); element at k x bRow + column.</param>
    /// <param name="bRow">Row stride of <paramref name="b"/>.</param>
    /// <param name="inner">Inner dimension k.</param>
    /// <param name="c">Result (row, column); element at row x cRow + column.</param>
    /// <param name="cRow">Row stride of <paramref name="c"/>.</param>
    /// <param name="overwrite">True for beta = 0 (c is overwritten), false for beta = 1.</param>
    /// <param name="prefetch">First value to prefetch; any address is allowed, also an invalid one.</param>
    /// <param name="prefetchRow">Row stride of <paramref name="prefetch"/>.</param>
    public static void Multiply<T>(
        ref float a, nint aRow, nint aInner, ref float b, nint bRow, int inner, ref float c, nint cRow, bool overwrite,
        ref float prefetch, nint prefetchRow)
        where T : struct, ISimdVector<T> =>
            Multiply<T, WithoutPacking>(ref a, aRow, aInner, ref b, bRow, inner, ref c, cRow, overwrite, ref b, ref prefetch, prefetchRow);

    /// <summary>Multiplies with row-major b, and packs b into a panel for the next micro-kernels.</summary>
    /// <remarks>The values are loaded anyway; packing in a separate pass took a fifth of the time of a product.</remarks>
    /// <param name="a">Left operand (row, k); element at row x aRow + k x aInner.</param>
    /// <param name="aRow">Row stride of <paramref name="a"/>.</param>
    /// <param name="aInner">Stride of <paramref name="a"/> along k.</param>
    /// <param name="b">Right operand (k, column); element at k x bRow + column.</param>
    /// <param name="bRow">Row stride of <paramref name="b"/>.</param>
    /// <param name="inner">Inner dimension k.</param>
    /// <param name="c">Result (row, column); element at row x cRow + column.</param>
    /// <param name="cRow">Row stride of <paramref name="c"/>.</param>
    /// <param name="overwrite">True for beta = 0 (c is overwritten), false for beta = 1.</param>
    /// <param name="panel">(k, column): filled.</param>
    public static void MultiplyAndPack<T>(
        ref float a, nint aRow, nint aInner, ref float b, nint bRow, int inner, ref float c, nint cRow, bool overwrite, ref float panel)
        where T : struct, ISimdVector<T> =>
            Multiply<T, WithPacking>(ref a, aRow, aInner, ref b, bRow, inner, ref c, cRow, overwrite, ref panel, ref a, 0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Multiply<T, TPacking>(
        ref float a, nint aRow, nint aInner, ref float b, nint bRow, int inner, ref float c, nint cRow, bool overwrite, ref float panel,
        ref float prefetch, nint prefetchRow)
        where T : struct, ISimdVector<T>
        where TPacking : struct
    {
        nint w = T.Count, w2 = 2 * w, w3 = 3 * w, columns = 4 * w, a2 = 2 * aRow, a3 = 3 * aRow, a4 = 4 * aRow, a5 = 5 * aRow;
        ref var r1 = ref Unsafe.Add(ref c, cRow);
        ref var r2 = ref Unsafe.Add(ref r1, cRow);
        ref var r3 = ref Unsafe.Add(ref r2, cRow);
        ref var r4 = ref Unsafe.Add(ref r3, cRow);
        ref var r5 = ref Unsafe.Add(ref r4, cRow);
        var zero = T.Broadcast(0);
        T c00 = zero, c01 = zero, c02 = zero, c03 = zero;
        T c10 = zero, c11 = zero, c12 = zero, c13 = zero;
        T c20 = zero, c21 = zero, c22 = zero, c23 = zero;
        T c30 = zero, c31 = zero, c32 = zero, c33 = zero;
        T c40 = zero, c41 = zero, c42 = zero, c43 = zero;
        T c50 = zero, c51 = zero, c52 = zero, c53 = zero;
        if (!overwrite)
        {
            (c00, c01) = (T.Load(ref c), T.Load(ref Unsafe.Add(ref c, w)));
            (c02, c03) = (T.Load(ref Unsafe.Add(ref c, w2)), T.Load(ref Unsafe.Add(ref c, w3)));
            (c10, c11) = (T.Load(ref r1), T.Load(ref Unsafe.Add(ref r1, w)));
            (c12, c13) = (T.Load(ref Unsafe.Add(ref r1, w2)), T.Load(ref Unsafe.Add(ref r1, w3)));
            (c20, c21) = (T.Load(ref r2), T.Load(ref Unsafe.Add(ref r2, w)));
            (c22, c23) = (T.Load(ref Unsafe.Add(ref r2, w2)), T.Load(ref Unsafe.Add(ref r2, w3)));
            (c30, c31) = (T.Load(ref r3), T.Load(ref Unsafe.Add(ref r3, w)));
            (c32, c33) = (T.Load(ref Unsafe.Add(ref r3, w2)), T.Load(ref Unsafe.Add(ref r3, w3)));
            (c40, c41) = (T.Load(ref r4), T.Load(ref Unsafe.Add(ref r4, w)));
            (c42, c43) = (T.Load(ref Unsafe.Add(ref r4, w2)), T.Load(ref Unsafe.Add(ref r4, w3)));
            (c50, c51) = (T.Load(ref r5), T.Load(ref Unsafe.Add(ref r5, w)));
            (c52, c53) = (T.Load(ref Unsafe.Add(ref r5, w2)), T.Load(ref Unsafe.Add(ref r5, w3)));
        }

        nint p2 = 2 * prefetchRow, p3 = 3 * prefetchRow, p4 = 4 * prefetchRow, p5 = 5 * prefetchRow;
        for (nint remaining = inner; remaining > 0; remaining -= PrefetchInterval)
        {
            CacheHint.Prefetch(ref prefetch);
            CacheHint.Prefetch(ref Unsafe.Add(ref prefetch, prefetchRow));
            CacheHint.Prefetch(ref Unsafe.Add(ref prefetch, p2));
            CacheHint.Prefetch(ref Unsafe.Add(ref prefetch, p3));
            CacheHint.Prefetch(ref Unsafe.Add(ref prefetch, p4));
            CacheHint.Prefetch(ref Unsafe.Add(ref prefetch, p5));
            prefetch = ref Unsafe.Add(ref prefetch, PrefetchInterval);
            for (var steps = Math.Min(remaining, PrefetchInterval); steps > 0; steps--)
            {
                var (b0, b1) = (T.Load(ref b), T.Load(ref Unsafe.Add(ref b, w)));
                var (b2, b3) = (T.Load(ref Unsafe.Add(ref b, w2)), T.Load(ref Unsafe.Add(ref b, w3)));
                if (typeof(TPacking) == typeof(WithPacking))
                {
                    T.Store(b0, ref panel);
                    T.Store(b1, ref Unsafe.Add(ref panel, w));
                    T.Store(b2, ref Unsafe.Add(ref panel, w2));
                    T.Store(b3, ref Unsafe.Add(ref panel, w3));
                    panel = ref Unsafe.Add(ref panel, columns);
                    ref var ahead = ref Unsafe.Add(ref b, RowsAhead * bRow);
                    CacheHint.Prefetch(ref ahead);
                    CacheHint.Prefetch(ref Unsafe.Add(ref ahead, w));
                    CacheHint.Prefetch(ref Unsafe.Add(ref ahead, w2));
                    CacheHint.Prefetch(ref Unsafe.Add(ref ahead, w3));
                }

                var x = T.Broadcast(a);
                T.AddProduct(ref c00, x, b0);
                T.AddProduct(ref c01, x, b1);
                T.AddProduct(ref c02, x, b2);
                T.AddProduct(ref c03, x, b3);
                x = T.Broadcast(Unsafe.Add(ref a, aRow));
                T.AddProduct(ref c10, x, b0);
                T.AddProduct(ref c11, x, b1);
                T.AddProduct(ref c12, x, b2);
                T.AddProduct(ref c13, x, b3);
                x = T.Broadcast(Unsafe.Add(ref a, a2));
                T.AddProduct(ref c20, x, b0);
                T.AddProduct(ref c21, x, b1);
                T.AddProduct(ref c22, x, b2);
                T.AddProduct(ref c23, x, b3);
                x = T.Broadcast(Unsafe.Add(ref a, a3));
                T.AddProduct(ref c30, x, b0);
                T.AddProduct(ref c31, x, b1);
                T.AddProduct(ref c32, x, b2);
                T.AddProduct(ref c33, x, b3);
                x = T.Broadcast(Unsafe.Add(ref a, a4));
                T.AddProduct(ref c40, x, b0);
                T.AddProduct(ref c41, x, b1);
                T.AddProduct(ref c42, x, b2);
                T.AddProduct(ref c43, x, b3);
                x = T.Broadcast(Unsafe.Add(ref a, a5));
                T.AddProduct(ref c50, x, b0);
                T.AddProduct(ref c51, x, b1);
                T.AddProduct(ref c52, x, b2);
                T.AddProduct(ref c53, x, b3);
                a = ref Unsafe.Add(ref a, aInner);
                b = ref Unsafe.Add(ref b, bRow);
            }
        }

        T.Store(c00, ref c);
        T.Store(c01, ref Unsafe.Add(ref c, w));
        T.Store(c02, ref Unsafe.Add(ref c, w2));
        T.Store(c03, ref Unsafe.Add(ref c, w3));
        T.Store(c10, ref r1);
        T.Store(c11, ref Unsafe.Add(ref r1, w));
        T.Store(c12, ref Unsafe.Add(ref r1, w2));
        T.Store(c13, ref Unsafe.Add(ref r1, w3));
        T.Store(c20, ref r2);
        T.Store(c21, ref Unsafe.Add(ref r2, w));
        T.Store(c22, ref Unsafe.Add(ref r2, w2));
        T.Store(c23, ref Unsafe.Add(ref r2, w3));
        T.Store(c30, ref r3);
        T.Store(c31, ref Unsafe.Add(ref r3, w));
        T.Store(c32, ref Unsafe.Add(ref r3, w2));
        T.Store(c33, ref Unsafe.Add(ref r3, w3));
        T.Store(c40, ref r4);
        T.Store(c41, ref Unsafe.Add(ref r4, w));
        T.Store(c42, ref Unsafe.Add(ref r4, w2));
        T.Store(c43, ref Unsafe.Add(ref r4, w3));
        T.Store(c50, ref r5);
        T.Store(c51, ref Unsafe.Add(ref r5, w));
        T.Store(c52, ref Unsafe.Add(ref r5, w2));
        T.Store(c53, ref Unsafe.Add(ref r5, w3));
    }

    // Type arguments of Multiply: the JIT compiles a specialised method for each.
    private readonly struct WithoutPacking;

    private readonly struct WithPacking;
}
