using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary><see cref="PooledConvolution"/> in the graph of gradients.</summary>
internal sealed class PooledConvolutionFunction : autograd.SingleTensorFunction<PooledConvolutionFunction>
{
    private const string PoolSize = "pool size";

    public override string Name => nameof(PooledConvolutionFunction);

    /// <param name="ctx">Keeps all that goes in.</param>
    /// <param name="vars">Two branches (sample, row), kernels, biases, and the rows of a stretch.</param>
    /// <returns>(sample, stretch, branch, kernel).</returns>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (first, second, weight, bias, poolSize) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3], (int)vars[4]);
        ctx.save_for_backward([first, second, weight, bias]);
        ctx.save_data(PoolSize, poolSize);
        return PooledConvolution.Forward(first, second, weight, bias, poolSize);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        return ctx.HandBack([.. PooledConvolution.Backward(saved[0], saved[1], saved[2], saved[3], (int)ctx.get_data(PoolSize), grad_output), null]);
    }
}
