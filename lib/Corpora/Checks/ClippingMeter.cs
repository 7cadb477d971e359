using System.Runtime.InteropServices;

namespace DeviceId.Corpora;

/// <summary>Counts clipped samples of a recording that arrives in blocks, whose peak is known only at the end.</summary>
/// <remarks>
/// A sample can be clipped only if it lies within two 16-bit steps of the peak. Samples that do, measured by the peak so far, are kept as
/// runs of equal values, and dropped when the peak rises. The count is exact unless more than a million runs are kept (a recording in
/// floating point that stays at its peak all the time): then those counted so far stay clipped if the peak rises by less than two steps.
/// </remarks>
internal sealed class ClippingMeter
{
    // A clipped recording may have been attenuated later. At much lower peaks, 16-bit quantisation looks like clipping.
    private const double MinPeak = 0.05;
    private const int MinRunLength = 3;
    private const int MaxKept = 1 << 20;

    // The largest positive 16-bit value is one step smaller in magnitude than the most negative one.
    private const float Margin = 2 / 32768f;

    private readonly List<(float Value, long Count)> _near = [];
    private long _counted;

    /// <summary>The largest magnitude so far.</summary>
    public float Peak { get; private set; }

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="largest">Their largest magnitude.</param>
    public void Add(ReadOnlySpan<float> samples, float largest)
    {
        if (largest > Peak)
            Raise(largest);
        var limit = Math.Max(Peak, (float)MinPeak) - Margin;
        if (largest < limit)
        {
            Separate();
            return;
        }

        foreach (var sample in samples)
        {
            if (Math.Abs(sample) >= limit)
                Keep(sample);
            else
                Separate();
        }
    }

    /// <summary>Number of clipped samples: in runs of three or more within two 16-bit steps of the peak, on the same side.</summary>
    public long Count() => Peak >= MinPeak ? _counted + CountKept() : 0;

    private void Raise(float peak)
    {
        if (peak - Margin > Peak)
        {
            _near.Clear();
            _counted = 0;
        }

        Peak = peak;
    }

    private void Keep(float sample)
    {
        if (_near.Count > 0 && _near[^1].Value.Equals(sample))
        {
            CollectionsMarshal.AsSpan(_near)[^1].Count++;
            return;
        }

        if (_near.Count == MaxKept)
        {
            _counted += CountKept();
            _near.Clear();
        }

        _near.Add((sample, 1));
    }

    /// <summary>Notes that at least one sample is not near the peak, as a value of 0.</summary>
    private void Separate()
    {
        if (_near.Count > 0 && _near[^1].Value != 0)
            _near.Add((0, 1));
    }

    private long CountKept()
    {
        var (clipped, run, sign, limit) = (0L, 0L, 0, Peak - Margin);
        foreach (var (value, count) in _near)
        {
            var isNear = Math.Abs(value) >= limit;
            if (!isNear || Math.Sign(value) != sign)
            {
                clipped += run >= MinRunLength ? run : 0;
                run = 0;
            }

            (run, sign) = (isNear ? run + count : 0, Math.Sign(value));
        }

        return clipped + (run >= MinRunLength ? run : 0);
    }
}
