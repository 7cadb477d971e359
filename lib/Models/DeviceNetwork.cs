using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>A network from supervectors and segments to devices, which a trainer trains and an evaluator evaluates.</summary>
/// <param name="name">The module's name.</param>
/// <param name="settings">What the network was built from.</param>
/// <param name="shape">The sizes of the samples that it was built for.</param>
public abstract class DeviceNetwork(string name, NetworkOptions settings, SampleShape shape) : Module<Tensor, Tensor, PstnnOutput>(name)
{
    /// <summary>What the network was built from.</summary>
    public NetworkOptions Settings { get; } = settings;

    /// <summary>The sizes of the samples that it was built for.</summary>
    public SampleShape Shape { get; } = shape;

    /// <summary>Probabilities of the outputs on the CPU, without dropout and gradients; restores the network's mode.</summary>
    /// <param name="supervectors">(sample, component x coefficient).</param>
    /// <param name="segments">(sample, frame, coefficient).</param>
    /// <param name="batchSize">Samples computed together; without influence on the result beyond rounding.</param>
    /// <param name="device">Where the network is; null for the CPU.</param>
    /// <param name="cancellationToken">Asked before each batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public PstnnOutput Predict(
        Tensor supervectors, Tensor segments, int batchSize = 256, Device? device = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        return Evaluating(() =>
        {
            using var scope = NewDisposeScope();
            if (segments.shape[0] == 0)
                return new PstnnOutput(null, null, empty([0, Shape.Devices], device: CPU).MoveToOuterDisposeScope());
            var parts = InBatches(supervectors, segments, batchSize, device, cancellationToken, (s, x) =>
                forward(s, x).Select(logits => logits.softmax(1).cpu().MoveToOuterDisposeScope()));
            Tensor? Joined(Func<PstnnOutput, Tensor?> head) =>
                head(parts[0]) is null ? null : cat(parts.Select(part => head(part)!).ToArray(), 0).MoveToOuterDisposeScope();
            return new PstnnOutput(Joined(p => p.Spatial), Joined(p => p.Temporal), Joined(p => p.Deep)!);
        });
    }

    /// <summary>Attention weights (sample, branch) on the CPU, without dropout and gradients; null without attention.</summary>
    /// <param name="supervectors">(sample, component x coefficient).</param>
    /// <param name="segments">(sample, frame, coefficient).</param>
    /// <param name="batchSize">Samples computed together; without influence on the result beyond rounding.</param>
    /// <param name="device">Where the network is; null for the CPU.</param>
    /// <param name="cancellationToken">Asked before each batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor? AttentionWeights(
        Tensor supervectors, Tensor segments, int batchSize = 256, Device? device = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        return Evaluating(() =>
        {
            using var scope = NewDisposeScope();
            var parts = InBatches(
                supervectors, segments, batchSize, device, cancellationToken, (s, x) => Attention(s, x)?.cpu().MoveToOuterDisposeScope());
            return parts.Count == 0 || parts[0] is null ? null : cat(parts.Select(part => part!).ToArray(), 0).MoveToOuterDisposeScope();
        });
    }

    /// <summary>One result a batch: at the paper's size the activations of all samples do not fit the memory.</summary>
    private static List<T> InBatches<T>(
        Tensor supervectors, Tensor segments, int batchSize, Device? device, CancellationToken cancellationToken,
        Func<Tensor, Tensor, T> compute)
    {
        var parts = new List<T>();
        for (long start = 0; start < segments.shape[0]; start += batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var batch = NewDisposeScope();
            var count = Math.Min(batchSize, segments.shape[0] - start);
            Tensor Part(Tensor all) => device is null ? all.narrow(0, start, count) : all.narrow(0, start, count).to(device);
            parts.Add(compute(Part(supervectors), Part(segments)));
        }

        return parts;
    }

    /// <summary>What <see cref="AttentionWeights"/> returns, computed in the network's present mode.</summary>
    protected virtual Tensor? Attention(Tensor supervectors, Tensor segments) => null;

    /// <summary>Runs a computation in evaluation mode and without gradients, and restores the mode.</summary>
    private T Evaluating<T>(Func<T> compute)
    {
        using var work = ComputeScope.Enter();
        var wasTraining = training;
        eval();
        try
        {
            using var gradients = no_grad();
            return compute();
        }
        finally
        {
            train(wasTraining);
        }
    }
}
