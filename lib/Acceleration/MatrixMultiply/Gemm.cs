using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>Multi-threaded matrix multiplication (GEMM) in float32; bit-identical for any number of threads.</summary>
/// <remarks>
/// The right operand is packed, one block of rows and columns at a time, into panels as wide as a micro-kernel. The panels stay in the L2
/// cache while all rows of the left operand, which is read in place, are multiplied with them (K. Goto, R. van de Geijn, "Anatomy of
/// high-performance matrix multiplication", TOMS 34(3), 2008). The first micro-kernels of a block pack its panels while they multiply.
/// </remarks>
internal static class Gemm
{
    private const int BlockValues = GemmWorkspace.PanelValues;

    private const int MaxInner = GemmWorkspace.MaxInner;

    /// <summary>Multiply-adds per thread that outweigh the start of a thread (some hundredths of a millisecond).</summary>
    private const int WorkPerThread = 1 << 23;

    /// <summary>left x right, on as many threads as libtorch uses.</summary>
    /// <param name="left">(row, inner), float32, contiguous, on the CPU.</param>
    /// <param name="right">(inner, column), float32, contiguous, on the CPU.</param>
    /// <returns>(row, column), outside the autograd graph.</returns>
    /// <exception cref="ArgumentException">An operand is not a contiguous float32 matrix, or the shapes do not match.</exception>
    public static Tensor Multiply(Tensor left, Tensor right) => SimdDispatch.Run<Work, Tensor>(new(left, right));

    internal static Tensor Multiply<T>(Tensor left, Tensor right, int threads)
        where T : struct, ISimdVector<T>
    {
        CheckOperands(left, right);
        var size = new Sizes((int)left.shape[0], (int)left.shape[1], (int)right.shape[1], MaxKernelColumns<T>());
        var result = size.Inner == 0 ? Buffers.Zeros(size.Rows, size.Columns) : Buffers.Empty(size.Rows, size.Columns);
        threads = (int)Math.Clamp((long)size.Rows * size.Inner * size.Columns / WorkPerThread, 1, threads);
        var blockColumns = BlockColumns(size, threads);
        var columnBlocks = (size.Columns + blockColumns - 1) / blockColumns;
        // With few columns the rows are divided instead, and each thread packs its own panels.
        var rowBlocks = Math.Clamp((threads + columnBlocks - 1) / columnBlocks, 1, (size.Rows + MicroKernel.Rows - 1) / MicroKernel.Rows);
        ParallelLoops.For(rowBlocks * columnBlocks, index =>
        {
            var (rowBlock, firstColumn) = (index % rowBlocks, index / rowBlocks * blockColumns);
            for (var firstK = 0; firstK < size.Inner; firstK += MaxInner)
            {
                var (inner, columns) = (Math.Min(MaxInner, size.Inner - firstK), Math.Min(blockColumns, size.Columns - firstColumn));
                var block = new Block(firstK, inner, firstColumn, columns);
                MultiplyBlock<T>(
                    left.FloatSpan(), right.FloatSpan(), result.FloatSpan(), size, block, FirstRow(rowBlock), FirstRow(rowBlock + 1));
            }
        }, threads);
        return result;

        int FirstRow(int rowBlock) =>
            rowBlock == rowBlocks ? size.Rows : (int)((long)size.Rows * rowBlock / rowBlocks / MicroKernel.Rows) * MicroKernel.Rows;
    }

    /// <exception cref="ArgumentException">An operand is not a contiguous float32 matrix, or the inner dimensions differ.</exception>
    internal static void CheckOperands(Tensor left, Tensor right)
    {
        foreach (var operand in new[] { left, right })
        {
            if (operand.dim() != 2 || operand.dtype != ScalarType.Float32 || !operand.is_contiguous())
                throw new ArgumentException(
                    $"An operand must be a contiguous float32 matrix, but is {operand.dtype} with {operand.dim()} axes.");
        }

        if (left.shape[1] != right.shape[0])
            throw new ArgumentException(
                $"The inner dimensions of ({string.Join(", ", left.shape)}) and ({string.Join(", ", right.shape)}) differ.");
    }

    /// <summary>Columns of the widest micro-kernel.</summary>
    internal static int MaxKernelColumns<T>()
        where T : struct, ISimdVector<T> => WideMicroKernel.Fits<T>() ? WideMicroKernel.Columns<T>() : MicroKernel.Columns<T>();

    /// <summary>As many columns in a block as the panels hold (long runs in memory), but at least two blocks per thread.</summary>
    private static int BlockColumns(Sizes size, int threads)
    {
        var columns = BlockValues / Math.Clamp(size.Inner, 1, MaxInner) / size.Width * size.Width;
        while (columns > 2 * size.Width && size.Columns < 2 * threads * columns)
            columns = PanelGemm.RoundUp(columns / 2, size.Width);
        return columns;
    }

