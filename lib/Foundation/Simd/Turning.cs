using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeviceId.Foundation.Simd;

/// <summary>Rows that become columns.</summary>
internal static class Turning
{
    /// <summary>Columns of the source that are turned together: the lines that are written stay in the first-level cache.</summary>
    private const int Together = 16;

    private const int Square = 4;

    /// <summary>Copies a matrix to its transpose.</summary>
    /// <param name="from">(row, column), one row <paramref name="fromRow"/> after the other.</param>
    /// <param name="fromRow">See above.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="to">(column, row), one column of the source <paramref name="toRow"/> after the other; what lies between them stays.</param>
    /// <param name="toRow">See above.</param>
    public static void Copy(ReadOnlySpan<float> from, int fromRow, int rows, int columns, Span<float> to, int toRow)
    {
        var (wholeRows, wholeColumns) = Sse.IsSupported ? (rows / Square * Square, columns / Square * Square) : (0, 0);
        for (var first = 0; first < columns; first += Together)
        {
            var last = Math.Min(columns, first + Together);
            for (var row = 0; row < wholeRows; row += Square)
                for (var column = first; column < Math.Min(last, wholeColumns); column += Square)
                    CopySquare(in from[(row * fromRow) + column], fromRow, ref to[(column * toRow) + row], toRow);
            for (var row = 0; row < rows; row++)
                for (var column = row < wholeRows ? Math.Max(first, wholeColumns) : first; column < last; column++)
                    to[(column * toRow) + row] = from[(row * fromRow) + column];
        }
    }

    /// <summary>Four rows of four numbers: one by one they took two and a half times as long (measured).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopySquare(ref readonly float from, nint fromRow, ref float to, nint toRow)
    {
        var (a, b) = (Vector128.LoadUnsafe(in from), Vector128.LoadUnsafe(in from, (nuint)fromRow));
        var (c, d) = (Vector128.LoadUnsafe(in from, (nuint)(2 * fromRow)), Vector128.LoadUnsafe(in from, (nuint)(3 * fromRow)));
        var (lowAb, lowCd, highAb, highCd) = (Sse.UnpackLow(a, b), Sse.UnpackLow(c, d), Sse.UnpackHigh(a, b), Sse.UnpackHigh(c, d));
        Sse.MoveLowToHigh(lowAb, lowCd).StoreUnsafe(ref to);
        Sse.MoveHighToLow(lowCd, lowAb).StoreUnsafe(ref to, (nuint)toRow);
        Sse.MoveLowToHigh(highAb, highCd).StoreUnsafe(ref to, (nuint)(2 * toRow));
        Sse.MoveHighToLow(highCd, highAb).StoreUnsafe(ref to, (nuint)(3 * toRow));
    }
}
