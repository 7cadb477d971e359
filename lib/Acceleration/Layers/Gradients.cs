using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>What a backward pass of ours hands back to libtorch's autograd graph.</summary>
internal static class Gradients
{
    private const string Key = "gradients";

    /// <summary>The gradients by each input of the forward pass, null where none is wanted.</summary>
    /// <remarks>
    /// libtorch is handed addresses and reads them after the backward function has returned: the node of the graph keeps the objects alive, as long as it lives itself.
    /// The tensors belong to the scope around the caller's own, where there is one.
    /// </remarks>
    public static List<Tensor> HandBack(this autograd.AutogradContext context, IEnumerable<Tensor?> gradients)
    {
        var kept = gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!).ToList();
        context.save_data(Key, kept);
        return kept;
    }
}
