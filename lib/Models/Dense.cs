using DeviceId.Foundation.Simd;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>A fully connected layer, y = x W^T + b, with libtorch's names, shapes and initial weights; batches on the CPU are multiplied by <see cref="MatrixProduct"/>.</summary>
internal sealed class Dense : Module<Tensor, Tensor>
{
    // Of fewer samples most of a tile would be empty.
    private const int LeastSamples = 4;

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

    /// <summary>Whether the factors of the product are rounded to bfloat16; the sum is not.</summary>
    public bool InBFloat16 { get; set; }

    /// <summary>(sample, input) to (sample, output).</summary>
    public override Tensor forward(Tensor input)
    {
        if (InBFloat16)
        {
            using var scope = NewDisposeScope();
            return functional.linear(input.to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16)).to(input.dtype).add(bias).MoveToOuterDisposeScope();
        }

        return MatrixProduct.IsFaster && Takes(input) && Takes(weight) && input.shape[0] >= LeastSamples
            ? DenseFunction.apply(input, (Tensor)weight, (Tensor)bias)
            : functional.linear(input, weight, bias);
    }

    private static bool Takes(Tensor tensor) => tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32 && tensor.dim() == 2 && tensor.is_contiguous();
}
