using DeviceId.Acceleration.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>Four residual blocks of 16 channels and a fully connected layer (paper, Sections 4.1.3 and 6.3). A 1 x 1 convolution makes the 16 channels that the first skip needs.</summary>
internal sealed class SpatialResNet : Module<Tensor, Tensor>
{
    public const int Blocks = 4;
    private const int Channels = 16;

    private readonly PstnnOptions _options;
    private readonly Sequential _blocks;
    private readonly Sequential _connected;

    public SpatialResNet(PstnnOptions options) : base(nameof(SpatialResNet))
    {
        _options = options;
        var blocks = Enumerable.Range(0, Blocks).Select(i => ($"block{i}", (Module<Tensor, Tensor>)new ResidualBlock(Channels)));
        _blocks = Sequential(blocks.Prepend(("widen", Conv2d(1, Channels, 1))).ToArray());
        var left = Channels * (options.Coefficients >> Blocks) * (options.Components >> Blocks);
        _connected = Sequential(("linear", Linear(left, options.Embedding)), ("relu", ReLU()), ("dropout", new SeededDropout(options.Dropout)));
        RegisterComponents();
    }

    /// <summary>(sample, component x coefficient) to (sample, embedding).</summary>
    public override Tensor forward(Tensor supervectors)
    {
        using var scope = NewDisposeScope();
        var maps = _blocks.call(SupervectorMap.Of(supervectors, _options.Components, _options.Coefficients));
        return _connected.call(maps.flatten(1)).MoveToOuterDisposeScope();
    }
}
