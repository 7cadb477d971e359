using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>
/// Three convolutions of 6, 16 and 40 kernels of 5 x 5, each with batch normalisation, ReLU and max pooling by 2, then a fully connected
/// layer (paper, Sections 4.1.2 and 6.3). Borders are kept by padding: the paper does not say, and without it the smallest map would be 1 x 4.
/// </summary>
internal sealed class SpatialCnn : Module<Tensor, Tensor>
{
    public const int Poolings = 3;
    private static readonly int[] Kernels = [6, 16, 40];

    private readonly PstnnOptions _options;
    private readonly Sequential _convolutions;
    private readonly Sequential _connected;

    public SpatialCnn(PstnnOptions options) : base(nameof(SpatialCnn))
    {
        _options = options;
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < Poolings; i++)
        {
            layers.Add(($"convolution{i}", Conv2d(i == 0 ? 1 : Kernels[i - 1], Kernels[i], 5, padding: 2)));
            layers.Add(($"norm{i}", BatchNorm2d(Kernels[i])));
            layers.Add(($"relu{i}", ReLU()));
            layers.Add(($"pool{i}", MaxPool2d(2)));
        }

        _convolutions = Sequential(layers);
        var left = Kernels[^1] * (options.Coefficients >> Poolings) * (options.Components >> Poolings);
        _connected = Sequential(("linear", Linear(left, options.Embedding)), ("relu", ReLU()), ("dropout", Dropout(options.Dropout)));
        RegisterComponents();
    }

    /// <summary>(sample, component x coefficient) to (sample, embedding).</summary>
    public override Tensor forward(Tensor supervectors)
    {
        using var scope = NewDisposeScope();
        var maps = _convolutions.call(SupervectorMap.Of(supervectors, _options));
        return _connected.call(maps.flatten(1)).MoveToOuterDisposeScope();
    }
}
