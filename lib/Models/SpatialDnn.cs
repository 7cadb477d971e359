using DeviceId.Acceleration.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>Three fully connected layers over the supervector: each linear, ReLU, batch normalisation, dropout (paper, Section 4.1.1).</summary>
internal sealed class SpatialDnn : Module<Tensor, Tensor>
{
    private const int Layers = 3;
    private readonly Sequential _layers;

    public SpatialDnn(PstnnOptions options) : base(nameof(SpatialDnn))
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < Layers; i++)
        {
            layers.Add(($"linear{i}", new Dense(i == 0 ? options.SupervectorLength : options.Embedding, options.Embedding)));
            layers.Add(($"relu{i}", ReLU()));
            layers.Add(($"norm{i}", BatchNorm1d(options.Embedding)));
            layers.Add(($"dropout{i}", new SeededDropout(options.Dropout)));
        }

        _layers = Sequential(layers);
        RegisterComponents();
    }

    /// <summary>(sample, component x coefficient) to (sample, embedding).</summary>
    public override Tensor forward(Tensor supervectors) => _layers.call(supervectors);
}
