using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>A network's outputs, at most 3: logits from <c>forward</c>, probabilities from <see cref="DeviceNetwork.Predict"/>.</summary>
/// <param name="Spatial">The spatial head (sample, device), or null without a spatial branch.</param>
/// <param name="Temporal">The temporal head (sample, device), or null without a temporal branch.</param>
/// <param name="Deep">The end of the network (sample, device).</param>
public sealed record PstnnOutput(Tensor? Spatial, Tensor? Temporal, Tensor Deep) : IDisposable
{
    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Spatial?.Dispose();
        Temporal?.Dispose();
        Deep.Dispose();
    }

    internal PstnnOutput Select(Func<Tensor, Tensor> change) =>
        new(Spatial is null ? null : change(Spatial), Temporal is null ? null : change(Temporal), change(Deep));
}
