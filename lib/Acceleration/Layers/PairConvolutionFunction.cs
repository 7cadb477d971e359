using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>The autograd function of <see cref="PairConvolution"/>.</summary>
internal sealed class PairConvolutionFunction : autograd.SingleTensorFunction<PairConvolutionFunction>
{
    private const string PoolRows = "pool rows";

    public override string Name => nameof(PairConvolutionFunction);

    /// <param name="ctx">Saves all inputs.</param>
    /// <param name="vars">Map (sample, row, 2), weights (kernel, 1, 3, 3), bias (kernel), rows in a pooling window.</param>
    /// <returns>(sample, pooled row, column, kernel).</returns>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (map, weight, bias, poolRows) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (int)vars[3]);
        ctx.save_for_backward([map, weight, bias]);
        ctx.save_data(PoolRows, poolRows);
        return PairConvolution.Forward(map, weight, bias, poolRows);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var gradients = PairConvolution.Backward(saved[0], saved[1], saved[2], (int)ctx.get_data(PoolRows), grad_output);
        return ctx.ReturnGradients([.. gradients, null]);
    }
}
