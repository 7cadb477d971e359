using DeviceId.Acceleration.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>
/// Three convolutions of 6, 16 and 40 kernels of 5 x 5, each with batch normalisation, ReLU and max pooling by 2, then a fully connected
/// layer. Borders are kept by padding: the paper does not say, and without it the smallest map of its CNN would be 1 x 4.
/// </summary>
internal sealed class ConvolutionalBranch : Module<Tensor, Tensor>
{
    public const int Poolings = 3;
    private static readonly int[] Kernels = [6, 16, 40];

    private readonly Sequential _convolutions;
    private readonly Sequential _connected;

    /// <param name="rows">Rows of the map, 8 at least.</param>
    /// <param name="columns">Columns of the map, 8 at least.</param>
    /// <param name="embedding">Width of the output.</param>
    /// <param name="dropout">Share of values dropped in training.</param>
    public ConvolutionalBranch(int rows, int columns, int embedding, double dropout) : base(nameof(ConvolutionalBranch))
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < Poolings; i++)
        {
            layers.Add(($"convolution{i}", Conv2d(i == 0 ? 1 : Kernels[i - 1], Kernels[i], 5, padding: 2)));
            layers.Add(($"norm{i}", BatchNorm2d(Kernels[i])));
            layers.Add(($"relu{i}", ReLU()));
            layers.Add(($"pool{i}", MaxPool2d(2)));
        }

        _convolutions = Sequential(layers);
        var left = Kernels[^1] * (rows >> Poolings) * (columns >> Poolings);
        _connected = Sequential(("linear", Linear(left, embedding)), ("relu", ReLU()), ("dropout", new SeededDropout(dropout)));
        RegisterComponents();
    }

    /// <summary>(sample, 1, row, column) to (sample, embedding).</summary>
    public override Tensor forward(Tensor maps)
    {
        using var scope = NewDisposeScope();
        return _connected.call(_convolutions.call(maps).flatten(1)).MoveToOuterDisposeScope();
    }
}
