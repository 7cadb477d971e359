using DeviceId.Acceleration.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>One weight for each branch, learnt from all of them; the weighted branches are added (Section 5.1).</summary>
/// <remarks>
/// Kernels and linear layer are those of the laboratory's later code; the pooling is ours (with a pooling of 4 instead of 16, attention
/// took a quarter of a training step's time).
/// </remarks>
internal sealed class AttentionFusion : Module<Tensor[], Tensor>
{
    /// <summary>Values of the embeddings in a window of the first pooling.</summary>
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

    /// <summary>Embeddings (sample, embedding) of all branches to one of the same shape.</summary>
    public override Tensor forward(Tensor[] branches)
    {
        using var scope = NewDisposeScope();
        var weights = Weights(branches);
        return branches.Select((embedding, branch) => embedding * weights.narrow(1, branch, 1)).Aggregate((sum, weighted) => sum + weighted)
            .MoveToOuterDisposeScope();
    }

    /// <summary>The weights (sample, branch) in (0, 1), in the order of the branches.</summary>
    public Tensor Weights(Tensor[] branches)
    {
        using var scope = NewDisposeScope();
        var map = stack(branches, dim: 2).unsqueeze(1); // (sample, 1, embedding, branch)
        return weigh.call(map).MoveToOuterDisposeScope();
    }
}

/// <summary>The branches side by side (Table 8).</summary>
internal sealed class Concatenation() : Module<Tensor[], Tensor>(nameof(Concatenation))
{
    /// <summary>Embeddings (sample, embedding) of all branches to (sample, branch x embedding).</summary>
    public override Tensor forward(Tensor[] branches) => cat(branches, 1);
}
