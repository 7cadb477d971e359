using DeviceId.Data;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Evaluation;

/// <summary>Evaluates trained systems on test samples; all predictions that are stored as results come from here.</summary>
internal static class Evaluator
{
    /// <summary>Probabilities of the network's outputs for every test sample.</summary>
    /// <param name="network">A trained network; its training or evaluation mode is restored afterwards.</param>
    /// <param name="test">The test samples.</param>
    /// <param name="device">The compute device that the network is on.</param>
    /// <param name="cancellationToken">Checked before each batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SystemPredictions Evaluate(
        DeviceNetwork network, TestDataset test, Device device, CancellationToken cancellationToken = default)
    {
        using var probabilities = network.Predict(test.Supervectors, test.Segments, device: device, cancellationToken: cancellationToken);
        return Collect(probabilities, test);
    }

    /// <summary>Scores of a classifier for every test sample.</summary>
    /// <param name="system">A trained classifier.</param>
    /// <param name="test">The test samples, from the same front end.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Predictions Evaluate(IDeviceClassifier system, TestDataset test, CancellationToken cancellationToken = default)
    {
        using var batch = new SampleBatch(test.Supervectors.alias(), test.Segments.alias());
        using var scores = system.Scores(batch, cancellationToken);
        return Collect(scores, test);
    }

    /// <summary>Combines the probabilities of a network's outputs with the true labels.</summary>
    /// <param name="probabilities">(sample, device) of each output; owned by the caller.</param>
    /// <param name="test">The test samples.</param>
    internal static SystemPredictions Collect(PstnnOutput probabilities, TestDataset test)
    {
        Predictions? CollectIfPresent(Tensor? head) => head is null ? null : Collect(head, test);
        using var sum = SumOverHeads(probabilities);
        return new SystemPredictions(
            CollectIfPresent(probabilities.Spatial), CollectIfPresent(probabilities.Temporal), Collect(probabilities.Deep, test),
            Collect(sum, test), AreProbabilities: true);
    }

    private static Predictions Collect(Tensor scores, TestDataset test) => new(
        test.Devices, test.Recordings, test.RecordingOf, [.. test.Labels.data<long>().Select(label => (int)label)], Rows(scores));

    private static Tensor SumOverHeads(PstnnOutput scores)
    {
        using var scope = NewDisposeScope();
        var sum = scores.Deep.clone();
        if (scores.Spatial is { } spatial)
            sum = sum + spatial;
        if (scores.Temporal is { } temporal)
            sum = sum + temporal;
        return sum.MoveToOuterDisposeScope();
    }

    private static float[][] Rows(Tensor scores)
    {
        var width = (int)scores.shape[1];
        using var flat = scores.cpu().contiguous();
        var values = flat.data<float>().ToArray();
        return [.. values.Chunk(width)];
    }
}
