using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>What a training leaves besides the network's weights.</summary>
/// <param name="Log">Epoch by epoch.</param>
/// <param name="Kept">What the calls after epochs returned, by name, on the CPU; the last of each name.</param>
internal sealed record TrainingResult(TrainingLog Log, IReadOnlyDictionary<string, Tensor> Kept) : IDisposable
{
    /// <summary>Frees <see cref="Kept"/>.</summary>
    public void Dispose()
    {
        foreach (var tensor in Kept.Values)
            tensor.Dispose();
    }
}

/// <summary>A training, epoch by epoch.</summary>
/// <param name="Epochs">All epochs, those before a resumption included.</param>
internal sealed record TrainingLog(IReadOnlyList<EpochResult> Epochs);

/// <summary>One finished epoch.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean loss, nats.</param>
/// <param name="Accuracy">Share of training samples that the deep output had right (dropout on), in [0, 1].</param>
/// <param name="LearningRate">Adam's step size.</param>
/// <param name="Seconds">Time taken.</param>
public sealed record EpochResult(int Epoch, double Loss, double Accuracy, double LearningRate, double Seconds);
