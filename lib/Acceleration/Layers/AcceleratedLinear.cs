using DeviceId.Acceleration.MatrixMultiply;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Acceleration.Layers;

/// <summary>A linear layer, y = x Wᵀ + b: in float32 on the CPU by kernels where they are faster, otherwise by libtorch.</summary>
/// <remarks>Both agree up to rounding. Parameter names, shapes and initial weights are those of <c>nn.Linear</c>.</remarks>
internal sealed class AcceleratedLinear : Module<Tensor, Tensor>
{
#pragma warning disable IDE1006 // Field names become the parameter names of the module.
    private readonly Parameter weight; // (output, input)
    private readonly Parameter bias;   // (output)
#pragma warning restore IDE1006

    public AcceleratedLinear(long inputs, long outputs, Device device) : base(nameof(AcceleratedLinear))
    {
        var layer = Linear(inputs, outputs, device: device);
        (weight, bias) = (layer.weight!, layer.bias!);
        RegisterComponents();
    }

    /// <summary>Whether the operands of the product are rounded to bfloat16; the bias is added in the input's precision.</summary>
    public bool InBFloat16 { get; set; }

    /// <summary>(sample, input) to (sample, output).</summary>
    public override Tensor forward(Tensor input) =>
        Backend.Accelerates(input) && !InBFloat16 && input.dim() == 2 ? Accelerated(input) : Reference(input);

    internal Tensor Reference(Tensor input)
    {
        if (!InBFloat16)
            return functional.linear(input, weight, bias);
        using var scope = NewDisposeScope();
        return functional.linear(input.bfloat16(), weight.bfloat16()).to(input.dtype).add(bias).MoveToOuterDisposeScope();
    }

    internal Tensor Accelerated(Tensor input)
    {
        using var scope = NewDisposeScope();
        if (Kernels.AcceptsSmallBatch(input))
            return SmallBatchGemm.Multiply(input.contiguous(), weight).add_(bias).MoveToOuterDisposeScope();
        if (!Kernels.AcceptsLinear(input))
            return Reference(input).MoveToOuterDisposeScope();
        // A view of the weights: libtorch copies a gradient that comes directly from a custom function, which costs a tenth of a
        // training step.
        return LinearFunction.apply(input.contiguous(), weight.view(weight.shape), (Tensor)bias).MoveToOuterDisposeScope();
    }
}
