using DeviceId.Acceleration.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>Fully connected layers of shrinking width, each with ReLU and batch normalisation, and a linear layer to the classes (paper, Section 5.2).</summary>
internal sealed class BackEnd : Module<Tensor, Tensor>
{
    private readonly Sequential _layers;

    /// <param name="inputs">Width of the embedding.</param>
    /// <param name="hiddenWidths">Widths of the hidden layers, none at all allowed.</param>
    /// <param name="devices">Classes.</param>
    public BackEnd(int inputs, IReadOnlyList<int> hiddenWidths, int devices) : base(nameof(BackEnd))
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        foreach (var (width, i) in hiddenWidths.Select((width, i) => (width, i)))
        {
            layers.Add(($"linear{i}", new Dense(inputs, width)));
            layers.Add(($"relu{i}", ReLU()));
            layers.Add(($"norm{i}", BatchNorm1d(width)));
            inputs = width;
        }

        layers.Add(("classes", new Dense(inputs, devices)));
        _layers = Sequential(layers);
        RegisterComponents();
    }

    /// <summary>(sample, embedding) to logits (sample, device).</summary>
    public override Tensor forward(Tensor embedding) => _layers.call(embedding);
}
