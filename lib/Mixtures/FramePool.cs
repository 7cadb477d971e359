using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>Frames of many recordings, handed out in chunks of a fixed size so that memory does not grow with their number.</summary>
internal sealed class FramePool
{
    private readonly IReadOnlyList<Tensor> _recordings;
    private readonly int _chunkFrames;
    private readonly long[] _starts; // of each recording among all frames

    public FramePool(IReadOnlyList<Tensor> recordings, int chunkFrames)
    {
        (_recordings, _chunkFrames) = (recordings.Where(r => r.shape[0] > 0).ToList(), chunkFrames);
        Frames = _recordings.Sum(r => r.shape[0]);
        if (Frames == 0)
            throw new ArgumentException("There are no frames to train on.", nameof(recordings));
        if (_recordings.Any(r => r.dim() != 2 || r.shape[1] != _recordings[0].shape[1]))
            throw new ArgumentException("Every recording must have the shape (frame, coefficient) with the same coefficients.",
                nameof(recordings));
        _starts = new long[_recordings.Count];
        for (var i = 1; i < _starts.Length; i++)
            _starts[i] = _starts[i - 1] + _recordings[i - 1].shape[0];
    }

    public long Frames { get; }

    /// <summary>How many chunks the frames fill, the last in part.</summary>
    public long ChunkCount => (Frames + _chunkFrames - 1) / _chunkFrames;

    /// <summary>Chunks (frame, coefficient), each full but the last; the receiver disposes each.</summary>
    public IEnumerable<Tensor> Chunks(CancellationToken cancellationToken)
    {
        for (long index = 0; index < ChunkCount; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var pieces = Pieces(index).ToList();
            var joined = cat(pieces, 0);
            pieces.ForEach(piece => piece.Dispose());
            yield return joined;
        }
    }

    /// <summary>One chunk as it lies: views (frame, coefficient) of one recording after the other; the receiver disposes each.</summary>
    /// <param name="index">Of the chunk, from 0.</param>
    public IEnumerable<Tensor> Pieces(long index)
    {
        var (at, end) = (index * _chunkFrames, Math.Min((index + 1) * _chunkFrames, Frames));
        var recording = Array.BinarySearch(_starts, at);
        for (recording = recording < 0 ? ~recording - 1 : recording; at < end; recording++)
        {
            var length = Math.Min(end, _starts[recording] + _recordings[recording].shape[0]) - at;
            yield return _recordings[recording].narrow(0, at - _starts[recording], length);
            at += length;
        }
    }

    /// <summary>
    /// Mean and variance (divisor frames - 1) of every coefficient, float64 on the CPU, in two passes: one pass would cancel.
    /// </summary>
    public (Tensor Mean, Tensor Variance) Moments(CancellationToken cancellationToken)
    {
        var mean = Sum(chunk => chunk, cancellationToken) / Frames;
        var variance = Sum(chunk => (chunk - mean).square(), cancellationToken) / Math.Max(Frames - 1, 1);
        if (!variance.isfinite().all().item<bool>())
            throw new ArgumentException("The frames hold numbers that are not finite.");
        return (mean, variance);
    }

    private Tensor Sum(Func<Tensor, Tensor> of, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var sum = zeros(_recordings[0].shape[1], ScalarType.Float64, CPU);
        foreach (var chunk in Chunks(cancellationToken))
        {
            using var inner = NewDisposeScope();
            using var frames = chunk;
            // sum(0) alone would be sum(ScalarType): the literal 0 is also an enumeration.
            sum.add_(of(frames.detach().cpu().to(ScalarType.Float64)).sum(0, keepdim: false));
        }

        return sum.MoveToOuterDisposeScope();
    }
}
