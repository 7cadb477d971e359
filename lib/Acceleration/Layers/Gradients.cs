using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>Returns the gradients of a custom backward pass to libtorch's autograd graph.</summary>
internal static class Gradients
{
    private const string Key = "gradients";

    /// <summary>Returns the gradient with respect to each input of the forward pass, null where none is required.</summary>
    /// <remarks>
    /// libtorch takes the native handles and reads them after the backward function has returned, so the context keeps the tensors alive as
    /// long as the graph's node. They move to the dispose scope outside the caller's.
    /// </remarks>
    public static List<Tensor> ReturnGradients(this autograd.AutogradContext context, IEnumerable<Tensor?> gradients)
    {
        var saved = gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!).ToList();
        context.save_data(Key, saved);
        return saved;
    }
}
