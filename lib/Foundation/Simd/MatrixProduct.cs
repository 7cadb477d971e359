using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace DeviceId.Foundation.Simd;

/// <summary>Products of matrices in float32 on several threads. Each sum is added up in one order: no bit depends on the number of threads.</summary>
/// <remarks>
/// The right factor is copied, a block of steps and columns at a time, into panels as wide as a tile, which stay in the second-level cache while all rows of the
/// left factor pass by; the left factor is read as it lies (K. Goto, R. van de Geijn, "Anatomy of high-performance matrix multiplication", TOMS 34(3), 2008).
/// </remarks>
internal static class MatrixProduct
{
    private const int BlockSteps = 256;
    private const int BlockColumns = 256;

    [ThreadStatic]
    private static Workroom? t_room;

    /// <summary>
    /// Whether products here are faster than libtorch's own: where registers of sixteen numbers are, which its library (MKL) leaves unused on processors that are not
    /// Intel's. On Intel's it is as fast in quiet minutes and faster where another machine shares the cores (measured on AMD Zen 4 and Intel Emerald Rapids, tests/benchmarks).
    /// </summary>
    public static bool IsFaster { get; } = Lanes512.IsSupported && !IsIntel();

    /// <summary>left x right, or left x the transpose of right, on as many threads as libtorch has.</summary>
    /// <param name="left">(row, step), float32, contiguous, on the CPU.</param>
    /// <param name="right">(step, column), or (column, step) if it is to be transposed; like <paramref name="left"/>.</param>
    /// <param name="transposeRight">See above.</param>
    /// <returns>(row, column), without gradient.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Of(Tensor left, Tensor right, bool transposeRight = false) =>
        Lanes512.IsSupported ? Of<Lanes512>(left, right, transposeRight, get_num_threads())
        : Lanes256.IsSupported ? Of<Lanes256>(left, right, transposeRight, get_num_threads())
        : Of<Lanes128>(left, right, transposeRight, get_num_threads());

    internal static Tensor Of<T>(Tensor left, Tensor right, bool transposeRight, int threads)
        where T : struct, ILanes<T>
    {
        foreach (var factor in new[] { left, right })
        {
            if (factor.dim() != 2 || factor.dtype != ScalarType.Float32 || !factor.is_contiguous())
                throw new ArgumentException($"A factor must be a contiguous float32 matrix, not {factor.dtype} of {factor.dim()} axes.");
        }

        if (left.shape[1] != right.shape[transposeRight ? 1 : 0])
            throw new ArgumentException($"({string.Join(", ", left.shape)}) does not fit ({string.Join(", ", right.shape)}){(transposeRight ? " transposed" : "")}.");
        var size = new Sizes((int)left.shape[0], (int)left.shape[1], (int)right.shape[transposeRight ? 0 : 1], transposeRight);
        var result = empty(size.Rows, size.Columns);
        var columnBlocks = (size.Columns + BlockColumns - 1) / BlockColumns;
        // Few columns: the rows are shared out instead, and each thread copies the right factor for itself.
        var rowBlocks = Math.Clamp((threads + columnBlocks - 1) / columnBlocks, 1, (size.Rows + MatrixTile.Rows - 1) / MatrixTile.Rows);
        Workers.Share(rowBlocks * columnBlocks, block =>
        {
            var rows = (First: Bound(block % rowBlocks), Last: Bound((block % rowBlocks) + 1));
            Block<T>(left.Floats(), right.Floats(), result.Floats(), size, rows.First, rows.Last, block / rowBlocks * BlockColumns);
        }, threads);
        return result;

        int Bound(int part) => part == rowBlocks ? size.Rows : (int)((long)size.Rows * part / rowBlocks / MatrixTile.Rows) * MatrixTile.Rows;
    }

    // The first four letters of "GenuineIntel", as the processor tells them.
    private static bool IsIntel() => X86Base.IsSupported && X86Base.CpuId(0, 0).Ebx == 0x756E6547;

    private static int TileColumns<T>()
        where T : struct, ILanes<T> => WideTile.Fits<T>() ? WideTile.Columns<T>() : MatrixTile.Columns<T>();

