using System.Collections.Concurrent;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary><see cref="MapAdaptation"/> in float32 on the CPU: an utterance at a time in the cache, utterances side by side on as many threads as libtorch has.</summary>
internal sealed class AdaptationKernel
{
    private const int GroupUtterances = 32;
    private readonly ConcurrentBag<FrameStatistics> _rooms = [];
    private readonly FrameKernel _kernel;
    private readonly int _components;
    private readonly int _dimension;
    private readonly float _relevanceFactor;
    private readonly float[] _scale;
    private readonly float[] _prior; // (component, coefficient)
    private readonly float[] _priorOffset; // the same, standardised

    /// <param name="background">The model whose means are moved.</param>
    /// <param name="tables">Of that model.</param>
    /// <param name="relevanceFactor">tau.</param>
    /// <param name="kernel">Made from these tables.</param>
    public AdaptationKernel(DiagonalGmm background, ScoringTables tables, double relevanceFactor, FrameKernel kernel)
    {
        using var scope = NewDisposeScope();
        (_kernel, _components, _dimension, _relevanceFactor) = (kernel, tables.Components, tables.Dimension, (float)relevanceFactor);
        (_scale, _prior) = (Floats(tables.Scale), Floats(background.Means));
        _priorOffset = Floats((background.Means - tables.Shift) / tables.Scale);
    }

    /// <summary>Adapted means.</summary>
    /// <param name="segments">(utterance, frame, coefficient), at least one frame.</param>
    /// <returns>(utterance, component, coefficient), float32, CPU.</returns>
    public Tensor Means(Tensor segments)
    {
        var utterances = (int)segments.shape[0];
        var means = empty([utterances, _components, _dimension], ScalarType.Float32, CPU);
        Workers.SharePieces(utterances, GroupUtterances, (first, count) =>
        {
            using var scope = NewDisposeScope();
            var frames = segments.narrow(0, first, count).detach().cpu().to(ScalarType.Float32).contiguous();
            AdaptGroup(frames.Floats(), means.narrow(0, first, count).Floats(), count);
        }, Workers.Threads);
        return means;
    }

    private void AdaptGroup(ReadOnlySpan<float> frames, Span<float> means, int utterances)
    {
        if (!_rooms.TryTake(out var room))
            room = _kernel.Statistics(moments: 1);
        var (from, to) = (frames.Length / utterances, means.Length / utterances);
        for (var i = 0; i < utterances; i++)
        {
            room.Clear();
            _kernel.Accumulate(frames.Slice(i * from, from), room);
            Adapt(room, means.Slice(i * to, to));
        }

        _rooms.Add(room);
    }

    // mu' = mu + scale (F - N mu) / (N + tau) with F and mu standardised, where all that is large has cancelled before.
    private void Adapt(FrameStatistics room, Span<float> means)
    {
        // Locals: each number is a step down a column of sums, which costs more than the arithmetic where bounds and fields are looked up again.
        var sums = room.Sums.Span;
        var scale = _scale.AsSpan(0, _dimension);
        var step = room.PanelWidth;
        for (var component = 0; component < _components; component++)
        {
            var at = room.First(component);
            var count = sums[at];
            var gain = 1 / (count + _relevanceFactor);
            var adapted = means.Slice(component * _dimension, _dimension);
            var prior = _prior.AsSpan(component * _dimension, adapted.Length);
            var offset = _priorOffset.AsSpan(component * _dimension, adapted.Length);
            for (var d = 0; d < adapted.Length; d++)
            {
                at += step;
                adapted[d] = prior[d] + (scale[d] * gain * (sums[at] - (count * offset[d])));
            }
        }
    }

    private static float[] Floats(Tensor values) => [.. values.to(ScalarType.Float32).flatten().data<float>()];
}
