using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeviceId.Audio;

/// <summary>Polyphase filter of one ratio of sampling rates: a Kaiser-windowed sinc, one row of weights for each phase.</summary>
/// <remarks>
/// Thread-safe. A row is computed in float64, rounded to float32, and kept when it is first needed. A ratio whose rows would need more than
/// <see cref="MaxValues"/> values, or more than <see cref="MaxPhases"/> phases, is interpolated linearly between fewer phases: still at
/// least 2048 for each zero crossing of the filter, an error below -100 dB.
/// </remarks>
internal sealed class ResamplingFilter
{
    private const double CutOff = 0.455 * 2;
    private const int ZeroCrossings = 32;
    private const double Beta = 9;
    private const int MaxPhases = 2048;
    private const int MaxValues = 1 << 20;
    private const int MaxCached = 16;
    private const int Sums = 4;

    private static readonly Dictionary<(int Up, int Down), ResamplingFilter> Cache = [];
    private static readonly double WindowScale = 1 / MathNet.Numerics.SpecialFunctions.BesselI0(Beta);

    private readonly double _scale;
    private readonly bool _interpolates;
    private readonly float[]?[] _rows;

    private ResamplingFilter(int up, int down)
    {
        (Up, Down) = (up, down);
        _scale = Math.Min(1, up / (double)down) * CutOff;
        Before = (int)Math.Ceiling(ZeroCrossings / _scale);
        var step = Sums * Vector<float>.Count;
        Taps = ((2 * Before) + 2 + step - 1) / step * step;
        var phases = Math.Min(MaxPhases, MaxValues / Taps);
        _interpolates = up > phases;
        _rows = new float[]?[_interpolates ? phases + 1 : up];
    }

    /// <summary>New rate divided by the greatest common divisor of the rates.</summary>
    public int Up { get; }

    /// <summary>Old rate divided by the greatest common divisor of the rates.</summary>
    public int Down { get; }

    /// <summary>Number of samples before an output's position that contribute to it.</summary>
    public int Before { get; }

    /// <summary>Number of samples that are multiplied for an output, with some of weight 0 at the end.</summary>
    public int Taps { get; }

    /// <summary>The filter of a pair of rates; the filters of the last pairs are kept.</summary>
    /// <param name="from">Old rate (Hz).</param>
    /// <param name="to">New rate (Hz).</param>
    public static ResamplingFilter For(int from, int to)
    {
        var divisor = (int)BigInteger.GreatestCommonDivisor(from, to);
        var ratio = (to / divisor, from / divisor);
        lock (Cache)
        {
            if (Cache.TryGetValue(ratio, out var known))
                return known;
            if (Cache.Count >= MaxCached)
                Cache.Clear();
            return Cache[ratio] = new ResamplingFilter(to / divisor, from / divisor);
        }
    }

    /// <summary>One output sample.</summary>
    /// <param name="samples">The <see cref="Taps"/> samples from <see cref="Before"/> samples before the position on.</param>
    /// <param name="remainder">The position's distance from the sample at or before it, in 1 / <see cref="Up"/> samples.</param>
    public float Apply(ReadOnlySpan<float> samples, int remainder)
    {
        if (!_interpolates)
            return Dot(samples, Row(remainder));
        var (phase, rest) = Math.DivRem((long)remainder * (_rows.Length - 1), Up);
        var (low, high) = (Dot(samples, Row((int)phase)), Dot(samples, Row((int)phase + 1)));
        return low + (rest / (float)Up * (high - low));
    }

    private float[] Row(int phase) => _rows[phase] ??= MakeRow(phase / (double)(_interpolates ? _rows.Length - 1 : Up));

    private float[] MakeRow(double fraction)
    {
        var row = new float[Taps];
        for (var k = 0; k < Taps; k++)
        {
            var x = Math.Abs(k - Before - fraction) * _scale;
            if (x < ZeroCrossings)
                row[k] = (float)(_scale * Window(x / ZeroCrossings) * MathNet.Numerics.Trig.Sinc(x));
        }

        return row;
    }

    private static double Window(double fromCentre) =>
        MathNet.Numerics.SpecialFunctions.BesselI0(Beta * Math.Sqrt(1 - (fromCentre * fromCentre))) * WindowScale;

    /// <summary>Inner product in an order that depends only on the length.</summary>
    /// <remarks>
    /// Four sums: with one, each addition would wait for the one before it. Inlined into a long method, the sums would lie in memory
    /// instead of registers: twice the time.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Dot(ReadOnlySpan<float> samples, ReadOnlySpan<float> weights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples.Length, weights.Length);
        ref var x = ref MemoryMarshal.GetReference(samples);
        ref var w = ref MemoryMarshal.GetReference(weights);
        var (a, b, c, d) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        var size = (nuint)Vector<float>.Count;
        for (nuint i = 0; i + (Sums * size) <= (nuint)weights.Length; i += Sums * size)
        {
            a = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref x, i), Vector.LoadUnsafe(ref w, i), a);
            b = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref x, i + size), Vector.LoadUnsafe(ref w, i + size), b);
            c = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref x, i + (2 * size)), Vector.LoadUnsafe(ref w, i + (2 * size)), c);
            d = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref x, i + (3 * size)), Vector.LoadUnsafe(ref w, i + (3 * size)), d);
        }

        return Vector.Sum(a + b + (c + d));
    }
}
