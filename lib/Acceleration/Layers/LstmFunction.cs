using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>The autograd function of <see cref="AcceleratedLstm"/>.</summary>
internal sealed class LstmFunction : autograd.SingleTensorFunction<LstmFunction>
{
    public override string Name => nameof(LstmFunction);

    /// <param name="ctx">Saves inputs and activations.</param>
    /// <param name="vars">Sequences (sample, step, input), then the parameters in libtorch's order.</param>
    /// <returns>(sample, step, direction x unit).</returns>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var inputs = vars.Cast<Tensor>().ToList();
        var (output, activations) = LstmKernel.Forward(inputs[0], inputs[1..], savesActivations: true);
        ctx.save_for_backward([activations.Operands, activations.Gates, activations.Cells, .. inputs]);
        return output;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var activations = new LstmActivations(saved[0], saved[1], saved[2], SavesActivations: true);
        return ctx.ReturnGradients(LstmKernel.Backward(saved[3], saved[4..], activations, grad_output, saved[3].requires_grad));
    }
}
