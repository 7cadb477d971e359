using DeviceId.Acceleration.MatrixMultiply;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>x W^T + b and its slopes by products of our own: dx = dy W, dW = dy^T x, db = sum of dy over samples.</summary>
internal sealed class DenseFunction : autograd.SingleTensorFunction<DenseFunction>
{
    public override string Name => nameof(DenseFunction);

    /// <param name="ctx">Keeps x and W.</param>
    /// <param name="vars">x (sample, input), W (output, input), b (output).</param>
    /// <returns>(sample, output).</returns>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        ctx.save_for_backward([x, weight]);
        using var scope = NewDisposeScope();
        // Weights to the left: they are read once as they lie, and the few samples are what is turned.
        return Turning.Of(MatrixProduct.Of(weight, Turning.Of(x))).add_(bias).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (x, weight) = (saved[0], saved[1]);
        var slope = grad_output.contiguous();
        var byInput = x.requires_grad ? MatrixProduct.Of(slope, weight) : null;
        var byWeight = weight.requires_grad ? MatrixProduct.Of(Turning.Of(slope), x) : null;
        return ctx.HandBack([byInput, byWeight, slope.sum([0])]);
    }
}
