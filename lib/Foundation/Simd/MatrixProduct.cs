using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Foundation.Simd;

/// <summary>Products of matrices in memory, in float32, on several threads. Each sum is added up in one order: no bit depends on the number of threads.</summary>
/// <remarks>
/// The right factor is copied, a block of steps and columns at a time, into panels as wide as a tile, which stay in the second-level cache while all rows of the
/// left factor pass by; the left factor is read as it lies (K. Goto, R. van de Geijn, "Anatomy of high-performance matrix multiplication", TOMS 34(3), 2008).
/// </remarks>
internal static class MatrixProduct
{
    private const int BlockSteps = 256;
    private const int BlockColumns = 256;

    /// <summary>Whether products here are faster than libtorch's own: where registers of sixteen numbers are, which its library leaves unused on processors that are not Intel's.</summary>
    public static bool IsFaster => Lanes512.IsSupported;

    /// <summary>left x right, or left x the transpose of right, on as many threads as libtorch has.</summary>
    /// <param name="left">(row, step), float32, contiguous, on the CPU.</param>
    /// <param name="right">(step, column), or (column, step) if it is to be transposed; like <paramref name="left"/>.</param>
    /// <param name="transposeRight">See above.</param>
    /// <returns>(row, column), without gradient.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Of(Tensor left, Tensor right, bool transposeRight = false)
    {
        var result = empty([left.shape[0], right.shape[transposeRight ? 0 : 1]], ScalarType.Float32);
        var factor = Matrix.Of(right);
        Multiply(Matrix.Of(left), transposeRight ? factor.Transposed : factor, Matrix.Of(result), get_num_threads());
        // The addresses alone would not keep the tensors from being finalised.
        GC.KeepAlive(left);
        GC.KeepAlive(right);
        return result;
    }

    private static void Multiply(Matrix left, Matrix right, Matrix result, int threads)
    {
        if (Lanes512.IsSupported)
            Multiply<Lanes512>(left, right, result, threads);
        else if (Lanes256.IsSupported)
            Multiply<Lanes256>(left, right, result, threads);
        else
            Multiply<Lanes128>(left, right, result, threads);
    }

    /// <summary>result = left x right with registers of one width.</summary>
    /// <param name="left">(row, step); its steps lie one beside the other.</param>
    /// <param name="right">(step, column).</param>
    /// <param name="result">(row, column); its columns lie one beside the other.</param>
    /// <param name="threads">At most so many.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    internal static void Multiply<T>(Matrix left, Matrix right, Matrix result, int threads)
        where T : struct, ILanes<T>
    {
        if (left.Columns != right.Rows || result.Rows != left.Rows || result.Columns != right.Columns)
            throw new ArgumentException($"({left.Rows}, {left.Columns}) x ({right.Rows}, {right.Columns}) is not ({result.Rows}, {result.Columns}).");
        var columnBlocks = (result.Columns + BlockColumns - 1) / BlockColumns;
        // Few columns: the rows are shared out instead, and each thread copies the right factor for itself.
        var rowBlocks = Math.Clamp((threads + columnBlocks - 1) / columnBlocks, 1, (left.Rows + MatrixTile.Rows - 1) / MatrixTile.Rows);
        Parallel.For(0, rowBlocks * columnBlocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, block =>
        {
            var (firstRow, lastRow) = (Bound(block % rowBlocks), Bound((block % rowBlocks) + 1));
            var firstColumn = block / rowBlocks * BlockColumns;
            Block<T>(left, right, result, firstRow, lastRow, firstColumn, Math.Min(BlockColumns, result.Columns - firstColumn));
        });

        int Bound(int part) => part == rowBlocks ? left.Rows : (int)((long)left.Rows * part / rowBlocks / MatrixTile.Rows) * MatrixTile.Rows;
    }

