using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>Hands the gradients of a custom backward pass to libtorch's autograd graph.</summary>
internal static class Gradients
{
    private const string Key = "gradients";

    /// <summary>The gradient with respect to each input of the forward pass; null where none is wanted.</summary>
    /// <remarks>
    /// libtorch takes addresses and reads them after the backward function has returned: the context keeps the tensors alive as long as the
    /// graph's node. They belong to the scope around the caller's own, where there is one.
    /// </remarks>
    public static List<Tensor> HandBack(this autograd.AutogradContext context, IEnumerable<Tensor?> gradients)
    {
        var saved = gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!).ToList();
        context.save_data(Key, saved);
        return saved;
    }
}
