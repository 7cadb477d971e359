using System.Runtime.CompilerServices;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>The inner part of a matrix product: six rows and two registers of columns, held in registers while the products are summed.</summary>
/// <remarks>
/// Twelve sums and two loads for twelve fused operations keep both multipliers of a core busy (AVX2 has sixteen registers, so no more fit).
/// All distances are made native integers before the loop: a step is loads and fused operations only. Integer arithmetic in it would take turns of the multipliers.
/// Loops over registers are compiled at once with full optimisation (here and elsewhere): the runtime's quick first version of them is a hundred times slower.
/// </remarks>
internal static class MatrixTile
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 6;

    /// <summary>Columns of a tile: two registers.</summary>
    public static int Columns<T>()
        where T : struct, ILanes<T> => 2 * T.Count;

    /// <summary>c[row, column] = (fresh ? 0 : c[row, column]) + sum over steps of a[row, step] b[step, column], summed in the order of the steps.</summary>
    /// <param name="a">First of the left factor; its element (row, step) is row x aRow + step x aStep further on.</param>
    /// <param name="aRow">See above.</param>
    /// <param name="aStep">See above.</param>
    /// <param name="b">First of the right factor; its element (step, column) is step x bRow + column further on.</param>
    /// <param name="bRow">See above.</param>
    /// <param name="steps">Products in each sum.</param>
    /// <param name="c">First of the result; its element (row, column) is row x cRow + column further on.</param>
    /// <param name="cRow">See above.</param>
    /// <param name="fresh">Whether sums start at 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply<T>(ref float a, nint aRow, nint aStep, ref float b, nint bRow, int steps, ref float c, nint cRow, bool fresh)
        where T : struct, ILanes<T>
    {
        nint w = T.Count, a2 = 2 * aRow, a3 = 3 * aRow, a4 = 4 * aRow, a5 = 5 * aRow;
        ref var r1 = ref Unsafe.Add(ref c, cRow);
        ref var r2 = ref Unsafe.Add(ref r1, cRow);
        ref var r3 = ref Unsafe.Add(ref r2, cRow);
        ref var r4 = ref Unsafe.Add(ref r3, cRow);
        ref var r5 = ref Unsafe.Add(ref r4, cRow);
        var zero = T.Spread(0);
        T c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
        if (!fresh)
        {
            (c00, c01) = (T.Load(ref c), T.Load(ref Unsafe.Add(ref c, w)));
            (c10, c11) = (T.Load(ref r1), T.Load(ref Unsafe.Add(ref r1, w)));
            (c20, c21) = (T.Load(ref r2), T.Load(ref Unsafe.Add(ref r2, w)));
            (c30, c31) = (T.Load(ref r3), T.Load(ref Unsafe.Add(ref r3, w)));
            (c40, c41) = (T.Load(ref r4), T.Load(ref Unsafe.Add(ref r4, w)));
            (c50, c51) = (T.Load(ref r5), T.Load(ref Unsafe.Add(ref r5, w)));
        }

        for (nint rest = steps; rest > 0; rest--)
        {
            var b0 = T.Load(ref b);
            var b1 = T.Load(ref Unsafe.Add(ref b, w));
            var x = T.Spread(a);
            T.AddProduct(ref c00, x, b0);
            T.AddProduct(ref c01, x, b1);
            x = T.Spread(Unsafe.Add(ref a, aRow));
            T.AddProduct(ref c10, x, b0);
            T.AddProduct(ref c11, x, b1);
            x = T.Spread(Unsafe.Add(ref a, a2));
            T.AddProduct(ref c20, x, b0);
            T.AddProduct(ref c21, x, b1);
            x = T.Spread(Unsafe.Add(ref a, a3));
            T.AddProduct(ref c30, x, b0);
            T.AddProduct(ref c31, x, b1);
            x = T.Spread(Unsafe.Add(ref a, a4));
            T.AddProduct(ref c40, x, b0);
            T.AddProduct(ref c41, x, b1);
            x = T.Spread(Unsafe.Add(ref a, a5));
            T.AddProduct(ref c50, x, b0);
            T.AddProduct(ref c51, x, b1);
            a = ref Unsafe.Add(ref a, aStep);
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
