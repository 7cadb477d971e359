using DeviceId.Acceleration;
using DeviceId.Acceleration.Mixtures;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>
/// MAP adaptation of a background model's means to an utterance: mu' = (F + tau mu) / (N + tau), one pass. N and F are the zeroth- and
/// first-order sufficient statistics.
/// </summary>
/// <remarks>
/// D. A. Reynolds, T. F. Quatieri, R. B. Dunn, "Speaker verification using adapted Gaussian mixture models", DSP 10, 2000, eq. 11-14.
/// </remarks>
public sealed class MapAdaptation : IDisposable
{
    private const int ChunkFrames = 8192;
    private readonly DiagonalGmm _background;
    private readonly ScoringTables _tables;
    private readonly AdaptationKernel? _kernel;
    private readonly FrameScorer _scorer;
    private readonly double _relevanceFactor;
    private readonly Tensor _scale;
    private readonly Tensor _priorOffset;
    private readonly Tensor _prior;

    /// <summary>Prepares the adaptation; the background model must outlive this object.</summary>
    /// <param name="background">The background model.</param>
    /// <param name="relevanceFactor">
    /// Relevance factor tau, finite and above 0: the number of frames that weigh as much as the background model.
    /// </param>
    /// <param name="device">The device that computes; null for the CPU.</param>
    /// <param name="precision">Float32 (agrees to 2e-5) or Float64; also the type of the result.</param>
    /// <exception cref="ArgumentOutOfRangeException">The relevance factor is not above 0.</exception>
    public MapAdaptation(DiagonalGmm background, double relevanceFactor = 10, Device? device = null,
        ScalarType precision = ScalarType.Float32)
    {
        if (!(relevanceFactor > 0) || double.IsInfinity(relevanceFactor))
            throw new ArgumentOutOfRangeException(nameof(relevanceFactor), relevanceFactor,
                "The relevance factor must be finite and above 0.");
        using var scope = NewDisposeScope();
        var target = device ?? CPU;
        (_background, _relevanceFactor) = (background, relevanceFactor);
        _tables = ScoringTables.For(background);
        _kernel = Backend.Accelerates(target, precision) ? CreateKernel() : null;
        _scorer = new FrameScorer(_tables, target, precision);
        _scale = _tables.Scale.to(precision, target, copy: true).DetachFromDisposeScope();
        _priorOffset = ((background.Means - _tables.Shift) / _tables.Scale).to(precision, target, copy: true).DetachFromDisposeScope();
        _prior = background.Means.to(precision, target, copy: true).DetachFromDisposeScope();
    }

    /// <summary>Adapts to many utterances of equal length.</summary>
    /// <param name="segments">(utterance, frame, coefficient); without frames, the result is the background model's means.</param>
    /// <param name="cancellationToken">Checked before each chunk of frames.</param>
    /// <returns>(utterance, component, coefficient) on the device.</returns>
    /// <exception cref="ArgumentException">The shape is wrong.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor Means(Tensor segments, CancellationToken cancellationToken = default)
    {
        _background.RequireFrames(segments, 3, nameof(segments));
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        if (segments.shape[0] == 0 || segments.shape[1] == 0)
            return _prior.unsqueeze(0).repeat(segments.shape[0], 1, 1).MoveToOuterDisposeScope();
        if (_kernel is not null)
            return _kernel.Means(segments, cancellationToken).MoveToOuterDisposeScope();
        var parts = new List<Tensor>();
        var step = Math.Max(1, ChunkFrames / segments.shape[1]);
        for (long start = 0; start < segments.shape[0]; start += step)
        {
            using var inner = NewDisposeScope();
            var block = segments.narrow(0, start, Math.Min(step, segments.shape[0] - start));
            parts.Add(Adapt(block, cancellationToken).MoveToOuterDisposeScope());
        }

        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    /// <summary>Adapts to utterances of different lengths.</summary>
    /// <param name="utterances">(frame, coefficient) each; an empty one gives the background model's means.</param>
    /// <param name="cancellationToken">Checked before each chunk of frames.</param>
    /// <returns>(utterance, component, coefficient) on the device.</returns>
    /// <exception cref="ArgumentException">A shape is wrong.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor Means(IReadOnlyList<Tensor> utterances, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        if (utterances.Count == 0)
            return _prior.unsqueeze(0).narrow(0, 0, 0).clone().MoveToOuterDisposeScope();
        return cat(utterances.Select(utterance => Means(utterance.unsqueeze(0), cancellationToken)).ToList(), 0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tables.Dispose();
        _scorer.Dispose();
        _scale.Dispose();
        _priorOffset.Dispose();
        _prior.Dispose();
    }

    private AdaptationKernel CreateKernel()
    {
        var operands = _tables.Operands();
        return new AdaptationKernel(operands, [.. _background.Means.data<double>()], _relevanceFactor, FrameKernel.For(operands));
    }

    // N and F come from standardised frames, so mu' = mu + scale (F - N mu) / (N + tau): large values have cancelled before they are
    // summed.
    private Tensor Adapt(Tensor segments, CancellationToken cancellationToken)
    {
        Tensor? counts = null, sums = null;
        // In chunks, because an utterance of a GMM-UBM is everything that was recorded with a device: hours.
        for (long start = 0; start < segments.shape[1]; start += ChunkFrames)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var (n, f) = SufficientStatistics(segments.narrow(1, start, Math.Min(ChunkFrames, segments.shape[1] - start)));
            if (counts is null || sums is null)
                (counts, sums) = (n.MoveToOuterDisposeScope(), f.MoveToOuterDisposeScope());
            else
                (_, _) = (counts.add_(n), sums.add_(f));
        }

        return _prior + (_scale * (sums! - (counts! * _priorOffset)) / (counts! + _relevanceFactor));
    }

    /// <summary>N (utterance, component, 1) and F (utterance, component, coefficient) of a chunk of each utterance.</summary>
    private (Tensor Counts, Tensor Sums) SufficientStatistics(Tensor segments)
    {
        var frames = _scorer.Standardise(segments);
        var posteriors = _scorer.Score(frames.reshape(-1, segments.shape[2])).Posteriors.view(segments.shape[0], segments.shape[1], -1);
        return (posteriors.sum(1).unsqueeze(2), posteriors.transpose(1, 2).matmul(frames));
    }
}