    private static void Block<T>(Matrix left, Matrix right, Matrix result, int firstRow, int lastRow, int firstColumn, int columns)
        where T : struct, ILanes<T>
    {
        var width = MatrixTile.Columns<T>();
        var room = t_room ??= new Workroom();
        for (var firstStep = 0; firstStep < left.Columns; firstStep += BlockSteps)
        {
            var steps = Math.Min(BlockSteps, left.Columns - firstStep);
            Pack(right, firstStep, steps, firstColumn, columns, width, room.Panels);
            for (var row = firstRow; row < lastRow; row += MatrixTile.Rows)
            {
                var rows = Math.Min(MatrixTile.Rows, lastRow - row);
                ref var a = ref left[row, firstStep];
                var aRow = left.Row;
                if (rows < MatrixTile.Rows)
                {
                    // A tile reads six rows: the last ones are copied to where there are six.
                    for (var i = 0; i < rows; i++)
                        MemoryMarshal.CreateReadOnlySpan(ref left[row + i, firstStep], steps).CopyTo(room.Rows.Span[(i * steps)..]);
                    a = ref room.Rows[0];
                    aRow = steps;
                }

                for (var panel = 0; panel < columns; panel += width)
                {
                    ref var b = ref room.Panels[panel * steps];
                    ref var c = ref result[row, firstColumn + panel];
                    if (rows == MatrixTile.Rows && columns - panel >= width)
                        MatrixTile.Multiply<T>(ref a, aRow, 1, ref b, steps, ref c, result.Row, fresh: firstStep == 0);
                    else
                        Edge<T>(ref a, aRow, ref b, steps, ref c, result.Row, rows, Math.Min(width, columns - panel), firstStep == 0, room.Tile);
                }
            }
        }
    }

    // A tile that reaches over the result's edge: worked on beside it, the part within copied.
    private static void Edge<T>(ref float a, int aRow, ref float b, int steps, ref float c, int cRow, int rows, int columns, bool fresh, AlignedFloats tile)
        where T : struct, ILanes<T>
    {
        var width = MatrixTile.Columns<T>();
        for (var row = 0; row < rows && !fresh; row++)
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref c, row * cRow), columns).CopyTo(tile.Span.Slice(row * width, width));
        MatrixTile.Multiply<T>(ref a, aRow, 1, ref b, steps, ref tile[0], width, fresh);
        for (var row = 0; row < rows; row++)
            tile.Span.Slice(row * width, columns).CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref c, row * cRow), columns));
    }

    // (panel, step, column of the panel), zeros where the last panel reaches over the edge.
    private static void Pack(Matrix right, int firstStep, int steps, int firstColumn, int columns, int width, AlignedFloats panels)
    {
        for (var panel = 0; panel < columns; panel += width)
        {
            var to = panels.Span.Slice(panel * steps, steps * width);
            var here = Math.Min(width, columns - panel);
            if (here < width)
                to.Clear();
            if (right.Column == 1)
            {
                for (var step = 0; step < steps; step++)
                    MemoryMarshal.CreateReadOnlySpan(ref right[firstStep + step, firstColumn + panel], here).CopyTo(to[(step * width)..]);
            }
            else
            {
                for (var column = 0; column < here; column++)
                {
                    ref var from = ref right[firstStep, firstColumn + panel + column];
                    for (var step = 0; step < steps; step++)
                        to[(step * width) + column] = Unsafe.Add(ref from, step * right.Row);
                }
            }
        }
    }

    [ThreadStatic]
    private static Workroom? t_room;

    private sealed class Workroom
    {
        public AlignedFloats Panels { get; } = new(BlockSteps * BlockColumns);

        public AlignedFloats Rows { get; } = new(MatrixTile.Rows * BlockSteps);

        public AlignedFloats Tile { get; } = new(MatrixTile.Rows * 2 * Lanes512.Count);
    }

    /// <summary>A matrix in memory: element (row, column) is row x Row + column x Column further on than the first.</summary>
    internal readonly unsafe record struct Matrix(nint First, int Rows, int Columns, int Row, int Column)
    {
        /// <summary>The other way round.</summary>
        public Matrix Transposed => new(First, Columns, Rows, Column, Row);

        /// <summary>One element.</summary>
        public ref float this[int row, int column] => ref Unsafe.AsRef<float>((float*)First + ((long)row * Row) + ((long)column * Column));

        /// <summary>A tensor (row, column), contiguous, float32, on the CPU, which the caller keeps alive.</summary>
        public static Matrix Of(Tensor tensor)
        {
            if (tensor.dim() != 2 || tensor.dtype != ScalarType.Float32 || !tensor.is_contiguous())
                throw new ArgumentException($"A factor must be a contiguous float32 matrix, not {tensor.dtype} of {tensor.dim()} axes.");
            fixed (byte* first = tensor.bytes)
                return new Matrix((nint)first, (int)tensor.shape[0], (int)tensor.shape[1], (int)tensor.shape[1], 1);
        }
    }
}
