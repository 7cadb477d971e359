using DeviceId.Acceleration.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>
/// A network over stacked frames with a narrow layer, the bottleneck, whose values are deep features of the middle frame: a classifier of
/// devices, or an auto-encoder.
/// </summary>
/// <remarks>
/// A reconstruction of the deep features of Y. Li et al. (2017, supervised; 2018, auto-encoder): the abstracts state neither widths nor
/// activations. Our choice: 11 frames - 512 - 256 - bottleneck, then the devices, or 256 - 512 - 11 frames; tanh between the layers, none
/// on the bottleneck, whose values a Gaussian mixture describes.
/// </remarks>
internal sealed class StackedFramesNetwork : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> encoder;
    private readonly Module<Tensor, Tensor> decoder;

    /// <param name="inputs">Values of a stack of frames.</param>
    /// <param name="widths">Widths of the hidden layers before the bottleneck.</param>
    /// <param name="bottleneck">Width of the bottleneck.</param>
    /// <param name="classes">Number of devices; null for an auto-encoder.</param>
    /// <param name="device">Device of the network.</param>
    public StackedFramesNetwork(int inputs, IReadOnlyList<int> widths, int bottleneck, int? classes, Device device)
        : base(nameof(StackedFramesNetwork))
    {
        encoder = Layers([inputs, .. widths, bottleneck], device);
        decoder = Sequential(
            Tanh(), classes is { } count ? Layers([bottleneck, count], device) : Layers([bottleneck, .. widths.Reverse(), inputs], device));
        RegisterComponents();
    }

    /// <summary>Deep features (frame, bottleneck) of stacks of frames (frame, value).</summary>
    public Tensor Bottleneck(Tensor stacks) => encoder.call(stacks);

    /// <summary>Stacks of frames (frame, value) to logits (frame, device), or to the stacks themselves (frame, value).</summary>
    public override Tensor forward(Tensor stacks)
    {
        using var scope = NewDisposeScope();
        return decoder.call(encoder.call(stacks)).MoveToOuterDisposeScope();
    }

    /// <summary>Linear layers of these widths with tanh between them.</summary>
    private static Module<Tensor, Tensor> Layers(IReadOnlyList<int> widths, Device device)
    {
        var layers = new List<Module<Tensor, Tensor>> { new AcceleratedLinear(widths[0], widths[1], device) };
        for (var i = 1; i + 1 < widths.Count; i++)
        {
            layers.Add(Tanh());
            layers.Add(new AcceleratedLinear(widths[i], widths[i + 1], device));
        }

        return Sequential([.. layers]);
    }
}
