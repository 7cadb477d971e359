using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>Transposes matrices.</summary>
internal static class Transpose
{
    /// <summary>Rows and columns of a tile. Not more columns, as cache lines a power of two apart evict one another.</summary>
    private const int TileSize = 8;

    /// <summary>Columns in a chunk of parallel work. They become rows, so each thread writes consecutive memory.</summary>
    private const int ChunkColumns = 64;

    /// <summary>Values per thread that outweigh the start of a thread (some hundredths of a millisecond).</summary>
    private const int WorkPerThread = 1 << 16;

    /// <summary>Transposes a matrix, on several threads if it is large. libtorch's copy takes twice as long.</summary>
    /// <param name="matrix">(row, column), float32, contiguous, on the CPU.</param>
    /// <returns>(column, row), contiguous, outside the autograd graph.</returns>
    public static Tensor Matrix(Tensor matrix)
    {
        var (rows, columns) = ((int)matrix.shape[0], (int)matrix.shape[1]);
        var transposed = Buffers.Empty(columns, rows);
        void CopyChunk(int first, int count) =>
            Copy(matrix.FloatSpan()[first..], columns, rows, count, transposed.FloatSpan()[(first * rows)..], rows);
        ParallelLoops.ForChunks(columns, ChunkColumns, CopyChunk,
            (int)Math.Clamp((long)rows * columns / WorkPerThread, 1, ParallelLoops.Threads));
        return transposed;
    }

    /// <summary>Copies the transpose of a matrix.</summary>
    /// <param name="from">(row, column).</param>
    /// <param name="fromRow">Row stride of <paramref name="from"/>.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="to">(column, row); gaps between rows are left unchanged.</param>
    /// <param name="toRow">Row stride of <paramref name="to"/>.</param>
    public static void Copy(ReadOnlySpan<float> from, int fromRow, int rows, int columns, Span<float> to, int toRow)
    {
        var (wholeRows, wholeColumns) = Avx.IsSupported ? (rows / TileSize * TileSize, columns / TileSize * TileSize) : (0, 0);
        // Checks the bounds of the last element of both spans, as in a tile only the first is checked.
        if (rows > 0 && columns > 0)
            _ = (from[((rows - 1) * fromRow) + columns - 1], to[((columns - 1) * toRow) + rows - 1]);
        for (var column = 0; column < wholeColumns; column += TileSize)
            for (var row = 0; row < wholeRows; row += TileSize)
                CopyTile(in from[(row * fromRow) + column], fromRow, ref to[(column * toRow) + row], toRow);
        for (var row = 0; row < rows; row++)
            for (var column = row < wholeRows ? wholeColumns : 0; column < columns; column++)
                to[(column * toRow) + row] = from[(row * fromRow) + column];
    }

    /// <summary>Transposes a tile of 8 x 8 values by interleaving pairs, groups of four, then halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyTile(ref readonly float from, nint fromRow, ref float to, nint toRow)
    {
        var (a0, a1, a2, a3) = TransposeHalves(
            Row(in from, 0, fromRow), Row(in from, 1, fromRow), Row(in from, 2, fromRow), Row(in from, 3, fromRow));
        var (b0, b1, b2, b3) = TransposeHalves(
            Row(in from, 4, fromRow), Row(in from, 5, fromRow), Row(in from, 6, fromRow), Row(in from, 7, fromRow));
        Avx.Permute2x128(a0, b0, 0x20).StoreUnsafe(ref to);
        Avx.Permute2x128(a1, b1, 0x20).StoreUnsafe(ref to, (nuint)toRow);
        Avx.Permute2x128(a2, b2, 0x20).StoreUnsafe(ref to, (nuint)(2 * toRow));
        Avx.Permute2x128(a3, b3, 0x20).StoreUnsafe(ref to, (nuint)(3 * toRow));
        Avx.Permute2x128(a0, b0, 0x31).StoreUnsafe(ref to, (nuint)(4 * toRow));
        Avx.Permute2x128(a1, b1, 0x31).StoreUnsafe(ref to, (nuint)(5 * toRow));
        Avx.Permute2x128(a2, b2, 0x31).StoreUnsafe(ref to, (nuint)(6 * toRow));
        Avx.Permute2x128(a3, b3, 0x31).StoreUnsafe(ref to, (nuint)(7 * toRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Row(ref readonly float from, nint row, nint fromRow) =>
        Vector256.LoadUnsafe(in from, (nuint)(row * fromRow));

    /// <summary>Transposes the 4 x 4 values in each half of four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> First, Vector256<float> Second, Vector256<float> Third, Vector256<float> Fourth) TransposeHalves(
        Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        var (lowAb, lowCd, highAb, highCd) = (Avx.UnpackLow(a, b), Avx.UnpackLow(c, d), Avx.UnpackHigh(a, b), Avx.UnpackHigh(c, d));
        return (Avx.Shuffle(lowAb, lowCd, 0x44), Avx.Shuffle(lowAb, lowCd, 0xEE),
            Avx.Shuffle(highAb, highCd, 0x44), Avx.Shuffle(highAb, highCd, 0xEE));
    }
}
