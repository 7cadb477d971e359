using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary><see cref="NormalisedRelu"/> in the graph of gradients.</summary>
internal sealed class NormalisedReluFunction : autograd.SingleTensorFunction<NormalisedReluFunction>
{
    public override string Name => nameof(NormalisedReluFunction);

    /// <param name="ctx">Keeps all that goes in, and the moments.</param>
    /// <param name="vars">Input (sample, unit), weights (unit), biases (unit), factors of dropout (sample, unit) or null, and the normalisation itself.</param>
    /// <returns>(sample, unit).</returns>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, weight, mask, norm) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor?)vars[3], (BatchNorm1d)vars[4]);
        var output = NormalisedRelu.Forward(input, norm, mask, out var moments);
        ctx.save_for_backward(mask is null ? [input, weight, moments] : [input, weight, moments, mask]);
        return output;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var slopes = NormalisedRelu.Backward(saved[0], saved[1], saved.Count > 3 ? saved[3] : null, saved[2], grad_output.contiguous());
        return ctx.HandBack([.. slopes, null, null]);
    }
}
