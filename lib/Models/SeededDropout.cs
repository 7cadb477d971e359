using DeviceId.Foundation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>
/// Dropout (N. Srivastava et al., JMLR 15, 2014): in training, zeroes values with probability p and scales the others by 1 / (1 - p).
/// </summary>
/// <remarks>As libtorch's layer, but with masks that are identical on every device (<see cref="DropoutMask"/>).</remarks>
internal sealed class SeededDropout : Module<Tensor, Tensor>
{
    /// <param name="probability">Dropout probability p, in [0, 1).</param>
    public SeededDropout(double probability) : base(nameof(SeededDropout)) => Probability = probability;

    /// <summary>Dropout probability p, in [0, 1).</summary>
    public double Probability { get; set; }

    /// <summary>Any shape to the same shape.</summary>
    public override Tensor forward(Tensor input)
    {
        if (!training || Probability == 0)
            return input.alias();
        using var scope = NewDisposeScope();
        return (input * DropoutMask.Draw(input.shape, Probability).to(input.dtype, input.device)).MoveToOuterDisposeScope();
    }
}
