using System.Runtime.CompilerServices;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>GEMM of small matrices, single-threaded, with the right operand packed in panels.</summary>
/// <remarks>
/// Panels are as wide as a <see cref="WideMicroKernel"/> as long as whole ones fit; the last one may be as wide as a
/// <see cref="MicroKernel"/>.
/// </remarks>
internal static class PanelGemm
{
    /// <summary>Finds the panel that contains a column.</summary>
    /// <param name="column">Index of the column.</param>
    /// <param name="columns">Number of columns, a multiple of <see cref="MicroKernel.Columns{T}"/>.</param>
    /// <returns>First column and width of the panel. The panel (inner, column in the panel) starts at First x inner.</returns>
    public static (int First, int Width) Panel<T>(int column, int columns)
        where T : struct, ISimdVector<T>
    {
        // A division for each width: both are constants for the JIT, a chosen width would not be.
        var (wide, narrow) = (WideMicroKernel.Columns<T>(), MicroKernel.Columns<T>());
        var isWide = WideMicroKernel.Fits<T>() && column < columns / wide * wide;
        return isWide ? (column / wide * wide, wide) : (column / narrow * narrow, narrow);
    }

    /// <summary>Copies one row of the right operand into the panels.</summary>
    /// <param name="row">Values of the row; columns beyond its length are left unchanged in the panels.</param>
    /// <param name="k">Index of the row.</param>
    /// <param name="inner">Inner dimension: rows of the operand.</param>
    /// <param name="columns">Number of columns, a multiple of <see cref="MicroKernel.Columns{T}"/>.</param>
    /// <param name="panels">(panel, inner, column in the panel).</param>
    public static void Pack<T>(Span<float> row, int k, int inner, int columns, Span<float> panels)
        where T : struct, ISimdVector<T>
    {
        for (int column = 0, width; column < row.Length; column += width)
        {
            width = Panel<T>(column, columns).Width;
            row[column..Math.Min(column + width, row.Length)].CopyTo(panels[((column * inner) + (k * width))..]);
        }
    }

    /// <summary>c = (overwrite ? 0 : c) + a b.</summary>
    /// <param name="a">(row, inner); element at row x aRow + k x aInner.</param>
    /// <param name="aRow">Row stride of <paramref name="a"/>.</param>
    /// <param name="aInner">Stride of <paramref name="a"/> along the inner dimension.</param>
    /// <param name="b">(panel, inner, column in the panel).</param>
    /// <param name="inner">Inner dimension k.</param>
    /// <param name="c">(row, column).</param>
    /// <param name="cRow">Row stride of <paramref name="c"/>.</param>
    /// <param name="rows">Rows of the result; up to <see cref="PadRows"/> are read and written.</param>
    /// <param name="columns">Number of columns, a multiple of <see cref="MicroKernel.Columns{T}"/>.</param>
    /// <param name="overwrite">True for beta = 0 (c is overwritten), false for beta = 1.</param>
    /// <param name="prefetch">Values that are needed next; as many as possible are prefetched.</param>
    public static void Multiply<T>(
        Span<float> a, int aRow, int aInner, Span<float> b, int inner, Span<float> c, int cRow, int rows, int columns, bool overwrite,
        Span<float> prefetch = default)
        where T : struct, ISimdVector<T> => Multiply<T>(a, aRow, aInner, b, null, inner, c, cRow, rows, columns, overwrite, prefetch);

    /// <summary>c = (overwrite ? 0 : c) + a b with row-major b, for a b with few rows or that is used only once.</summary>
    /// <param name="a">(row, inner); element at row x aRow + k x aInner.</param>
    /// <param name="aRow">Row stride of <paramref name="a"/>.</param>
    /// <param name="aInner">Stride of <paramref name="a"/> along the inner dimension.</param>
    /// <param name="b">(inner, column).</param>
    /// <param name="bRow">Row stride of <paramref name="b"/>.</param>
    /// <param name="inner">Inner dimension k.</param>
    /// <param name="c">(row, column).</param>
    /// <param name="cRow">Row stride of <paramref name="c"/>.</param>
    /// <param name="rows">Rows of the result; up to <see cref="PadRows"/> are read and written.</param>
    /// <param name="columns">Number of columns, a multiple of <see cref="MicroKernel.Columns{T}"/>.</param>
    /// <param name="overwrite">True for beta = 0 (c is overwritten), false for beta = 1.</param>
    public static void MultiplyRows<T>(
        Span<float> a, int aRow, int aInner, Span<float> b, int bRow, int inner, Span<float> c, int cRow, int rows, int columns,
        bool overwrite)
        where T : struct, ISimdVector<T> => Multiply<T>(a, aRow, aInner, b, bRow, inner, c, cRow, rows, columns, overwrite, []);

    /// <summary>The smallest multiple of <paramref name="multiple"/> that is not below <paramref name="count"/>.</summary>
    public static int RoundUp(int count, int multiple) => (count + multiple - 1) / multiple * multiple;

