using System.Runtime.CompilerServices;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>The GEMM micro-kernel: six rows by two registers of columns, accumulated in registers.</summary>
/// <remarks>
/// Twelve accumulators and two loads for twelve fused multiply-adds keep both FMA units of a core busy; more accumulators do not fit, as
/// AVX2 has sixteen registers. Strides become native integers before the loop, as integer arithmetic inside it would compete with the FMA
/// units for issue slots. Vector loops skip tiered compilation (here and elsewhere): the unoptimised first tier is a hundred times slower.
/// </remarks>
internal static class MicroKernel
{
    /// <summary>Rows of the micro-kernel.</summary>
    public const int Rows = 6;

    /// <summary>Columns of the micro-kernel: two registers.</summary>
    public static int Columns<T>()
        where T : struct, ISimdVector<T> => 2 * T.Count;

    /// <summary>c[row, column] = (overwrite ? 0 : c[row, column]) + sum over k of a[row, k] b[k, column], in the order of k.</summary>
    /// <param name="a">Left operand (row, k); element at row x aRow + k x aInner.</param>
    /// <param name="aRow">Row stride of <paramref name="a"/>.</param>
    /// <param name="aInner">Stride of <paramref name="a"/> along k.</param>
    /// <param name="b">Right operand (k, column); element at k x bRow + column.</param>
    /// <param name="bRow">Row stride of <paramref name="b"/>.</param>
    /// <param name="inner">Inner dimension k.</param>
    /// <param name="c">Result (row, column); element at row x cRow + column.</param>
    /// <param name="cRow">Row stride of <paramref name="c"/>.</param>
    /// <param name="overwrite">True for beta = 0 (c is overwritten), false for beta = 1 (the product is added to c).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply<T>(
        ref float a, nint aRow, nint aInner, ref float b, nint bRow, int inner, ref float c, nint cRow, bool overwrite)
        where T : struct, ISimdVector<T>
    {
        nint w = T.Count, a2 = 2 * aRow, a3 = 3 * aRow, a4 = 4 * aRow, a5 = 5 * aRow;
        ref var r1 = ref Unsafe.Add(ref c, cRow);
        ref var r2 = ref Unsafe.Add(ref r1, cRow);
        ref var r3 = ref Unsafe.Add(ref r2, cRow);
        ref var r4 = ref Unsafe.Add(ref r3, cRow);
        ref var r5 = ref Unsafe.Add(ref r4, cRow);
        var zero = T.Broadcast(0);
        T c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero;
        T c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
        if (!overwrite)
        {
            (c00, c01) = (T.Load(ref c), T.Load(ref Unsafe.Add(ref c, w)));
            (c10, c11) = (T.Load(ref r1), T.Load(ref Unsafe.Add(ref r1, w)));
            (c20, c21) = (T.Load(ref r2), T.Load(ref Unsafe.Add(ref r2, w)));
            (c30, c31) = (T.Load(ref r3), T.Load(ref Unsafe.Add(ref r3, w)));
            (c40, c41) = (T.Load(ref r4), T.Load(ref Unsafe.Add(ref r4, w)));
            (c50, c51) = (T.Load(ref r5), T.Load(ref Unsafe.Add(ref r5, w)));
        }

        for (nint remaining = inner; remaining > 0; remaining--)
        {
            var b0 = T.Load(ref b);
            var b1 = T.Load(ref Unsafe.Add(ref b, w));
            var x = T.Broadcast(a);
            T.AddProduct(ref c00, x, b0);
            T.AddProduct(ref c01, x, b1);
            x = T.Broadcast(Unsafe.Add(ref a, aRow));
            T.AddProduct(ref c10, x, b0);
            T.AddProduct(ref c11, x, b1);
            x = T.Broadcast(Unsafe.Add(ref a, a2));
            T.AddProduct(ref c20, x, b0);
            T.AddProduct(ref c21, x, b1);
            x = T.Broadcast(Unsafe.Add(ref a, a3));
            T.AddProduct(ref c30, x, b0);
            T.AddProduct(ref c31, x, b1);
            x = T.Broadcast(Unsafe.Add(ref a, a4));
            T.AddProduct(ref c40, x, b0);
            T.AddProduct(ref c41, x, b1);
            x = T.Broadcast(Unsafe.Add(ref a, a5));
            T.AddProduct(ref c50, x, b0);
            T.AddProduct(ref c51, x, b1);
            a = ref Unsafe.Add(ref a, aInner);
            b = ref Unsafe.Add(ref b, bRow);
        }

        T.Store(c00, ref c);
        T.Store(c01, ref Unsafe.Add(ref c, w));
        T.Store(c10, ref r1);
        T.Store(c11, ref Unsafe.Add(ref r1, w));
        T.Store(c20, ref r2);
        T.Store(c21, ref Unsafe.Add(ref r2, w));
        T.Store(c30, ref r3);
        T.Store(c31, ref Unsafe.Add(ref r3, w));
        T.Store(c40, ref r4);
        T.Store(c41, ref Unsafe.Add(ref r4, w));
        T.Store(c50, ref r5);
        T.Store(c51, ref Unsafe.Add(ref r5, w));
    }
}
