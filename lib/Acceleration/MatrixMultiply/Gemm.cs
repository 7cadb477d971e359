using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>Products of matrices in float32 on several threads. Each sum is added up in one order: no bit depends on the number of threads.</summary>
/// <remarks>
/// The right factor is multiplied from panels as wide as a tile, a block of steps and columns at a time, which stay in the second-level cache while all rows of the
/// left factor pass by; the left factor is read as it lies (K. Goto, R. van de Geijn, "Anatomy of high-performance matrix multiplication", TOMS 34(3), 2008).
/// The first tiles of a block make its panels while they multiply.
/// </remarks>
internal static class Gemm
{
    private const int BlockNumbers = GemmWorkspace.PanelNumbers;

    private const int MostSteps = GemmWorkspace.MostSteps;

    /// <summary>Multiplications that are worth another thread, which takes some hundredths of a millisecond to come.</summary>
    private const int ForAThread = 1 << 23;

    /// <summary>left x right, on as many threads as libtorch has.</summary>
    /// <param name="left">(row, step), float32, contiguous, on the CPU.</param>
    /// <param name="right">(step, column), like <paramref name="left"/>.</param>
    /// <returns>(row, column), without gradient.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Multiply(Tensor left, Tensor right) => Widest.Run<Work, Tensor>(new(left, right));

    internal static Tensor Multiply<T>(Tensor left, Tensor right, int threads)
        where T : struct, ILanes<T>
    {
        CheckFit(left, right);
        var size = new Sizes((int)left.shape[0], (int)left.shape[1], (int)right.shape[1], TileColumns<T>());
        var result = size.Steps == 0 ? Buffers.Zeros(size.Rows, size.Columns) : Buffers.Empty(size.Rows, size.Columns);
        threads = (int)Math.Clamp((long)size.Rows * size.Steps * size.Columns / ForAThread, 1, threads);
        var blockColumns = BlockColumns(size, threads);
        var columnBlocks = (size.Columns + blockColumns - 1) / blockColumns;
        // Few columns: the rows are shared out instead, and each thread makes panels for itself.
        var rowBlocks = Math.Clamp((threads + columnBlocks - 1) / columnBlocks, 1, (size.Rows + MatrixTile.Rows - 1) / MatrixTile.Rows);
        Workers.Share(rowBlocks * columnBlocks, piece =>
        {
            var (part, firstColumn) = (piece % rowBlocks, piece / rowBlocks * blockColumns);
            for (var firstStep = 0; firstStep < size.Steps; firstStep += MostSteps)
            {
                var block = new Block(firstStep, Math.Min(MostSteps, size.Steps - firstStep), firstColumn, Math.Min(blockColumns, size.Columns - firstColumn));
                MultiplyBlock<T>(left.Floats(), right.Floats(), result.Floats(), size, block, Bound(part), Bound(part + 1));
            }
        }, threads);
        return result;

        int Bound(int part) => part == rowBlocks ? size.Rows : (int)((long)size.Rows * part / rowBlocks / MatrixTile.Rows) * MatrixTile.Rows;
    }

    /// <exception cref="ArgumentException">No matrices that can be multiplied here.</exception>
    internal static void CheckFit(Tensor left, Tensor right)
    {
        foreach (var factor in new[] { left, right })
        {
            if (factor.dim() != 2 || factor.dtype != ScalarType.Float32 || !factor.is_contiguous())
                throw new ArgumentException($"A factor must be a contiguous float32 matrix, not {factor.dtype} of {factor.dim()} axes.");
        }

        if (left.shape[1] != right.shape[0])
            throw new ArgumentException($"({string.Join(", ", left.shape)}) does not fit ({string.Join(", ", right.shape)}).");
    }

    /// <summary>Columns of the widest tile.</summary>
    internal static int TileColumns<T>()
        where T : struct, ILanes<T> => WideTile.Fits<T>() ? WideTile.Columns<T>() : MatrixTile.Columns<T>();

    /// <summary>Wide blocks read and write long pieces of memory; but each thread should have two of them at least.</summary>
    private static int BlockColumns(Sizes size, int threads)
    {
        var columns = BlockNumbers / Math.Clamp(size.Steps, 1, MostSteps) / size.Width * size.Width;
        while (columns > 2 * size.Width && size.Columns < 2 * threads * columns)
            columns = Tiles.RoundedUp(columns / 2, size.Width);
        return columns;
    }

