using DeviceId.Acceleration;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>A training step of the paper's network on random samples, as in <see cref="Trainer"/>.</summary>
internal sealed class PstnnStep : IDisposable
{
    private readonly Pstnn _network;
    private readonly DeepAndShallowLoss _loss = new(new DeepAndShallowLossOptions(0.25, 0.5, 0.25));
    private readonly Tensor _supervectors;
    private readonly Tensor _segments;
    private readonly Tensor _labels;

    public PstnnStep(int batch)
    {
        var shape = SampleShape.AsWritten;
        _network = Pstnn.Create(new PstnnOptions(), shape, 1);
        _network.train();
        Adam = new Adam(_network.parameters());
        (_supervectors, _segments) = (randn(batch, shape.SupervectorLength), randn(batch, shape.Frames, shape.Columns));
        _labels = randint(0, shape.Devices, batch, ScalarType.Int64);
    }

    public Adam Adam { get; }

    /// <summary>Number of parameters.</summary>
    public long Weights => _network.parameters().Sum(p => p.numel());

    /// <summary>Forward pass, backward pass and a step of Adam.</summary>
    public void Run() => Forward(loss =>
    {
        Adam.ZeroGradients();
        loss.backward();
        Adam.Step(1e-3);
    });

    /// <summary>Forward and backward pass only, after which every parameter has a gradient.</summary>
    public void Backward() => Forward(loss => loss.backward());

    private void Forward(Action<Tensor> continueWithLoss)
    {
        using var threads = ComputeScope.Enter(Kernels.KernelsDoAllLargeProducts(_network, CPU, (int)_labels.shape[0]));
        using var scope = NewDisposeScope();
        using var output = _network.call(_supervectors, _segments);
        continueWithLoss(_loss.Compute(output, _labels));
    }

    public void Dispose()
    {
        Adam.Dispose();
        _network.Dispose();
        _supervectors.Dispose();
        _segments.Dispose();
        _labels.Dispose();
    }
}
