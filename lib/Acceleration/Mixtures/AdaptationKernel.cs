using System.Collections.Concurrent;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Mixtures;

/// <summary>MAP adaptation of the means of a mixture, in float32 on the CPU, parallel over utterances.</summary>
internal sealed class AdaptationKernel
{
    private const int GroupUtterances = 32;
    private readonly ConcurrentBag<FrameStatistics> _workspaces = [];
    private readonly FrameKernel _kernel;
    private readonly int _components;
    private readonly int _dimension;
    private readonly float _relevanceFactor;
    private readonly float[] _scale;
    private readonly float[] _prior; // (component, coefficient)
    private readonly float[] _standardisedPrior; // (component, coefficient)

    /// <param name="background">The mixture whose means are adapted.</param>
    /// <param name="means">Its means (component, coefficient), row-major.</param>
    /// <param name="relevanceFactor">The relevance factor tau, above 0.</param>
    /// <param name="kernel">The E-step of the same mixture.</param>
    public AdaptationKernel(MixtureOperands background, double[] means, double relevanceFactor, FrameKernel kernel)
    {
        (_kernel, _relevanceFactor) = (kernel, (float)relevanceFactor);
        (_components, _dimension) = (background.Components, background.Dimension);
        (_scale, _prior) = ([.. background.Scale.Select(s => (float)s)], [.. means.Select(m => (float)m)]);
        _standardisedPrior =
            [.. means.Select((m, i) => (float)((m - background.Shift[i % _dimension]) / background.Scale[i % _dimension]))];
    }

    /// <summary>Adapts the means to each utterance.</summary>
    /// <param name="segments">(utterance, frame, coefficient), at least one frame.</param>
    /// <param name="cancellationToken">Checked before each group of utterances.</param>
    /// <returns>(utterance, component, coefficient), float32, CPU.</returns>
    public Tensor Means(Tensor segments, CancellationToken cancellationToken = default)
    {
        var utterances = (int)segments.shape[0];
        var means = empty([utterances, _components, _dimension], ScalarType.Float32, CPU);
        ParallelLoops.ForChunks(utterances, GroupUtterances, (first, count) =>
        {
            using var scope = NewDisposeScope();
            var frames = segments.narrow(0, first, count).detach().cpu().to(ScalarType.Float32).contiguous();
            AdaptGroup(frames.FloatSpan(), means.narrow(0, first, count).FloatSpan(), count);
        }, ParallelLoops.Threads, cancellationToken);
        return means;
    }

    private void AdaptGroup(ReadOnlySpan<float> frames, Span<float> means, int utterances)
    {
        if (!_workspaces.TryTake(out var workspace))
            workspace = _kernel.Statistics(moments: 1);
        var (frameValues, meanValues) = (frames.Length / utterances, means.Length / utterances);
        for (var i = 0; i < utterances; i++)
        {
            workspace.Clear();
            _kernel.Accumulate(frames.Slice(i * frameValues, frameValues), workspace);
            Adapt(workspace, means.Slice(i * meanValues, meanValues));
        }

        _workspaces.Add(workspace);
    }

    // mu' = mu + scale (F - N mu_z) / (N + tau), with F and mu_z standardised, so that large values cancel before the sum.
    private void Adapt(FrameStatistics statistics, Span<float> means)
    {
        // In locals: the loop walks down a column of sums, where bounds checks and field loads would cost more than the arithmetic.
        var sums = statistics.Sums.Span;
        var scale = _scale.AsSpan(0, _dimension);
        var stride = statistics.PanelWidth;
        for (var component = 0; component < _components; component++)
        {
            var at = statistics.Offset(component);
            var count = sums[at];
            var gain = 1 / (count + _relevanceFactor);
            var adapted = means.Slice(component * _dimension, _dimension);
            var prior = _prior.AsSpan(component * _dimension, adapted.Length);
            var standardised = _standardisedPrior.AsSpan(component * _dimension, adapted.Length);
            for (var d = 0; d < adapted.Length; d++)
            {
                at += stride;
                adapted[d] = prior[d] + (scale[d] * gain * (sums[at] - (count * standardised[d])));
            }
        }
    }
}
