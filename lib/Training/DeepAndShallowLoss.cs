using DeviceId.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Training;

/// <summary>The weighted sum of the cross-entropies of a network's three outputs (paper, Table 1, step 4), in nats.</summary>
/// <remarks>The weight of a missing output is distributed over the others in proportion, so that the loss stays a weighted mean.</remarks>
/// <param name="weights">The three weights.</param>
internal sealed class DeepAndShallowLoss(DeepAndShallowLossOptions weights) : ILoss
{
    /// <inheritdoc/>
    public Tensor Compute(PstnnOutput output, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var parts = new[] { (weights.Spatial, output.Spatial), (weights.Temporal, output.Temporal), (weights.Deep, output.Deep) }
            .Where(part => part.Item2 is not null && part.Item1 > 0).ToList();
        var totalWeight = parts.Sum(part => part.Item1);
        if (totalWeight <= 0)
            throw new ArgumentException(
                $"The loss weights {weights.Spatial} : {weights.Temporal} : {weights.Deep} put all weight on outputs "
                + "that this network does not have.");
        Tensor? loss = null;
        foreach (var (weight, logits) in parts)
        {
            var part = functional.cross_entropy(logits!, labels) * (weight / totalWeight);
            loss = loss is null ? part : loss + part;
        }

        return loss!.MoveToOuterDisposeScope();
    }
}
