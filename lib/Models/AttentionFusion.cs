using DeviceId.Acceleration.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

/// <summary>One weight for each branch, learnt from both; the weighted branches are added (paper, Section 5.1).</summary>
/// <remarks>
/// 1 the branches side by side are a map (embedding, branch);
/// 2 convolution of 16 kernels of 3 x 3, ReLU, average pooling over 16 values of the embedding;
/// 3 convolution of 32 kernels of 5 x 5, ReLU, average pooling over all that is left of the embedding;
/// 4 a dense layer of one sigmoid output a branch: the weights.
/// Kernels and dense layer are those of the laboratory's later code; the pooling sizes are ours (a pooling of 4 made the two weights a quarter of a training step's time).
/// </remarks>
internal sealed class AttentionFusion : Module<Tensor[], Tensor>
{
    public const int PoolSize = 16;
    private const int FirstKernels = 16;
    private const int SecondKernels = 32;

    private readonly Conv2d _first;
    private readonly Conv2d _second;
    private readonly Linear _dense;

    public AttentionFusion(int branches) : base(nameof(AttentionFusion))
    {
        _first = Conv2d(1, FirstKernels, 3, padding: 1);
        _second = Conv2d(FirstKernels, SecondKernels, 5, padding: 2);
        _dense = Linear(SecondKernels * branches, branches);
        RegisterComponents();
    }

    /// <summary>The weights (sample, branch) in (0, 1), in the order of the branches.</summary>
    public Tensor Weights(params Tensor[] branches)
    {
        using var scope = NewDisposeScope();
        var maps = PooledConvolution.Takes(branches, _first, PoolSize) ? PooledConvolution.Of(branches, _first, PoolSize) : Pooled(branches);
        maps = NarrowConvolution.MeanOf(maps, _second);
        return sigmoid(_dense.call(maps.transpose(1, 2).flatten(1))).MoveToOuterDisposeScope();
    }

    /// <summary>The first layer in tensor operations: (sample, stretch of the embedding, branch, kernel).</summary>
    internal Tensor Pooled(Tensor[] branches)
    {
        using var scope = NewDisposeScope();
        var maps = NarrowConvolution.Of(stack(branches, 2).unsqueeze(3), _first).relu();
        var (rows, pooled) = (maps.shape[1], maps.shape[1] / PoolSize);
        // The slope of a part would be written into zeros as large as the whole: only where there is a rest.
        var whole = rows == pooled * PoolSize ? maps : maps.narrow(1, 0, pooled * PoolSize);
        return whole.reshape(-1, pooled, PoolSize, branches.Length, FirstKernels).mean([2]).MoveToOuterDisposeScope();
    }

    /// <summary>Embeddings (sample, embedding) of all branches to one of the same shape.</summary>
    public override Tensor forward(params Tensor[] branches)
    {
        using var scope = NewDisposeScope();
        var weights = Weights(branches);
        var fused = branches[0] * weights.narrow(1, 0, 1);
        for (var i = 1; i < branches.Length; i++)
            fused = fused + branches[i] * weights.narrow(1, i, 1);
        return fused.MoveToOuterDisposeScope();
    }
}
