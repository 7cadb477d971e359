using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>Blocks of samples that threads share: one thread sums a block's gradients, so that no bit depends on the threads.</summary>
internal static class SampleBlocks
{
    private const int Samples = 8;

    /// <summary>Number of blocks.</summary>
    public static int Count(int samples) => (samples + Samples - 1) / Samples;

    /// <summary>Calls <paramref name="work"/> with each block's index and samples, on as many threads as libtorch has.</summary>
    public static void For(int samples, Action<int, IEnumerable<int>> work)
    {
        void Block(int block) => work(block, Enumerable.Range(block * Samples, Math.Min(Samples, samples - (block * Samples))));
        ParallelLoops.For(Count(samples), Block, ParallelLoops.Threads);
    }
}
