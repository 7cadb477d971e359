using System.Numerics;
using DeviceId.Audio;
using MathNet.Numerics.IntegralTransforms;

namespace DeviceId.Corpora;

/// <summary>The largest normalised cross-correlation of two recordings over all shifts: near 1 for a copy through a lossy codec.</summary>
/// <remarks>
/// At 8 kHz, above 100 Hz, in the first 30 s. The correlation is interpolated between samples: encoders delay by a fraction of a sample of
/// this rate. A sign change counts as a copy, too.
/// </remarks>
internal sealed class AlignedCorrelation
{
    private const int Rate = 8000;
    private const int MaxSeconds = 30;
    private const double HighPass = 100;
    private const int MaxCached = 256;
    private const int Neighbours = 32;
    private const int StepsPerSample = 8;

    private readonly Dictionary<string, float[]> _cache = new(StringComparer.Ordinal);

    /// <summary>Returns the correlation of two files, in [0, 1].</summary>
    /// <exception cref="AudioException">A file can no longer be read.</exception>
    public double Of(string first, string second) => Of(Signal(first), Signal(second));

    /// <summary>Returns the correlation of two signals of zero mean, in [0, 1]; 0 if one has no energy.</summary>
    public static double Of(float[] first, float[] second)
    {
        var length = (int)BitOperations.RoundUpToPowerOf2((uint)(first.Length + second.Length + 1));
        var (a, b) = (Spectrum(first, length), Spectrum(second, length));
        for (var i = 0; i < length; i++)
            a[i] *= Complex.Conjugate(b[i]);
        Fourier.Inverse(a, FourierOptions.AsymmetricScaling);
        var peak = 0;
        for (var i = 0; i < length; i++)
            peak = Math.Abs(a[i].Real) > Math.Abs(a[peak].Real) ? i : peak;
        var norm = Math.Sqrt(Energy(first) * Energy(second));
        return norm == 0 ? 0 : Math.Min(1, Interpolated(a, peak) / norm);
    }

    private float[] Signal(string path)
    {
        if (_cache.TryGetValue(path, out var cached))
            return cached;
        if (_cache.Count >= MaxCached)
            _cache.Clear();
        var clip = AudioFile.Read(path);
        var count = (int)Math.Min(clip.Samples.Length, (long)MaxSeconds * clip.SampleRate);
        var samples = Resampler.Resample(new AudioClip(clip.Samples[..count], clip.SampleRate), Rate).Samples;
        var (low, step) = (0.0, 1 - Math.Exp(-2 * Math.PI * HighPass / Rate));
        for (var i = 0; i < samples.Length; i++)
        {
            low += step * (samples[i] - low);
            samples[i] -= (float)low;
        }

        return _cache[path] = samples;
    }

    private static Complex[] Spectrum(float[] signal, int length)
    {
        var spectrum = new Complex[length];
        for (var i = 0; i < signal.Length; i++)
            spectrum[i] = signal[i];
        Fourier.Forward(spectrum, FourierOptions.AsymmetricScaling);
        return spectrum;
    }

    private static double Energy(float[] signal) => signal.Sum(sample => (double)sample * sample);

    /// <summary>The largest magnitude within one sample of the peak, by sinc interpolation.</summary>
    private static double Interpolated(Complex[] correlation, int peak)
    {
        var largest = 0.0;
        for (var step = -StepsPerSample; step <= StepsPerSample; step++)
        {
            var (shift, value) = (step / (double)StepsPerSample, 0.0);
            for (var n = -Neighbours; n <= Neighbours; n++)
            {
                var x = Math.PI * (shift - n);
                value += correlation[(peak + n + correlation.Length) % correlation.Length].Real * (x == 0 ? 1 : Math.Sin(x) / x);
            }

            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }
}
