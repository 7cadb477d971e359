namespace DeviceId.Foundation.Simd;

/// <summary>Products of small matrices that lie as <see cref="MatrixTile"/> wants them.</summary>
internal static class Tiles
{
    /// <summary>c = a b.</summary>
    /// <param name="a">(row, step), one row <paramref name="aRow"/> after the other.</param>
    /// <param name="aRow">See above.</param>
    /// <param name="b">(panel, step, column of the panel).</param>
    /// <param name="steps">Products in each sum.</param>
    /// <param name="c">(row, column), one row <paramref name="cRow"/> after the other.</param>
    /// <param name="cRow">See above.</param>
    /// <param name="rows">A multiple of a tile's rows.</param>
    /// <param name="columns">A multiple of a tile's columns.</param>
    public static void Multiply<T>(Span<float> a, int aRow, Span<float> b, int steps, Span<float> c, int cRow, int rows, int columns)
        where T : struct, ILanes<T>
    {
        var width = MatrixTile.Columns<T>();
        for (var column = 0; column < columns; column += width)
        {
            for (var row = 0; row < rows; row += MatrixTile.Rows)
                MatrixTile.Multiply<T>(ref a[row * aRow], aRow, 1, ref b[column * steps], steps, ref c[(row * cRow) + column], cRow, fresh: true);
        }
    }
}
