using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>Frames of many recordings, in chunks of a fixed size so that memory does not grow with the number of frames.</summary>
internal sealed class FramePool
{
    private readonly IReadOnlyList<Tensor> _recordings;
    private readonly int _chunkFrames;
    // Position of each recording's first frame among all frames.
    private readonly long[] _starts;

    public FramePool(IReadOnlyList<Tensor> recordings, int chunkFrames)
    {
        (_recordings, _chunkFrames) = (recordings.Where(r => r.shape[0] > 0).ToList(), chunkFrames);
        Frames = _recordings.Sum(r => r.shape[0]);
        if (Frames == 0)
            throw new ArgumentException("There are no frames to train on.", nameof(recordings));
        if (_recordings.Any(r => r.dim() != 2 || r.shape[1] != _recordings[0].shape[1]))
            throw new ArgumentException(
                "Every recording must have the shape (frame, coefficient), all with the same number of coefficients.", nameof(recordings));
        _starts = new long[_recordings.Count];
        for (var i = 1; i < _starts.Length; i++)
            _starts[i] = _starts[i - 1] + _recordings[i - 1].shape[0];
    }

    /// <summary>Number of frames.</summary>
    public long Frames { get; }

    /// <summary>Number of chunks; the last may be partly filled.</summary>
    public long ChunkCount => (Frames + _chunkFrames - 1) / _chunkFrames;

    /// <summary>Chunks (frame, coefficient), all full except the last; the caller disposes of each.</summary>
    public IEnumerable<Tensor> Chunks(CancellationToken cancellationToken)
    {
        for (long index = 0; index < ChunkCount; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var views = ChunkViews(index).ToList();
            var joined = cat(views, 0);
            views.ForEach(view => view.Dispose());
            yield return joined;
        }
    }

    /// <summary>
    /// The parts of one chunk, without copying: views (frame, coefficient) of successive recordings; the caller disposes of each.
    /// </summary>
    /// <param name="index">Number of the chunk, from 0.</param>
    public IEnumerable<Tensor> ChunkViews(long index)
    {
        var (position, end) = (index * _chunkFrames, Math.Min((index + 1) * _chunkFrames, Frames));
        var recording = Array.BinarySearch(_starts, position);
        for (recording = recording < 0 ? ~recording - 1 : recording; position < end; recording++)
        {
            var length = Math.Min(end, _starts[recording] + _recordings[recording].shape[0]) - position;
            yield return _recordings[recording].narrow(0, position - _starts[recording], length);
            position += length;
        }
    }

    /// <summary>
    /// Mean and variance (divisor frames - 1) of every coefficient, float64 on the CPU, in two passes: one pass would lose digits by
    /// cancellation.
    /// </summary>
    public (Tensor Mean, Tensor Variance) Moments(CancellationToken cancellationToken)
    {
        var mean = Sum(chunk => chunk, cancellationToken) / Frames;
        var variance = Sum(chunk => (chunk - mean).square(), cancellationToken) / Math.Max(Frames - 1, 1);
        if (!variance.isfinite().all().item<bool>())
            throw new ArgumentException("The frames hold values that are not finite.");
        return (mean, variance);
    }

    private Tensor Sum(Func<Tensor, Tensor> transform, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var sum = zeros(_recordings[0].shape[1], ScalarType.Float64, CPU);
        foreach (var chunk in Chunks(cancellationToken))
        {
            using var inner = NewDisposeScope();
            using var frames = chunk;
            // Without keepdim, sum(0) would bind to sum(ScalarType): the literal 0 converts to an enumeration.
            sum.add_(transform(frames.detach().cpu().to(ScalarType.Float64)).sum(0, keepdim: false));
        }

        return sum.MoveToOuterDisposeScope();
    }
}
