using System.Runtime.CompilerServices;

namespace DeviceId.Foundation.Simd;

/// <summary>The inner part of a matrix product: six rows and two registers of columns, held in registers while the products are summed.</summary>
/// <remarks>
/// Twelve sums and two loads for twelve fused operations keep both multipliers of a core busy (AVX2 has sixteen registers, so no more fit).
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
    /// <param name="b">First of the right factor: one row of columns after the other.</param>
    /// <param name="steps">Products in each sum.</param>
    /// <param name="c">First of the result; its element (row, column) is row x cRow + column further on.</param>
    /// <param name="cRow">See above.</param>
    /// <param name="fresh">Whether sums start at 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<T>(ref float a, int aRow, int aStep, ref float b, int steps, ref float c, int cRow, bool fresh)
        where T : struct, ILanes<T>
    {
        var (w, columns) = (T.Count, 2 * T.Count);
        var zero = T.Spread(0);
        T c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
        if (!fresh)
        {
            (c00, c01) = (T.Load(ref c), T.Load(ref Unsafe.Add(ref c, w)));
            (c10, c11) = (T.Load(ref Unsafe.Add(ref c, cRow)), T.Load(ref Unsafe.Add(ref c, cRow + w)));
            (c20, c21) = (T.Load(ref Unsafe.Add(ref c, 2 * cRow)), T.Load(ref Unsafe.Add(ref c, (2 * cRow) + w)));
            (c30, c31) = (T.Load(ref Unsafe.Add(ref c, 3 * cRow)), T.Load(ref Unsafe.Add(ref c, (3 * cRow) + w)));
            (c40, c41) = (T.Load(ref Unsafe.Add(ref c, 4 * cRow)), T.Load(ref Unsafe.Add(ref c, (4 * cRow) + w)));
            (c50, c51) = (T.Load(ref Unsafe.Add(ref c, 5 * cRow)), T.Load(ref Unsafe.Add(ref c, (5 * cRow) + w)));
        }

        for (var step = 0; step < steps; step++)
        {
            var b0 = T.Load(ref b);
            var b1 = T.Load(ref Unsafe.Add(ref b, w));
            var x = T.Spread(a);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            x = T.Spread(Unsafe.Add(ref a, aRow));
            c10 = T.MultiplyAdd(x, b0, c10);
            c11 = T.MultiplyAdd(x, b1, c11);
            x = T.Spread(Unsafe.Add(ref a, 2 * aRow));
            c20 = T.MultiplyAdd(x, b0, c20);
            c21 = T.MultiplyAdd(x, b1, c21);
            x = T.Spread(Unsafe.Add(ref a, 3 * aRow));
            c30 = T.MultiplyAdd(x, b0, c30);
            c31 = T.MultiplyAdd(x, b1, c31);
            x = T.Spread(Unsafe.Add(ref a, 4 * aRow));
            c40 = T.MultiplyAdd(x, b0, c40);
            c41 = T.MultiplyAdd(x, b1, c41);
            x = T.Spread(Unsafe.Add(ref a, 5 * aRow));
            c50 = T.MultiplyAdd(x, b0, c50);
            c51 = T.MultiplyAdd(x, b1, c51);
            a = ref Unsafe.Add(ref a, aStep);
            b = ref Unsafe.Add(ref b, columns);
        }

        T.Store(c00, ref c);
        T.Store(c01, ref Unsafe.Add(ref c, w));
        T.Store(c10, ref Unsafe.Add(ref c, cRow));
        T.Store(c11, ref Unsafe.Add(ref c, cRow + w));
        T.Store(c20, ref Unsafe.Add(ref c, 2 * cRow));
        T.Store(c21, ref Unsafe.Add(ref c, (2 * cRow) + w));
        T.Store(c30, ref Unsafe.Add(ref c, 3 * cRow));
        T.Store(c31, ref Unsafe.Add(ref c, (3 * cRow) + w));
        T.Store(c40, ref Unsafe.Add(ref c, 4 * cRow));
        T.Store(c41, ref Unsafe.Add(ref c, (4 * cRow) + w));
        T.Store(c50, ref Unsafe.Add(ref c, 5 * cRow));
        T.Store(c51, ref Unsafe.Add(ref c, (5 * cRow) + w));
    }
}
