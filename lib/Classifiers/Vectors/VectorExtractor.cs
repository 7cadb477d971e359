using DeviceId.Data;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Maps segments to vectors.</summary>
internal abstract class VectorExtractor : FittedPart
{
    /// <inheritdoc/>
    protected VectorExtractor(params (string Name, Tensor Tensor)[] state)
        : base(state)
    {
    }

    /// <summary>The vectors of samples.</summary>
    /// <param name="samples">Samples of the front end that the extractor was fitted with.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <returns>(sample, value), float64 on the CPU.</returns>
    public abstract Tensor Compute(SampleBatch samples, CancellationToken cancellationToken);
}

/// <summary>What fitting an extractor needs besides the samples.</summary>
/// <param name="Background">The front end's background model, owned by the caller; null without one.</param>
/// <param name="Seed">Seed of all random choices.</param>
/// <param name="Device">Compute device.</param>
internal sealed record VectorContext(DiagonalGmm? Background, long Seed, Device Device);
