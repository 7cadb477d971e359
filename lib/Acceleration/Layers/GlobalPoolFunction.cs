using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>The autograd function of <see cref="GlobalPoolConvolution"/>.</summary>
internal sealed class GlobalPoolFunction : autograd.SingleTensorFunction<GlobalPoolFunction>
{
    public override string Name => nameof(GlobalPoolFunction);

    /// <param name="ctx">Saves all inputs.</param>
    /// <param name="vars">Maps (sample, row, input), band (window row x input, output), bias (output).</param>
    /// <returns>(sample, output).</returns>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (maps, band, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        ctx.save_for_backward([maps, band, bias]);
        return GlobalPoolConvolution.Forward(maps, band, bias);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        return ctx.ReturnGradients(GlobalPoolConvolution.Backward(saved[0], saved[1], saved[2], grad_output));
    }
}
