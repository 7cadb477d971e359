namespace DeviceId.Audio;

/// <summary>Changes the sampling rate of a recording that arrives in blocks (<see cref="Resampler"/>).</summary>
/// <remarks>
/// The results are equal to the last bit for any division into blocks. Memory depends on the sizes of the blocks only. Not thread-safe.
/// </remarks>
internal sealed class ResamplingStream
{
    private readonly int _from;
    private readonly int _to;
    private readonly ResamplingFilter? _filter;
    private readonly SampleBuffer _input = new();

    // Position of the next output: the buffer's first sample is _filter.Before samples before it, at _remainder / Up samples.
    private int _remainder;
    private int _skip;
    private long _pushed;
    private long _done;

    /// <summary>Begins a recording.</summary>
    /// <param name="from">Its sampling rate (Hz), greater than zero.</param>
    /// <param name="to">The new rate (Hz), greater than zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is not positive.</exception>
    public ResamplingStream(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(from);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(to);
        (_from, _to) = (from, to);
        if (from == to)
            return;
        _filter = ResamplingFilter.For(from, to);
        _input.Extend(_filter.Before).Clear();
    }

    /// <summary>Number of samples of a recording at the new rate: round(N new / old), at least 1 unless there is none.</summary>
    /// <param name="samples">Number of samples N at the old rate.</param>
    /// <param name="from">Old rate (Hz).</param>
    /// <param name="to">New rate (Hz).</param>
    public static long Length(long samples, int from, int to) =>
        samples == 0 ? 0 : Math.Max(1, (long)Math.Round(samples * (double)to / from));

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">Any number of samples.</param>
    /// <param name="output">The resampled samples that are complete are appended to it.</param>
    public void Push(ReadOnlySpan<float> samples, SampleBuffer output)
    {
        _pushed += samples.Length;
        if (_filter is null)
        {
            output.Append(samples);
            return;
        }

        _input.Append(samples);
        Filter(_filter, long.MaxValue, output);
    }

    /// <summary>Ends the recording: it is followed by silence.</summary>
    /// <param name="output">The last resampled samples are appended to it.</param>
    public void Finish(SampleBuffer output)
    {
        if (_filter is null)
            return;
        var length = Length(_pushed, _from, _to);
        while (_done < length)
        {
            _input.Extend(_filter.Taps).Clear();
            Filter(_filter, length, output);
        }
    }

    private void Filter(ResamplingFilter filter, long length, SampleBuffer output)
    {
        var skipped = Math.Min(_skip, _input.Count);
        _input.RemoveFirst(skipped);
        _skip -= skipped;
        var input = _input.Span;
        var count = (int)Math.Min(Ready(filter), length - _done);
        var results = output.Extend(count);
        var (whole, part) = Math.DivRem(filter.Down, filter.Up);
        var (first, remainder) = (0, _remainder);
        for (var i = 0; i < count; i++)
        {
            results[i] = filter.Apply(input.Slice(first, filter.Taps), remainder);
            (first, remainder) = (first + whole, remainder + part);
            if (remainder >= filter.Up)
                (first, remainder) = (first + 1, remainder - filter.Up);
        }

        (_remainder, _done) = (remainder, _done + count);
        _skip += Math.Max(0, first - _input.Count);
        _input.RemoveFirst(Math.Min(first, _input.Count));
    }

    /// <summary>Number of outputs all of whose samples are in the buffer.</summary>
    private int Ready(ResamplingFilter filter)
    {
        var last = _input.Count - filter.Taps;
        return last < 0 || _skip > 0 ? 0 : (int)(((((last + 1L) * filter.Up) - 1 - _remainder) / filter.Down) + 1);
    }
}
