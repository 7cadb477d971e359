using System.Runtime.CompilerServices;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>Products of small matrices whose right factor lies in panels: as wide as a <see cref="WideTile"/> while whole ones fit, then as a <see cref="MatrixTile"/>.</summary>
internal static class Tiles
{
    /// <summary>The panel in which a column lies.</summary>
    /// <param name="column">One of them.</param>
    /// <param name="columns">All: a multiple of a narrow tile's columns.</param>
    /// <returns>The panel's first column and how many it has. Its numbers begin at first x steps; it is (step, column of the panel).</returns>
    public static (int First, int Width) Panel<T>(int column, int columns)
        where T : struct, ILanes<T>
    {
        // Each width divides for itself: to the compiler both are constants, the chosen one is not.
        var (wide, narrow) = (WideTile.Columns<T>(), MatrixTile.Columns<T>());
        return WideTile.Fits<T>() && column < columns / wide * wide ? (column / wide * wide, wide) : (column / narrow * narrow, narrow);
    }

    /// <summary>One row of a right factor into its panels.</summary>
    /// <param name="row">Its numbers; where there are fewer than columns, what lies behind them in the panels stays.</param>
    /// <param name="step">Which row.</param>
    /// <param name="steps">Rows of the factor.</param>
    /// <param name="columns">A multiple of a narrow tile's columns.</param>
    /// <param name="panels">(panel, step, column of the panel).</param>
    public static void Pack<T>(Span<float> row, int step, int steps, int columns, Span<float> panels)
        where T : struct, ILanes<T>
    {
        for (int column = 0, width; column < row.Length; column += width)
        {
            width = Panel<T>(column, columns).Width;
            row[column..Math.Min(column + width, row.Length)].CopyTo(panels[((column * steps) + (step * width))..]);
        }
    }

    /// <summary>c = (fresh ? 0 : c) + a b.</summary>
    /// <param name="a">Its element (row, step) is row x aRow + step x aStep further on.</param>
    /// <param name="aRow">See above.</param>
    /// <param name="aStep">See above.</param>
    /// <param name="b">(panel, step, column of the panel).</param>
    /// <param name="steps">Products in each sum.</param>
    /// <param name="c">(row, column), one row <paramref name="cRow"/> after the other.</param>
    /// <param name="cRow">See above.</param>
    /// <param name="rows">As many as are wanted; up to <see cref="Filled"/> are read and written.</param>
    /// <param name="columns">A multiple of a narrow tile's columns.</param>
    /// <param name="fresh">Whether sums start at 0.</param>
    /// <param name="soon">What will be needed afterwards: as much of it as can be is asked for meanwhile.</param>
    public static void Multiply<T>(Span<float> a, int aRow, int aStep, Span<float> b, int steps, Span<float> c, int cRow, int rows, int columns, bool fresh, Span<float> soon = default)
        where T : struct, ILanes<T> => Multiply<T>(a, aRow, aStep, b, null, steps, c, cRow, rows, columns, fresh, soon);

    /// <summary>The same with a right factor as it lies, one row <paramref name="bRow"/> after the other: where its rows are few, or used once.</summary>
    /// <param name="a">See above.</param>
    /// <param name="aRow">See above.</param>
    /// <param name="aStep">See above.</param>
    /// <param name="b">(step, column), all columns there.</param>
    /// <param name="bRow">See above.</param>
    /// <param name="steps">See above.</param>
    /// <param name="c">See above.</param>
    /// <param name="cRow">See above.</param>
    /// <param name="rows">See above.</param>
    /// <param name="columns">See above.</param>
    /// <param name="fresh">See above.</param>
    public static void MultiplyRows<T>(Span<float> a, int aRow, int aStep, Span<float> b, int bRow, int steps, Span<float> c, int cRow, int rows, int columns, bool fresh)
        where T : struct, ILanes<T> => Multiply<T>(a, aRow, aStep, b, bRow, steps, c, cRow, rows, columns, fresh, []);

    /// <summary>The least multiple of <paramref name="whole"/> that is not below <paramref name="count"/>.</summary>
    public static int RoundedUp(int count, int whole) => (count + whole - 1) / whole * whole;

    /// <summary>So many rows filled up to whole tiles of six.</summary>
    public static int Filled(int rows) => RoundedUp(rows, MatrixTile.Rows);