    /// <summary>Adds the product of rows of the left operand and a block of the right operand to the result.</summary>
    private static void MultiplyBlock<T>(
        Span<float> left, Span<float> right, Span<float> result, Sizes size, Block block, int firstRow, int lastRow)
        where T : struct, ISimdVector<T>
    {
        var (workspace, inner, overwrite, prefetched) = (GemmWorkspace.Current, block.Inner, block.FirstK == 0, 0);
        for (int row = firstRow, height; row < lastRow; row += height)
        {
            height = PanelGemm.KernelRows(lastRow - row);
            var rows = Math.Min(height, lastRow - row);
            ref var a = ref workspace.Rows(left, size.Inner, row, rows, height, block.FirstK, inner, out var aRow);
            for (var panel = 0; panel < block.Columns; panel += size.Width)
            {
                var (column, panelColumns) = (block.FirstColumn + panel, Math.Min(size.Width, block.Columns - panel));
                var (isWhole, isFirst) = (rows == height && panelColumns == size.Width, row == firstRow);
                var c = result[((row * size.Columns) + column)..];
                var from = right[((block.FirstK * size.Columns) + column)..];
                ref var b = ref workspace.Panels[panel * inner];
                if (isFirst && isWhole && height == MicroKernel.Rows)
                {
                    PanelGemm.RunMicroKernelAndPack<T>(
                        ref a, aRow, 1, ref from[0], size.Columns, inner, ref c[0], size.Columns, size.Width, overwrite, ref b);
                    continue;
                }

                if (isFirst)
                    workspace.Pack(from, size.Columns, inner, panelColumns, size.Width, panel * inner);
                if (!isWhole)
                {
                    RunEdgeKernel<T>(ref a, aRow, ref b, inner, c, size, rows, height, panelColumns, overwrite, workspace.Sums);
                    continue;
                }

                ref var prefetch = ref NextRows(left, right, size, block, row, lastRow, panel, ref prefetched, out var prefetchRow);
                PanelGemm.RunMicroKernel<T>(
                    ref a, aRow, 1, ref b, size.Width, inner, ref c[0], size.Columns, size.Width, height, overwrite, ref prefetch,
                    prefetchRow);
            }
        }
    }

    // Six rows to prefetch while a micro-kernel multiplies: at the first panel the next rows of the left operand, at the other panels the
    // next six rows of the next block of the right operand (prefetched counts them). With weights that are in no cache this saves a tenth
    // of the time.
    private static ref float NextRows(
        Span<float> left, Span<float> right, Sizes size, Block block, int row, int lastRow, int panel, ref int prefetched,
        out int prefetchRow)
    {
        // After the last block along the inner dimension the thread continues with the neighbouring columns.
        var (nextK, nextColumn, nextRow) = (block.FirstK + block.Inner, block.FirstColumn, row + MicroKernel.Rows);
        if (nextK >= size.Inner)
            (nextK, nextColumn) = (0, block.FirstColumn + block.Columns);
        if (panel == 0 && nextRow < lastRow)
        {
            prefetchRow = size.Inner;
            return ref left[(nextRow * size.Inner) + block.FirstK];
        }

        if (panel == 0 || nextColumn >= size.Columns || prefetched >= Math.Min(MaxInner, size.Inner - nextK))
        {
            prefetchRow = 0;
            return ref left[row * size.Inner];
        }

        prefetchRow = size.Columns;
        ref var prefetch = ref right[((nextK + prefetched) * size.Columns) + nextColumn];
        prefetched += MicroKernel.Rows;
        return ref prefetch;
    }

    // A micro-kernel that extends beyond the edge of the result works in a scratch buffer; the part inside the result is copied.
    private static void RunEdgeKernel<T>(
        ref float a, int aRow, ref float b, int inner, Span<float> c, Sizes size, int rows, int height, int columns, bool overwrite,
        Span<float> scratch)
        where T : struct, ISimdVector<T>
    {
        for (var row = 0; row < rows && !overwrite; row++)
            c.Slice(row * size.Columns, columns).CopyTo(scratch[(row * size.Width)..]);
        PanelGemm.RunMicroKernel<T>(
            ref a, aRow, 1, ref b, size.Width, inner, ref scratch[0], size.Width, size.Width, height, overwrite, ref a, 0);
        for (var row = 0; row < rows; row++)
            scratch.Slice(row * size.Width, columns).CopyTo(c[(row * size.Columns)..]);
    }

    /// <summary>Rows, inner dimension and columns of the product, and the columns of the widest micro-kernel.</summary>
    private readonly record struct Sizes(int Rows, int Inner, int Columns, int Width);

    /// <summary>A block of the right operand: Inner rows from FirstK, Columns columns from FirstColumn.</summary>
    private readonly record struct Block(int FirstK, int Inner, int FirstColumn, int Columns);

    private readonly record struct Work(Tensor Left, Tensor Right) : ISimdWork<Tensor>
    {
        public Tensor Run<T>()
            where T : struct, ISimdVector<T> => Multiply<T>(Left, Right, ParallelLoops.Threads);
    }
}
