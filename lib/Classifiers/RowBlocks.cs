using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Large matrix products in blocks of rows, so that a cancellation is noticed between them.</summary>
internal static class RowBlocks
{
    /// <summary>About half a second on two cores. What is smaller is one product, in one block.</summary>
    private const long MultiplicationsAtOnce = 16L << 30;

    /// <summary>Computes (row, column) block by block.</summary>
    /// <param name="rows">(row, value), float32 on the CPU.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="multiplications">What a row costs.</param>
    /// <param name="compute">From some of the rows to theirs of the result.</param>
    /// <param name="cancellationToken">Asked before each block.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Tensor Compute(
        Tensor rows, long columns, long multiplications, Func<Tensor, Tensor> compute, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var step = Math.Max(1, MultiplicationsAtOnce / Math.Max(1, multiplications));
        if (step >= rows.shape[0])
            return compute(rows).MoveToOuterDisposeScope();
        var result = empty([rows.shape[0], columns], rows.dtype, CPU);
        for (long at = 0; at < rows.shape[0]; at += step)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var count = Math.Min(step, rows.shape[0] - at);
            result.narrow(0, at, count).copy_(compute(rows.narrow(0, at, count)));
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <summary>The product of (row, value) and (value, column).</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Tensor Multiply(Tensor rows, Tensor matrix, CancellationToken cancellationToken) =>
        Compute(rows, matrix.shape[1], matrix.numel(), block => block.mm(matrix), cancellationToken);
}