    /// <summary>Some rows and the columns of one block of the result.</summary>
    private static void Block<T>(Span<float> left, Span<float> right, Span<float> result, Sizes size, int firstRow, int lastRow, int firstColumn)
        where T : struct, ILanes<T>
    {
        var (width, columns) = (TileColumns<T>(), Math.Min(BlockColumns, size.Columns - firstColumn));
        var room = t_room ??= new Workroom();
        for (var firstStep = 0; firstStep < size.Steps; firstStep += BlockSteps)
        {
            var (steps, fresh) = (Math.Min(BlockSteps, size.Steps - firstStep), firstStep == 0);
            Pack(right, size, firstStep, steps, firstColumn, columns, width, room.Panels.Span);
            for (var row = firstRow; row < lastRow; row += MatrixTile.Rows)
            {
                var (rows, aRow) = (Math.Min(MatrixTile.Rows, lastRow - row), size.Steps);
                ref var a = ref left[(row * size.Steps) + firstStep];
                if (rows < MatrixTile.Rows)
                {
                    // A tile reads six rows: the last ones are copied to where there are six.
                    for (var i = 0; i < rows; i++)
                        left.Slice(((row + i) * size.Steps) + firstStep, steps).CopyTo(room.Rows.Span[(i * steps)..]);
                    a = ref room.Rows[0];
                    aRow = steps;
                }

                for (var panel = 0; panel < columns; panel += width)
                {
                    ref var b = ref room.Panels[panel * steps];
                    var c = result[((row * size.Columns) + firstColumn + panel)..];
                    if (rows == MatrixTile.Rows && columns - panel >= width)
                        Tiles.Tile<T>(ref a, aRow, 1, ref b, steps, ref c[0], size.Columns, width, fresh);
                    else
                        Edge<T>(ref a, aRow, ref b, steps, c, size.Columns, rows, Math.Min(width, columns - panel), fresh, room.Tile.Span);
                }
            }
        }
    }

    // A tile that reaches over the result's edge: worked on beside it, the part within copied.
    private static void Edge<T>(ref float a, int aRow, ref float b, int steps, Span<float> c, int cRow, int rows, int columns, bool fresh, Span<float> tile)
        where T : struct, ILanes<T>
    {
        var width = TileColumns<T>();
        for (var row = 0; row < rows && !fresh; row++)
            c.Slice(row * cRow, columns).CopyTo(tile[(row * width)..]);
        Tiles.Tile<T>(ref a, aRow, 1, ref b, steps, ref tile[0], width, width, fresh);
        for (var row = 0; row < rows; row++)
            tile.Slice(row * width, columns).CopyTo(c[(row * cRow)..]);
    }

    // (panel, step, column of the panel), zeros where the last panel reaches over the edge.
    private static void Pack(Span<float> right, Sizes size, int firstStep, int steps, int firstColumn, int columns, int width, Span<float> panels)
    {
        if (columns % width > 0)
            panels.Slice(columns / width * width * steps, width * steps).Clear();
        if (size.TransposeRight)
        {
            for (var panel = 0; panel < columns; panel += width)
                Turning.Copy(right[(((firstColumn + panel) * size.Steps) + firstStep)..], size.Steps, Math.Min(width, columns - panel), steps, panels[(panel * steps)..], width);
            return;
        }

        for (var step = 0; step < steps; step++)
        {
            var from = right.Slice(((firstStep + step) * size.Columns) + firstColumn, columns);
            for (var panel = 0; panel < columns; panel += width)
                from[panel..Math.Min(columns, panel + width)].CopyTo(panels[((panel * steps) + (step * width))..]);
        }
    }

    private readonly record struct Sizes(int Rows, int Steps, int Columns, bool TransposeRight);

    private sealed class Workroom
    {
        public AlignedFloats Panels { get; } = new(BlockSteps * BlockColumns);

        public AlignedFloats Rows { get; } = new(MatrixTile.Rows * BlockSteps);

        public AlignedFloats Tile { get; } = new(MatrixTile.Rows * 4 * Lanes512.Count);
    }
}
