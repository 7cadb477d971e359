using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>Four convolutions of 16 kernels of 3 x 3 with batch normalisation, the block's input added, then max pooling by 2 (paper, Figure 3 in words).</summary>
internal sealed class ResidualBlock : Module<Tensor, Tensor>
{
    private const int Convolutions = 4;
    private readonly Sequential _path;

    public ResidualBlock(int channels) : base(nameof(ResidualBlock))
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < Convolutions; i++)
        {
            layers.Add(($"convolution{i}", Conv2d(channels, channels, 3, padding: 1)));
            layers.Add(($"norm{i}", BatchNorm2d(channels)));
            if (i < Convolutions - 1)
                layers.Add(($"relu{i}", ReLU()));
        }

        _path = Sequential(layers);
        RegisterComponents();
    }

    /// <summary>(sample, channel, height, width) to (sample, channel, height / 2, width / 2).</summary>
    public override Tensor forward(Tensor maps)
    {
        using var scope = NewDisposeScope();
        var sum = functional.relu(_path.call(maps) + maps);
        return functional.max_pool2d(sum, 2).MoveToOuterDisposeScope();
    }
}
