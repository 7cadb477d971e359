using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>Sets the random state of every tensor generator, CPU and CUDA.</summary>
internal static class Seeds
{
    /// <summary>Seeds libtorch on all devices; its <c>manual_seed</c> alone would leave CUDA as it was.</summary>
    public static void Set(long seed)
    {
        ComputeDevice.Load();
        manual_seed(seed);
        if (cuda.is_available())
            cuda.manual_seed_all(seed);
    }

    /// <summary>A seed for one purpose, far from its neighbours: the same on every platform and in every process.</summary>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="purpose">What the numbers are for, such as "batches".</param>
    /// <param name="index">Which of several: the epoch, the fold.</param>
    public static long Derive(long seed, string purpose, long index = 0) =>
        long.Parse(ContentHash.HashText(FormattableString.Invariant($"{seed}/{purpose}/{index}")).AsSpan(0, 15),
            System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
}
