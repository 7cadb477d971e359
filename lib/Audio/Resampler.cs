using System.Numerics.Tensors;

namespace DeviceId.Audio;

/// <summary>Changes the sampling rate by band-limited sinc interpolation.</summary>
/// <remarks>
/// Sinc interpolation with a Kaiser window (J. O. Smith, "Digital Audio Resampling"): beta 9 (stop-band attenuation at least 85 dB), 32
/// zero crossings on each side, cut-off frequency 0.455 times the lower of the two rates. Tones up to 0.41 times the lower rate pass within
/// 0.01 dB and without delay; aliases are attenuated by at least 80 dB. The result has round(N x new / old) samples (at least one), and
/// sample 0 keeps its time. The filter of each output sample is read from one table by linear interpolation, with an error below -100 dB,
/// so memory does not depend on the two rates.
/// </remarks>
public static class Resampler
{
    private const double CutOff = 0.455 * 2;
    private const int ZeroCrossings = 32;
    private const int TableSteps = 2048;
    private const double Beta = 9;
    private const int CancellationInterval = 4096;

    private static readonly float[] Table = MakeTable();

    /// <summary>Resamples a clip. Returns the samples unchanged if the clip already has the rate.</summary>
    /// <param name="clip">The clip.</param>
    /// <param name="sampleRate">The new rate (Hz), greater than zero.</param>
    /// <param name="cancellationToken">Checked every 4096 output samples; a minute of audio takes one or two seconds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static AudioClip Resample(AudioClip clip, int sampleRate, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        if (sampleRate == clip.SampleRate || clip.Samples.Length == 0)
            return clip with { SampleRate = sampleRate };

        var scale = Math.Min(1, sampleRate / (double)clip.SampleRate);
        var length = Math.Max(1, (int)Math.Round(clip.Samples.LongLength * (double)sampleRate / clip.SampleRate));
        var halfWidth = (int)Math.Ceiling(ZeroCrossings / (scale * CutOff));
        var result = new float[length];
        var weights = new float[2 * halfWidth + 2];
        for (var i = 0; i < length; i++)
        {
            if (i % CancellationInterval == 0)
                cancellationToken.ThrowIfCancellationRequested();

            // Integer arithmetic is exact: the position does not drift over an hour of audio.
            var position = (long)i * clip.SampleRate;
            var (index, remainder) = Math.DivRem(position, sampleRate);
            result[i] = Interpolate(clip.Samples, (int)index, remainder / (double)sampleRate, scale * CutOff, halfWidth, weights);
        }

        return new AudioClip(result, sampleRate);
    }

    private static float Interpolate(float[] samples, int index, double fraction, double scale, int halfWidth, float[] weights)
    {
        var first = Math.Max(0, index - halfWidth);
        var last = Math.Min(samples.Length - 1, index + halfWidth + 1);
        var count = last - first + 1;
        if (count <= 0)
            return 0;
        var step = scale * TableSteps;
        for (var k = 0; k < count; k++)
        {
            var tablePosition = Math.Abs(first + k - index - fraction) * step;
            var cell = (int)tablePosition;
            weights[k] = cell + 1 < Table.Length ? (float)(Table[cell] + (tablePosition - cell) * (Table[cell + 1] - Table[cell])) : 0;
        }

        return (float)scale * TensorPrimitives.Dot<float>(samples.AsSpan(first, count), weights.AsSpan(0, count));
    }

    /// <summary>Right half of the windowed sinc, <see cref="TableSteps"/> values per zero crossing.</summary>
    private static float[] MakeTable()
    {
        var table = new float[ZeroCrossings * TableSteps + 1];
        for (var i = 0; i < table.Length; i++)
        {
            var x = i / (double)TableSteps;
            var fromCentre = x / ZeroCrossings;
            var window = MathNet.Numerics.SpecialFunctions.BesselI0(Beta * Math.Sqrt(Math.Max(0, 1 - fromCentre * fromCentre)))
                / MathNet.Numerics.SpecialFunctions.BesselI0(Beta);
            table[i] = (float)(window * MathNet.Numerics.Trig.Sinc(x));
        }

        return table;
    }
}
