using DeviceId.Acceleration.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>Two LSTM layers in one or two directions, every time step kept, flattened into a fully connected layer (paper, Section 4.2).</summary>
internal sealed class TemporalLstm : Module<Tensor, Tensor>
{
    private readonly LSTM _first;
    private readonly LSTM _second;
    private readonly Dense _connected;
    private readonly SeededDropout _dropout;

    public TemporalLstm(PstnnOptions options) : base(nameof(TemporalLstm))
    {
        var both = options.Temporal == TemporalNetwork.BiLstm;
        var directions = both ? 2 : 1;
        _first = LSTM(options.Coefficients, options.FirstLstmUnits, batchFirst: true, bidirectional: both);
        _second = LSTM(directions * options.FirstLstmUnits, options.SecondLstmUnits, batchFirst: true, bidirectional: both);
        _connected = new Dense((long)options.Frames * directions * options.SecondLstmUnits, options.Embedding);
        _dropout = new SeededDropout(options.Dropout);
        RegisterComponents();
        // TorchSharp's layer keeps them on its native side too, and so lets a scope around its making take the managed ones away.
        foreach (var parameter in _first.parameters().Concat(_second.parameters()))
            parameter.DetachFromDisposeScope();
    }

    /// <summary>Bias values that a framework with one bias vector a gate would not have: libtorch keeps two of four gates in each direction.</summary>
    public long SecondBiases => new[] { _first, _second }.SelectMany(layer => layer.named_parameters())
        .Where(parameter => parameter.name.StartsWith("bias_hh", StringComparison.Ordinal)).Sum(parameter => parameter.parameter.numel());

    /// <summary>(sample, frame, coefficient) to (sample, embedding).</summary>
    public override Tensor forward(Tensor segments)
    {
        using var scope = NewDisposeScope();
        var steps = Lstm.Of(_second, Lstm.Of(_first, segments));
        return _dropout.call(functional.relu(_connected.call(steps.flatten(1)))).MoveToOuterDisposeScope();
    }
}