    /// <summary>Rows of the next tile, six or four: as few as possible beyond what is left.</summary>
    public static int Height(int left) => left <= LowTile.Rows || left is > MatrixTile.Rows and <= 2 * LowTile.Rows ? LowTile.Rows : MatrixTile.Rows;

    /// <summary>A tile of a panel's width and six rows: <see cref="MatrixTile.Multiply{T}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tile<T>(ref float a, nint aRow, nint aStep, ref float b, int steps, ref float c, nint cRow, int width, bool fresh)
        where T : struct, ILanes<T> => Tile<T>(ref a, aRow, aStep, ref b, width, steps, ref c, cRow, width, MatrixTile.Rows, fresh, ref a, 0);

    /// <summary>The same with as many rows as <see cref="Height"/> says, and a right factor whose rows lie bRow apart; a wide tile of six asks for what is needed soon: <see cref="WideTile"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tile<T>(ref float a, nint aRow, nint aStep, ref float b, nint bRow, int steps, ref float c, nint cRow, int width, int height, bool fresh, ref float soon, nint soonRow)
        where T : struct, ILanes<T>
    {
        if (height == LowTile.Rows)
            Low<T>(ref a, aRow, aStep, ref b, bRow, steps, ref c, cRow, width, fresh);
        else if (width == WideTile.Columns<T>())
            WideTile.Multiply<T>(ref a, aRow, aStep, ref b, bRow, steps, ref c, cRow, fresh, ref soon, soonRow);
        else
            MatrixTile.Multiply<T>(ref a, aRow, aStep, ref b, bRow, steps, ref c, cRow, fresh);
    }

    /// <summary>A tile whose right factor lies in rows; they are left behind as a panel: <see cref="WideTile.MultiplyAndPack{T}"/>.</summary>
    public static void PackingTile<T>(ref float a, nint aRow, nint aStep, ref float b, nint bRow, int steps, ref float c, nint cRow, int width, bool fresh, ref float panel)
        where T : struct, ILanes<T>
    {
        if (width == WideTile.Columns<T>())
        {
            WideTile.MultiplyAndPack<T>(ref a, aRow, aStep, ref b, bRow, steps, ref c, cRow, fresh, ref panel);
            return;
        }

        for (var step = 0; step < steps; step++)
            for (var column = 0; column < width; column += T.Count)
                T.Store(T.Load(ref Unsafe.Add(ref b, (step * bRow) + column)), ref Unsafe.Add(ref panel, (step * width) + column));
        MatrixTile.Multiply<T>(ref a, aRow, aStep, ref panel, width, steps, ref c, cRow, fresh);
    }

    // Without a length of its rows the right factor lies in panels.
    private static void Multiply<T>(Span<float> a, int aRow, int aStep, Span<float> b, int? bRow, int steps, Span<float> c, int cRow, int rows, int columns, bool fresh, Span<float> soon)
        where T : struct, ILanes<T>
    {
        // Six rows, which the tiles take from left to right.
        var (soonRow, asked) = (RoundedUp(soon.Length, MatrixTile.Rows * Lanes512.Count) / MatrixTile.Rows, 0);
        for (int column = 0, width; column < columns; column += width)
        {
            width = Panel<T>(column, columns).Width;
            ref var right = ref b[bRow is null ? column * steps : column];
            for (int row = 0, height; row < rows; row += height)
            {
                height = Height(rows - row);
                ref var next = ref asked < soonRow ? ref soon[asked] : ref a[0];
                Tile<T>(ref a[row * aRow], aRow, aStep, ref right, bRow ?? width, steps, ref c[(row * cRow) + column], cRow, width, height, fresh, ref next, asked < soonRow ? soonRow : 0);
                asked += steps;
            }
        }
    }

    private static void Low<T>(ref float a, nint aRow, nint aStep, ref float b, nint bRow, int steps, ref float c, nint cRow, int width, bool fresh)
        where T : struct, ILanes<T>
    {
        for (var column = 0; column < width; column += MatrixTile.Columns<T>())
            LowTile.Multiply<T>(ref a, aRow, aStep, ref Unsafe.Add(ref b, column), bRow, steps, ref Unsafe.Add(ref c, column), cRow, fresh);
    }
}
