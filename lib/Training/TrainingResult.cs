using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>The log of a training.</summary>
/// <param name="Epochs">All epochs, including those before the training was resumed.</param>
internal sealed record TrainingLog(IReadOnlyList<EpochResult> Epochs);

/// <summary>The result of a training besides the network's weights.</summary>
/// <param name="Log">One entry per epoch.</param>
/// <param name="OutputsByName">The tensors that the calls after epochs returned, by name, on the CPU; the latest of each name.</param>
internal sealed record TrainingResult(TrainingLog Log, IReadOnlyDictionary<string, Tensor> OutputsByName) : IDisposable
{
    /// <summary>Frees <see cref="OutputsByName"/>.</summary>
    public void Dispose()
    {
        foreach (var tensor in OutputsByName.Values)
            tensor.Dispose();
    }
}
