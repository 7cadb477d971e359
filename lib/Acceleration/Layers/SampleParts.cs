using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>Samples cut into parts that threads share out: slopes by weights are summed within a part by one thread, then part by part, so that no bit depends on who was first.</summary>
internal static class SampleParts
{
    private const int Samples = 8;

    /// <summary>How many parts so many samples make.</summary>
    public static int Count(int samples) => (samples + Samples - 1) / Samples;

    /// <summary>Calls <paramref name="work"/> with each part's number and its samples, on as many threads as libtorch has.</summary>
    public static void Share(int samples, Action<int, IEnumerable<int>> work) =>
        Workers.Share(Count(samples), part => work(part, Enumerable.Range(part * Samples, Math.Min(Samples, samples - (part * Samples)))), Workers.Threads);
}
