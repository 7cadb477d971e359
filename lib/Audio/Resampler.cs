using System.Numerics.Tensors;

namespace DeviceId.Audio;

/// <summary>Changes the sampling rate by a band-limited filter.</summary>
/// <remarks>
/// Sinc interpolation under a Kaiser window (J. O. Smith, "Digital Audio Resampling"): beta 9 (stop band at least 85 dB down), 32 zero
/// crossings on each side of the lower rate's sinc, cut off at 0.455 of the lower rate. Tones up to 0.41 of the lower rate pass within 0.01
/// dB and without delay; what would fold back from above half of it is at least 80 dB down. The result has round(N x new / old) samples (at
/// least one), and sample 0 keeps its time. Each output's filter is read from one table by linear interpolation, whose error lies below
/// -100 dB: memory does not depend on the two rates.
/// </remarks>
public static class Resampler
{
    private const double CutOff = 0.455 * 2;
    private const int ZeroCrossings = 32;
    private const int TableSteps = 2048;
    private const double Beta = 9;
    private const int SamplesBetweenQuestions = 4096;

    private static readonly float[] Table = MakeTable();

    /// <summary>The clip at another rate; the same clip when the rate is already that.</summary>
    /// <param name="clip">The sound.</param>
    /// <param name="sampleRate">The new rate (Hz), greater than zero.</param>
    /// <param name="cancellationToken">Asked now and then: a minute of sound takes a second or two.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static AudioClip Resample(AudioClip clip, int sampleRate, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        if (sampleRate == clip.SampleRate || clip.Samples.Length == 0)
            return clip with { SampleRate = sampleRate };

        var scale = Math.Min(1, sampleRate / (double)clip.SampleRate);
        var length = Math.Max(1, (int)Math.Round(clip.Samples.LongLength * (double)sampleRate / clip.SampleRate));
        var reach = (int)Math.Ceiling(ZeroCrossings / (scale * CutOff));
        var result = new float[length];
        var weights = new float[2 * reach + 2];
        for (var i = 0; i < length; i++)
        {
            if (i % SamplesBetweenQuestions == 0)
                cancellationToken.ThrowIfCancellationRequested();

            // Exact in integers: the position must not drift over an hour.
            var numerator = (long)i * clip.SampleRate;
            var (whole, rest) = Math.DivRem(numerator, sampleRate);
            result[i] = Interpolate(clip.Samples, (int)whole, rest / (double)sampleRate, scale * CutOff, reach, weights);
        }

        return new AudioClip(result, sampleRate);
    }

    private static float Interpolate(float[] samples, int whole, double fraction, double scale, int reach, float[] weights)
    {
        var first = Math.Max(0, whole - reach);
        var last = Math.Min(samples.Length - 1, whole + reach + 1);
        var count = last - first + 1;
        if (count <= 0)
            return 0;
        var step = scale * TableSteps;
        for (var k = 0; k < count; k++)
        {
            var position = Math.Abs(first + k - whole - fraction) * step;
            var cell = (int)position;
            weights[k] = cell + 1 < Table.Length ? (float)(Table[cell] + (position - cell) * (Table[cell + 1] - Table[cell])) : 0;
        }

        return (float)scale * TensorPrimitives.Dot<float>(samples.AsSpan(first, count), weights.AsSpan(0, count));
    }

    /// <summary>One side of the windowed sinc, <see cref="TableSteps"/> values between two zero crossings.</summary>
    private static float[] MakeTable()
    {
        var table = new float[ZeroCrossings * TableSteps + 1];
        for (var i = 0; i < table.Length; i++)
        {
            var x = i / (double)TableSteps;
            var edge = x / ZeroCrossings;
            var window = MathNet.Numerics.SpecialFunctions.BesselI0(Beta * Math.Sqrt(Math.Max(0, 1 - edge * edge)))
                / MathNet.Numerics.SpecialFunctions.BesselI0(Beta);
            table[i] = (float)(window * MathNet.Numerics.Trig.Sinc(x));
        }

        return table;
    }
}
