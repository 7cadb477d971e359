using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Zeroth- and first-order (Baum-Welch) statistics of segments under a background model.</summary>
internal sealed class SegmentStatistics : IDisposable
{
    private const long BlockFrames = 8192;

    private readonly FrameScorer _scorer;
    private readonly Tensor _means;
    private readonly Tensor _deviations;
    private readonly Device _device;

    /// <param name="background">The background model; copied.</param>
    /// <param name="device">Compute device.</param>
    public SegmentStatistics(DiagonalGmm background, Device device)
    {
        using var scope = NewDisposeScope();
        using var tables = ScoringTables.For(background);
        _device = device;
        _scorer = new FrameScorer(tables, device, ScalarType.Float64);
        _means = background.Means.clone().DetachFromDisposeScope();
        _deviations = background.Variances.clamp_min(DiagonalGmm.AbsoluteFloor).sqrt().DetachFromDisposeScope();
    }

    /// <summary>The statistics of segments.</summary>
    /// <param name="segments">(sample, frame, column); the first columns are those of the background model.</param>
    /// <param name="cancellationToken">Checked before each block.</param>
    /// <returns>
    /// Counts n (sample, component): sums of posteriors. Sums F (sample, component, column): sums of posterior x (x - mean) / standard
    /// deviation. Both float64 on the CPU.
    /// </returns>
    public (Tensor Counts, Tensor Sums) Compute(Tensor segments, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var columns = _means.shape[1];
        var block = Math.Max(1, BlockFrames / Math.Max(1, segments.shape[1]));
        var joined = SampleBlocks.Compute(segments.narrow(2, 0, columns), block, ComputeBlock, cancellationToken);
        var counts = joined.select(2, 0).contiguous();
        var sums = (joined.narrow(2, 1, columns) - (counts.unsqueeze(2) * _means)) / _deviations;
        return (counts.MoveToOuterDisposeScope(), sums.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _scorer.Dispose();
        _means.Dispose();
        _deviations.Dispose();
    }

    /// <summary>Counts, then sums of posterior x value (sample, component, 1 + column).</summary>
    private Tensor ComputeBlock(Tensor segments)
    {
        var frames = segments.to(ScalarType.Float64, _device);
        var standardised = _scorer.Standardise(frames.reshape(-1, frames.shape[2]));
        var posteriors = _scorer.Score(standardised).Posteriors.view(frames.shape[0], frames.shape[1], -1);
        var values = cat([ones_like(frames.narrow(2, 0, 1)), frames], 2);
        return posteriors.transpose(1, 2).bmm(values).cpu();
    }
}
