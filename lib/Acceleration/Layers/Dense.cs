using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Foundation;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Acceleration.Layers;

/// <summary>A fully connected layer, y = x W^T + b, with libtorch's names, shapes and initial weights, and a choice of the product's precision.</summary>
internal sealed class Dense : Module<Tensor, Tensor>
{
    /// <summary>With fewer samples libtorch's product is as fast.</summary>
    internal const int LeastSamplesToPack = 32;

#pragma warning disable IDE1006 // The fields' names are the parameters' names.
    private readonly Parameter weight;
    private readonly Parameter bias;
#pragma warning restore IDE1006

    public Dense(long inputs, long outputs) : base(nameof(Dense))
    {
        var layer = Linear(inputs, outputs);
        (weight, bias) = (layer.weight!, layer.bias!);
        RegisterComponents();
    }

    /// <summary>Whether large batches are multiplied by <see cref="MatrixProduct"/> where gradients are wanted: where it is the faster way.</summary>
    internal bool InPanels { get; init; } = MatrixProduct.IsFaster;

    /// <summary>Whether the factors of the product are rounded to bfloat16; the sum is not.</summary>
    public bool InBFloat16 { get; set; }

    /// <summary>(sample, input) to (sample, output).</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        if (!is_grad_enabled() && IsForFewRows(input))
            return FewRows.Multiply(input.contiguous(), weight).add_(bias).MoveToOuterDisposeScope();
        // A view: libtorch copies a gradient that comes straight from a function of ours, which still holds it (measured: with that and the memory a tenth of a step).
        if (is_grad_enabled() && IsForPanels(input))
            return DenseFunction.apply(input.contiguous(), weight.view(weight.shape), (Tensor)bias).MoveToOuterDisposeScope();
        if (!InBFloat16)
            return functional.linear(input, weight, bias).MoveToOuterDisposeScope();
        return functional.linear(input.to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16)).to(input.dtype).add(bias).MoveToOuterDisposeScope();
    }

    private bool IsForFewRows(Tensor input) => IsForOurProducts(input) && input.shape[0] is > 0 and <= FewRows.Most;

    private bool IsForPanels(Tensor input) => InPanels && IsForOurProducts(input) && input.shape[0] >= LeastSamplesToPack;

    private bool IsForOurProducts(Tensor input) => !InBFloat16 && input.dim() == 2 && input.HoldsFloats();
}
