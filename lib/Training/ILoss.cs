using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>A loss function, which training minimises.</summary>
public interface ILoss
{
    /// <summary>Computes the loss of a batch.</summary>
    /// <param name="output">Logits (sample, device) of the network's outputs.</param>
    /// <param name="labels">int64 (sample).</param>
    /// <returns>A scalar with an autograd graph; the caller disposes of it.</returns>
    /// <exception cref="ArgumentException">The loss needs an output that the network does not have.</exception>
    Tensor Compute(PstnnOutput output, Tensor labels);
}
