using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>What a function of our own hands back to libtorch's graph of gradients.</summary>
internal static class KeptSlopes
{
    /// <summary>libtorch is handed addresses: the tensors must live until it has copied them, which is after the function returns.</summary>
    /// <param name="ctx">The function's context, which lives that long.</param>
    /// <param name="slopes">By each input, null where none is wanted.</param>
    public static List<Tensor> Keep(this autograd.AutogradContext ctx, IEnumerable<Tensor?> slopes)
    {
        List<Tensor> kept = [.. slopes.Select(slope => slope!)];
        ctx.save_data(nameof(KeptSlopes), kept);
        return kept;
    }
}
