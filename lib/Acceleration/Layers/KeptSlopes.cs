using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>What a function of our own hands back to libtorch's graph of gradients.</summary>
/// <remarks>
/// libtorch is handed addresses: the tensors must live until it has copied them, which is after the function returns and before the next one begins. Then they go:
/// until the whole step's end they would keep memory that the functions after them can use (with the gradient of ten million weights a tenth of a training step, measured).
/// </remarks>
internal static class KeptSlopes
{
    // libtorch goes back through a graph on the CPU in the thread that asks for it.
    [ThreadStatic]
    private static List<Tensor>? t_last;

    /// <summary>What was handed back last in this thread.</summary>
    internal static IReadOnlyList<Tensor> Last => t_last ?? [];

    /// <summary>Keeps the slopes, whatever scope they were made in, until this thread hands back the next ones.</summary>
    /// <param name="slopes">By each input, null where none is wanted.</param>
    public static List<Tensor> Keep(IEnumerable<Tensor?> slopes)
    {
        LetGo();
        return t_last = [.. slopes.Select(slope => slope?.DetachFromDisposeScope()!)];
    }

    /// <summary>Lets go of what this thread has handed back last: at the end of a training nothing comes after it.</summary>
    public static void LetGo()
    {
        foreach (var copied in Last)
            copied?.Dispose();
        t_last = null;
    }
}
