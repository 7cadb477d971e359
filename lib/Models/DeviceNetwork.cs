using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>Base class of networks that classify supervectors and segments by device.</summary>
/// <param name="name">Name of the module.</param>
/// <param name="settings">The options that the network was built from.</param>
/// <param name="shape">The sample sizes that it was built for.</param>
public abstract class DeviceNetwork(string name, NetworkOptions settings, SampleShape shape) : Module<Tensor, Tensor, PstnnOutput>(name)
{
    /// <summary>The options that the network was built from.</summary>
    public NetworkOptions Settings { get; } = settings;

    /// <summary>The sample sizes that the network was built for.</summary>
    public SampleShape Shape { get; } = shape;

    /// <summary>Class probabilities of each output, on the CPU, in evaluation mode without gradients; restores the mode.</summary>
    /// <param name="supervectors">(sample, component x coefficient).</param>
    /// <param name="segments">(sample, frame, coefficient).</param>
    /// <param name="batchSize">Samples per batch; affects the result only by rounding.</param>
    /// <param name="device">Device of the network; null for the CPU.</param>
    /// <param name="cancellationToken">Checked before each batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public PstnnOutput Predict(
        Tensor supervectors, Tensor segments, int batchSize = 256, Device? device = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        return InEvaluationMode(() =>
        {
            using var scope = NewDisposeScope();
            if (segments.shape[0] == 0)
                return new PstnnOutput(null, null, empty([0, Shape.Devices], device: CPU).MoveToOuterDisposeScope());
            var batches = InBatches(supervectors, segments, batchSize, device, cancellationToken, (s, x) =>
                forward(s, x).Select(logits => logits.softmax(1).cpu().MoveToOuterDisposeScope()));
            Tensor? Concatenate(Func<PstnnOutput, Tensor?> output) =>
                output(batches[0]) is null ? null : cat(batches.Select(batch => output(batch)!).ToArray(), 0).MoveToOuterDisposeScope();
            return new PstnnOutput(Concatenate(o => o.Spatial), Concatenate(o => o.Temporal), Concatenate(o => o.Deep)!);
        });
    }

    /// <summary>Attention weights (sample, branch) on the CPU, in evaluation mode without gradients; null without attention.</summary>
    /// <param name="supervectors">(sample, component x coefficient).</param>
    /// <param name="segments">(sample, frame, coefficient).</param>
    /// <param name="batchSize">Samples per batch; affects the result only by rounding.</param>
    /// <param name="device">Device of the network; null for the CPU.</param>
    /// <param name="cancellationToken">Checked before each batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor? AttentionWeights(
        Tensor supervectors, Tensor segments, int batchSize = 256, Device? device = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        return InEvaluationMode(() =>
        {
            using var scope = NewDisposeScope();
            var weights = InBatches(
                supervectors, segments, batchSize, device, cancellationToken, (s, x) => Attention(s, x)?.cpu().MoveToOuterDisposeScope());
            return weights.Count == 0 || weights[0] is null
                ? null : cat(weights.Select(batch => batch!).ToArray(), 0).MoveToOuterDisposeScope();
        });
    }

    /// <summary>Computes one result per batch: at the paper's size the activations of all samples do not fit into memory.</summary>
    private static List<T> InBatches<T>(
        Tensor supervectors, Tensor segments, int batchSize, Device? device, CancellationToken cancellationToken,
        Func<Tensor, Tensor, T> compute)
    {
        var results = new List<T>();
        for (long start = 0; start < segments.shape[0]; start += batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var batch = NewDisposeScope();
            var count = Math.Min(batchSize, segments.shape[0] - start);
            Tensor Slice(Tensor all) => device is null ? all.narrow(0, start, count) : all.narrow(0, start, count).to(device);
            results.Add(compute(Slice(supervectors), Slice(segments)));
        }

        return results;
    }

    /// <summary>Attention weights (sample, branch) of one batch in the current mode; null without attention.</summary>
    protected virtual Tensor? Attention(Tensor supervectors, Tensor segments) => null;

    /// <summary>Runs a computation in evaluation mode without gradients, then restores the mode.</summary>
    private T InEvaluationMode<T>(Func<T> compute)
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
