using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>A parallel loop over blocks of samples.</summary>
/// <remarks>One thread sums the gradients of a block, so that the sums are bit-identical for any number of threads.</remarks>
internal static class SampleBlocks
{
    private const int BlockSamples = 8;

    /// <summary>Number of blocks.</summary>
    public static int Count(int samples) => (samples + BlockSamples - 1) / BlockSamples;

    /// <summary>Calls <paramref name="work"/> with the index and the samples of each block, on as many threads as libtorch uses.</summary>
    public static void For(int samples, Action<int, IEnumerable<int>> work)
    {
        void RunBlock(int block)
        {
            var first = block * BlockSamples;
            work(block, Enumerable.Range(first, Math.Min(BlockSamples, samples - first)));
        }

        ParallelLoops.For(Count(samples), RunBlock, ParallelLoops.Threads);
    }
}
