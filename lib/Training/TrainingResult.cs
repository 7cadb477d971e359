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
