using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>Frames of many recordings, handed out in chunks of a fixed size so that memory does not grow with their number.</summary>
internal sealed class FramePool
{
    private readonly IReadOnlyList<Tensor> _recordings;
    private readonly int _chunkFrames;

    public FramePool(IReadOnlyList<Tensor> recordings, int chunkFrames)
    {
        (_recordings, _chunkFrames) = (recordings.Where(r => r.shape[0] > 0).ToList(), chunkFrames);
        Frames = _recordings.Sum(r => r.shape[0]);
        if (Frames == 0)
            throw new ArgumentException("There are no frames to train on.", nameof(recordings));
        if (_recordings.Any(r => r.dim() != 2 || r.shape[1] != _recordings[0].shape[1]))
            throw new ArgumentException("Every recording must have the shape (frame, coefficient) with the same coefficients.", nameof(recordings));
    }

    public long Frames { get; }

    /// <summary>Chunks (frame, coefficient), each full but the last; the receiver disposes each.</summary>
    public IEnumerable<Tensor> Chunks(CancellationToken cancellationToken)
    {
        var pieces = new List<Tensor>();
        long held = 0;
        foreach (var recording in _recordings)
        {
            for (long at = 0; at < recording.shape[0];)
            {
                var length = Math.Min(_chunkFrames - held, recording.shape[0] - at);
                pieces.Add(recording.narrow(0, at, length));
                (at, held) = (at + length, held + length);
                if (held == _chunkFrames)
                    yield return Join();
            }
        }

        if (held > 0)
            yield return Join();

        Tensor Join()
        {
            cancellationToken.ThrowIfCancellationRequested();
            var joined = cat(pieces, 0);
            pieces.ForEach(piece => piece.Dispose());
            pieces.Clear();
            held = 0;
            return joined;
        }
    }

    /// <summary>Mean and variance (divisor frames - 1) of every coefficient, float64 on the CPU, in two passes: one pass would cancel.</summary>
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
        var sum = zeros(_recordings[0].shape[1], ScalarType.Float64);
        foreach (var chunk in Chunks(cancellationToken))
        {
            using var inner = NewDisposeScope();
            using var frames = chunk;
            sum.add_(of(frames.detach().cpu().to(ScalarType.Float64)).sum(0, keepdim: false)); // sum(0) alone would be sum(ScalarType): the literal 0 is also an enumeration.
        }

        return sum.MoveToOuterDisposeScope();
    }
}