    /// <summary>Rows rounded up to whole micro-kernels of six.</summary>
    public static int PadRows(int rows) => RoundUp(rows, MicroKernel.Rows);

    /// <summary>Rows of the next micro-kernel, six or four, chosen to pad the remaining rows as little as possible.</summary>
    public static int KernelRows(int remaining) =>
        remaining <= LowMicroKernel.Rows || remaining is > MicroKernel.Rows and <= 2 * LowMicroKernel.Rows
            ? LowMicroKernel.Rows : MicroKernel.Rows;

    /// <summary>Runs the micro-kernel of six rows on a packed panel; parameters as in <see cref="MicroKernel.Multiply{T}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RunMicroKernel<T>(
        ref float a, nint aRow, nint aInner, ref float b, int inner, ref float c, nint cRow, int width, bool overwrite)
        where T : struct, ISimdVector<T> =>
            RunMicroKernel<T>(ref a, aRow, aInner, ref b, width, inner, ref c, cRow, width, MicroKernel.Rows, overwrite, ref a, 0);

    /// <summary>Runs a micro-kernel of six or four rows on b with row stride bRow; the wide one also prefetches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RunMicroKernel<T>(
        ref float a, nint aRow, nint aInner, ref float b, nint bRow, int inner, ref float c, nint cRow, int width, int height,
        bool overwrite, ref float prefetch, nint prefetchRow)
        where T : struct, ISimdVector<T>
    {
        if (height == LowMicroKernel.Rows)
            RunLowMicroKernel<T>(ref a, aRow, aInner, ref b, bRow, inner, ref c, cRow, width, overwrite);
        else if (width == WideMicroKernel.Columns<T>())
            WideMicroKernel.Multiply<T>(ref a, aRow, aInner, ref b, bRow, inner, ref c, cRow, overwrite, ref prefetch, prefetchRow);
        else
            MicroKernel.Multiply<T>(ref a, aRow, aInner, ref b, bRow, inner, ref c, cRow, overwrite);
    }

    /// <summary>Runs a micro-kernel on row-major b, and packs b into a panel (<see cref="WideMicroKernel.MultiplyAndPack{T}"/>).</summary>
    public static void RunMicroKernelAndPack<T>(
        ref float a, nint aRow, nint aInner, ref float b, nint bRow, int inner, ref float c, nint cRow, int width, bool overwrite,
        ref float panel)
        where T : struct, ISimdVector<T>
    {
        if (width == WideMicroKernel.Columns<T>())
        {
            WideMicroKernel.MultiplyAndPack<T>(ref a, aRow, aInner, ref b, bRow, inner, ref c, cRow, overwrite, ref panel);
            return;
        }

        for (var k = 0; k < inner; k++)
            for (var column = 0; column < width; column += T.Count)
                T.Store(T.Load(ref Unsafe.Add(ref b, (k * bRow) + column)), ref Unsafe.Add(ref panel, (k * width) + column));
        MicroKernel.Multiply<T>(ref a, aRow, aInner, ref panel, width, inner, ref c, cRow, overwrite);
    }

    // bRow is null if the right operand is packed in panels.
    private static void Multiply<T>(
        Span<float> a, int aRow, int aInner, Span<float> b, int? bRow, int inner, Span<float> c, int cRow, int rows, int columns,
        bool overwrite, Span<float> prefetch)
        where T : struct, ISimdVector<T>
    {
        // The values to prefetch are treated as six rows; successive micro-kernels prefetch them from left to right.
        var (prefetchRow, prefetched) = (RoundUp(prefetch.Length, MicroKernel.Rows * Simd512.Count) / MicroKernel.Rows, 0);
        for (int column = 0, width; column < columns; column += width)
        {
            width = Panel<T>(column, columns).Width;
            ref var right = ref b[bRow is null ? column * inner : column];
            for (int row = 0, height; row < rows; row += height)
            {
                height = KernelRows(rows - row);
                var hasMore = prefetched < prefetchRow;
                ref var next = ref hasMore ? ref prefetch[prefetched] : ref a[0];
                RunMicroKernel<T>(
                    ref a[row * aRow], aRow, aInner, ref right, bRow ?? width, inner, ref c[(row * cRow) + column], cRow, width, height,
                    overwrite, ref next, hasMore ? prefetchRow : 0);
                prefetched += inner;
            }
        }
    }

    private static void RunLowMicroKernel<T>(
        ref float a, nint aRow, nint aInner, ref float b, nint bRow, int inner, ref float c, nint cRow, int width, bool overwrite)
        where T : struct, ISimdVector<T>
    {
        for (var column = 0; column < width; column += MicroKernel.Columns<T>())
            LowMicroKernel.Multiply<T>(
                ref a, aRow, aInner, ref Unsafe.Add(ref b, column), bRow, inner, ref Unsafe.Add(ref c, column), cRow, overwrite);
    }
}
