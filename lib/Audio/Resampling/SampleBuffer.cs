namespace DeviceId.Audio;

/// <summary>A queue of samples in one piece of memory: appended at the end, removed at the beginning.</summary>
internal sealed class SampleBuffer
{
    private float[] _samples = new float[1024];
    private int _first;

    /// <summary>Number of samples in the buffer.</summary>
    public int Count { get; private set; }

    /// <summary>The samples, valid until the next call.</summary>
    public ReadOnlySpan<float> Span => _samples.AsSpan(_first, Count);

    /// <summary>Appends samples.</summary>
    public void Append(ReadOnlySpan<float> samples) => samples.CopyTo(Extend(samples.Length));

    /// <summary>Appends samples that the caller writes; they hold arbitrary values before.</summary>
    /// <param name="count">Number of samples, at least 0.</param>
    public Span<float> Extend(int count)
    {
        if (_first + Count + count > _samples.Length)
        {
            var target = Count + count > _samples.Length ? new float[Math.Max(Count + count, 2 * _samples.Length)] : _samples;
            Span.CopyTo(target);
            (_samples, _first) = (target, 0);
        }

        Count += count;
        return _samples.AsSpan(_first + Count - count, count);
    }

    /// <summary>Removes the oldest samples.</summary>
    /// <param name="count">Number of samples, at most <see cref="Count"/>.</param>
    public void RemoveFirst(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        (_first, Count) = (_first + count, Count - count);
    }
}
