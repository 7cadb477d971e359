using DeviceId.Acceleration.MatrixMultiply;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>The autograd function of <see cref="AcceleratedLinear"/>.</summary>
/// <remarks>y = x Wᵀ + b; gradInput = gradOutput W, gradWeight = gradOutputᵀ x, gradBias = sum of gradOutput over samples.</remarks>
internal sealed class LinearFunction : autograd.SingleTensorFunction<LinearFunction>
{
    public override string Name => nameof(LinearFunction);

    /// <param name="ctx">Saves x and W.</param>
    /// <param name="vars">x (sample, input), W (output, input), b (output).</param>
    /// <returns>(sample, output).</returns>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        ctx.save_for_backward([x, weight]);
        using var scope = NewDisposeScope();
        // (W xᵀ)ᵀ: as the left operand the weights are read once and in place; only the much smaller batch is transposed.
        return Transpose.Matrix(Gemm.Multiply(weight, Transpose.Matrix(x))).add_(bias).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (x, weight, gradOutput) = (saved[0], saved[1], grad_output.contiguous());
        var gradInput = x.requires_grad ? Gemm.Multiply(gradOutput, weight) : null;
        var gradWeight = weight.requires_grad ? Gemm.Multiply(Transpose.Matrix(gradOutput), x) : null;
        return ctx.ReturnGradients([gradInput, gradWeight, gradOutput.sum([0])]);
    }
}
