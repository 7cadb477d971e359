using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Large matrix products in blocks of rows, so that cancellation is checked between the blocks.</summary>
internal static class RowBlocks
{
    /// <summary>Size of a block: about half a second on two cores. A smaller product is computed in one block.</summary>
    private const long MultiplicationsPerBlock = 16L << 30;

    /// <summary>Computes a matrix (row, column) block by block.</summary>
    /// <param name="rows">(row, value), float32 on the CPU.</param>
    /// <param name="columns">Number of columns of the result.</param>
    /// <param name="multiplicationsPerRow">Cost of one row, in multiplications.</param>
    /// <param name="compute">Computes the rows of the result from a block of <paramref name="rows"/>.</param>
    /// <param name="cancellationToken">Checked before each block.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Tensor Compute(
        Tensor rows, long columns, long multiplicationsPerRow, Func<Tensor, Tensor> compute, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var step = Math.Max(1, MultiplicationsPerBlock / Math.Max(1, multiplicationsPerRow));
        if (step >= rows.shape[0])
            return compute(rows).MoveToOuterDisposeScope();
        var result = empty([rows.shape[0], columns], rows.dtype, CPU);
        for (long start = 0; start < rows.shape[0]; start += step)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var count = Math.Min(step, rows.shape[0] - start);
            result.narrow(0, start, count).copy_(compute(rows.narrow(0, start, count)));
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Product of two matrices, (row, value) and (value, column).</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Tensor Multiply(Tensor rows, Tensor matrix, CancellationToken cancellationToken) =>
        Compute(rows, matrix.shape[1], matrix.numel(), block => block.mm(matrix), cancellationToken);
}
