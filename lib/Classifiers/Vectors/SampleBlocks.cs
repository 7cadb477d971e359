using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Computations on many samples, in blocks that need little memory and check for cancellation.</summary>
internal static class SampleBlocks
{
    /// <summary>Computes the rows of the result block by block.</summary>
    /// <param name="samples">(sample, …).</param>
    /// <param name="blockSamples">Samples in a block.</param>
    /// <param name="compute">Takes the samples of a block and returns their rows (sample, …).</param>
    /// <param name="cancellationToken">Checked before each block.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Tensor Compute(Tensor samples, long blockSamples, Func<Tensor, Tensor> compute, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (long start = 0; start == 0 || start < samples.shape[0]; start += blockSamples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var block = samples.narrow(0, start, Math.Min(blockSamples, samples.shape[0] - start));
            parts.Add(compute(block).MoveToOuterDisposeScope());
        }

        return cat(parts, 0).MoveToOuterDisposeScope();
    }
}
