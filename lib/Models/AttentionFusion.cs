using DeviceId.Acceleration.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>Attention fusion (Section 5.1): a weighted sum of the branches; the weights are computed from all branches.</summary>
/// <remarks>
/// Convolutions and linear layer follow the authors' later code. The pooling is our choice: with windows of 4 instead of 16, attention took
/// a quarter of the time of a training step.
/// </remarks>
internal sealed class AttentionFusion : Module<Tensor[], Tensor>
{
    /// <summary>Window of the first average pooling, along the embedding.</summary>
    public const int PoolRows = 16;

    private readonly Module<Tensor, Tensor> weigh;

    public AttentionFusion(int branches, Device device) : base(nameof(AttentionFusion))
    {
        weigh = Sequential(
            new ConvReluPool(1, 16, 3, PoolRows, device),
            new ConvReluPool(16, 32, 5, poolRows: null, device),
            Flatten(), Linear(32 * branches, branches, device: device), Sigmoid());
        RegisterComponents();
    }

    /// <summary>Embeddings (sample, embedding) of all branches to one embedding (sample, embedding).</summary>
    public override Tensor forward(Tensor[] branches)
    {
        using var scope = NewDisposeScope();
        var weights = Weights(branches);
        var weighted = branches.Select((embedding, branch) => embedding * weights.narrow(1, branch, 1));
        return weighted.Aggregate((sum, embedding) => sum + embedding).MoveToOuterDisposeScope();
    }

    /// <summary>Attention weights (sample, branch), each in (0, 1).</summary>
    public Tensor Weights(Tensor[] branches)
    {
        using var scope = NewDisposeScope();
        var map = stack(branches, dim: 2).unsqueeze(1); // (sample, 1, embedding, branch)
        return weigh.call(map).MoveToOuterDisposeScope();
    }
}

/// <summary>Concatenation of the branches (Table 8).</summary>
internal sealed class Concatenation() : Module<Tensor[], Tensor>(nameof(Concatenation))
{
    /// <summary>Embeddings (sample, embedding) of all branches to (sample, branch x embedding).</summary>
    public override Tensor forward(Tensor[] branches) => cat(branches, 1);
}