    /// <summary>Adds the products of some rows of the left factor with a block of the right.</summary>
    private static void MultiplyBlock<T>(Span<float> left, Span<float> right, Span<float> result, Sizes size, Block block, int firstRow, int lastRow)
        where T : struct, ILanes<T>
    {
        var (room, steps, fresh, asked) = (GemmWorkspace.Own, block.Steps, block.FirstStep == 0, 0);
        for (int row = firstRow, height; row < lastRow; row += height)
        {
            height = Tiles.Height(lastRow - row);
            var rows = Math.Min(height, lastRow - row);
            ref var a = ref room.Rows(left, size.Steps, row, rows, height, block.FirstStep, steps, out var aRow);
            for (var panel = 0; panel < block.Columns; panel += size.Width)
            {
                var (column, within) = (block.FirstColumn + panel, Math.Min(size.Width, block.Columns - panel));
                var (isWhole, isFirst) = (rows == height && within == size.Width, row == firstRow);
                var c = result[((row * size.Columns) + column)..];
                var from = right[((block.FirstStep * size.Columns) + column)..];
                ref var b = ref room.Panels[panel * steps];
                if (isFirst && isWhole && height == MatrixTile.Rows)
                {
                    Tiles.PackingTile<T>(ref a, aRow, 1, ref from[0], size.Columns, steps, ref c[0], size.Columns, size.Width, fresh, ref b);
                    continue;
                }

                if (isFirst)
                    room.Pack(from, size.Columns, steps, within, size.Width, panel * steps);
                if (!isWhole)
                {
                    Edge<T>(ref a, aRow, ref b, steps, c, size, rows, height, within, fresh, room.Sums);
                    continue;
                }

                ref var soon = ref Soon(left, right, size, block, row, lastRow, panel, ref asked, out var soonRow);
                Tiles.Tile<T>(ref a, aRow, 1, ref b, size.Width, steps, ref c[0], size.Columns, size.Width, height, fresh, ref soon, soonRow);
            }
        }
    }

    // Six rows to be asked for while a tile multiplies: at the first panel the rows of the left factor below, at the others, six at a time, those of the right factor's
    // next block ("asked" counts them). Without them a product of 128 samples with weights that lie in no cache takes a tenth longer (measured, AMD Zen 5).
    private static ref float Soon(Span<float> left, Span<float> right, Sizes size, Block block, int row, int lastRow, int panel, ref int asked, out int soonRow)
    {
        // Behind a block's last step the neighbouring columns begin, the thread's next piece of work.
        var (nextStep, nextColumn, nextRow) = (block.FirstStep + block.Steps, block.FirstColumn, row + MatrixTile.Rows);
        if (nextStep >= size.Steps)
            (nextStep, nextColumn) = (0, block.FirstColumn + block.Columns);
        if (panel == 0 && nextRow < lastRow)
        {
            soonRow = size.Steps;
            return ref left[(nextRow * size.Steps) + block.FirstStep];
        }

        if (panel == 0 || nextColumn >= size.Columns || asked >= Math.Min(MostSteps, size.Steps - nextStep))
        {
            soonRow = 0;
            return ref left[row * size.Steps];
        }

        soonRow = size.Columns;
        ref var soon = ref right[((nextStep + asked) * size.Columns) + nextColumn];
        asked += MatrixTile.Rows;
        return ref soon;
    }

    // A tile that reaches over the result's edge: worked on beside it, the part within copied.
    private static void Edge<T>(ref float a, int aRow, ref float b, int steps, Span<float> c, Sizes size, int rows, int height, int columns, bool fresh, Span<float> tile)
        where T : struct, ILanes<T>
    {
        for (var row = 0; row < rows && !fresh; row++)
            c.Slice(row * size.Columns, columns).CopyTo(tile[(row * size.Width)..]);
        Tiles.Tile<T>(ref a, aRow, 1, ref b, size.Width, steps, ref tile[0], size.Width, size.Width, height, fresh, ref a, 0);
        for (var row = 0; row < rows; row++)
            tile.Slice(row * size.Width, columns).CopyTo(c[(row * size.Columns)..]);
    }

    /// <summary>Of the product, and the columns of a tile.</summary>
    private readonly record struct Sizes(int Rows, int Steps, int Columns, int Width);

    /// <summary>A part of the right factor.</summary>
    private readonly record struct Block(int FirstStep, int Steps, int FirstColumn, int Columns);

    private readonly record struct Work(Tensor Left, Tensor Right) : IVectorWork<Tensor>
    {
        public Tensor Run<T>()
            where T : struct, ILanes<T> => Multiply<T>(Left, Right, Workers.Threads);
    }
}
