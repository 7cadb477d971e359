using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>Seeds libtorch's generators, and derives seeds for single purposes.</summary>
internal static class Seeds
{
    /// <summary>Seeds libtorch on all devices, CPU and CUDA; <c>manual_seed</c> alone would leave CUDA unseeded.</summary>
    public static void Set(long seed)
    {
        ComputeDevice.Load();
        manual_seed(seed);
        if (cuda.is_available())
            cuda.manual_seed_all(seed);
    }

    /// <summary>
    /// Derives a seed for one purpose, unrelated to that of any other purpose or index: the same on every platform and in every process.
    /// </summary>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="purpose">What the numbers are for, such as "batches".</param>
    /// <param name="index">Number within the purpose, such as the epoch or the fold.</param>
    public static long Derive(long seed, string purpose, long index = 0) =>
        long.Parse(ContentHash.HashText(FormattableString.Invariant($"{seed}/{purpose}/{index}")).AsSpan(0, 15),
            System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
}
