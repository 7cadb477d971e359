using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>A product of matrices that is not kept: its numbers are used while they are in the cache, together with those at the same places of three other matrices.</summary>
/// <remarks>
/// For what is done to every weight with its slope. Written to memory, the slopes would be read again for it; and while tiles multiply the memory has nothing to do,
/// so that the three come at no cost (measured, AMD Zen 5: 128 samples, 1024 x 9984 weights, product and Adam 6.9 ms instead of 9.8).
/// </remarks>
internal static class PassingProduct
{
    /// <summary>Products in each sum at most.</summary>
    public const int MostSteps = ProductRoom.MostSteps;

    /// <summary>Columns of a piece of work: as many as panels have room for.</summary>
    private const int PieceColumns = ProductRoom.SumColumns;

    /// <summary>What is done with a piece of a row.</summary>
    /// <param name="product">The numbers of the product.</param>
    /// <param name="first">Those at the same places of the first other matrix, and so on.</param>
    /// <param name="second">See above.</param>
    /// <param name="third">See above.</param>
    public delegate void Use(ReadOnlySpan<float> product, Span<float> first, Span<float> second, Span<float> third);

    /// <summary>left x right, number by number the one that <see cref="MatrixProduct"/> makes, handed over piece by piece, on as many threads as libtorch has.</summary>
    /// <param name="left">(row, step), float32, contiguous, on the CPU.</param>
    /// <param name="right">(step, column), like <paramref name="left"/>.</param>
    /// <param name="beside">Three matrices (row, column), like the factors.</param>
    /// <param name="use">Is given each number once.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or there are more steps than <see cref="MostSteps"/>.</exception>
    public static void Of(Tensor left, Tensor right, (Tensor First, Tensor Second, Tensor Third) beside, Use use)
    {
        if (Lanes512.IsSupported)
            Of<Lanes512>(left, right, beside, use, Workers.Threads);
        else if (Lanes256.IsSupported)
            Of<Lanes256>(left, right, beside, use, Workers.Threads);
        else
            Of<Lanes128>(left, right, beside, use, Workers.Threads);
    }

    internal static void Of<T>(Tensor left, Tensor right, (Tensor First, Tensor Second, Tensor Third) beside, Use use, int threads)
        where T : struct, ILanes<T>
    {
        MatrixProduct.CheckFit(left, right);
        var size = new Sizes((int)left.shape[0], (int)left.shape[1], (int)right.shape[1]);
        if (size.Steps is 0 or > MostSteps)
            throw new ArgumentException($"A product that is not kept has 1 to {MostSteps} products in each sum, not {size.Steps}.");
        foreach (var matrix in new[] { beside.First, beside.Second, beside.Third })
        {
            if (matrix.dtype != ScalarType.Float32 || !matrix.is_contiguous() || !matrix.shape.SequenceEqual([size.Rows, size.Columns]))
                throw new ArgumentException($"A matrix beside the product must be contiguous float32 ({size.Rows}, {size.Columns}), not {matrix.dtype} ({string.Join(", ", matrix.shape)}).");
        }

        Workers.SharePieces(
            size.Columns, PieceColumns,
            (first, count) => Piece<T>(left.Floats(), right.Floats(), beside.First.Floats(), beside.Second.Floats(), beside.Third.Floats(), use, size, first, count),
            threads);
    }

    /// <summary>Some columns, six rows at a time.</summary>
    private static void Piece<T>(Span<float> left, Span<float> right, Span<float> first, Span<float> second, Span<float> third, Use use, Sizes size, int firstColumn, int columns)
        where T : struct, ILanes<T>
    {
        var (room, width, steps) = (ProductRoom.Own, MatrixProduct.TileColumns<T>(), size.Steps);
        for (int row = 0, height; row < size.Rows; row += height)
        {
            height = Tiles.Height(size.Rows - row);
            var rows = Math.Min(height, size.Rows - row);
            ref var a = ref room.Rows(left, steps, row, rows, height, 0, steps, out var aRow);
            for (var panel = 0; panel < columns; panel += width)
            {
                var (within, at) = (Math.Min(width, columns - panel), (row * size.Columns) + firstColumn + panel);
                AskFor(first[at..], rows, size.Columns, within);
                AskFor(second[at..], rows, size.Columns, within);
                ref var b = ref room.Panels[panel * steps];
                ref var sums = ref room.Sums[panel];
                var from = right[(firstColumn + panel)..];
                if (row == 0 && within == width && height == MatrixTile.Rows)
                {
                    Tiles.PackingTile<T>(ref a, aRow, 1, ref from[0], size.Columns, steps, ref sums, PieceColumns, width, fresh: true, ref b);
                    continue;
                }

                if (row == 0)
                    room.Pack(from, size.Columns, steps, within, width, panel * steps);
                Tiles.Tile<T>(ref a, aRow, 1, ref b, width, steps, ref sums, PieceColumns, width, height, fresh: true, ref third[at], size.Columns);
            }

            for (var i = 0; i < rows; i++)
            {
                var at = ((row + i) * size.Columns) + firstColumn;
                use(room.Sums.Slice(i * PieceColumns, columns), first.Slice(at, columns), second.Slice(at, columns), third.Slice(at, columns));
            }
        }
    }

    /// <summary>What is used beside a tile: two of the three before it multiplies, the third it asks for itself.</summary>
    private static void AskFor(Span<float> numbers, int rows, int row, int columns)
    {
        for (var i = 0; i < rows; i++)
            CacheHint.Soon(numbers.Slice(i * row, columns));
    }

    private readonly record struct Sizes(int Rows, int Steps, int Columns);
}
