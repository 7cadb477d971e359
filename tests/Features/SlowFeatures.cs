using DeviceId.Audio;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

/// <summary>Signals, and plain loops in float64 that the features are compared with. Nothing of the library's arithmetic is used.</summary>
internal static class SlowFeatures
{
    /// <summary>Smallest normal float32: the floor in digital silence.</summary>
    public const double SmallestNormal = 1.17549435082228750797e-38;

    /// <summary>White noise of standard deviation 0.1.</summary>
    public static AudioClip Noise(int samples, int sampleRate = 8000, ulong seed = 3)
    {
        var random = new SplitMix64(seed);
        return new AudioClip([.. Enumerable.Range(0, samples).Select(_ => (float)(0.1 * random.Normal()))], sampleRate);
    }

    /// <summary>Noise whose level changes every 50 ms between loud, quiet and very quiet, like speech and pauses.</summary>
    public static AudioClip Bursts(int samples, int sampleRate = 8000, ulong seed = 5)
    {
        var noise = Noise(samples, sampleRate, seed);
        double[] levels = [1, 0.03, 0.3, 0.01, 0.01];
        return noise with
        {
            Samples = [.. noise.Samples.Select((s, i) => (float)(s * levels[i / (sampleRate / 20) % levels.Length]))],
        };
    }

    /// <summary>The clip multiplied by a gain.</summary>
    public static AudioClip Gain(AudioClip clip, float gain) => clip with { Samples = [.. clip.Samples.Select(s => s * gain)] };

    /// <summary>The clip through the channel y[n] = x[n] + b x[n - 1].</summary>
    public static AudioClip Channel(AudioClip clip, double b) => clip with
    {
        Samples = [.. clip.Samples.Select((s, i) => (float)(s + b * (i == 0 ? 0 : clip.Samples[i - 1])))],
    };

    /// <summary>Response of <see cref="Channel"/> at a frequency in radians per sample: ln |1 + b exp(-i w)|.</summary>
    public static double LogResponse(double b, double radians) => 0.5 * Math.Log(1 + 2 * b * Math.Cos(radians) + b * b);

    /// <summary>Symmetric Hamming window.</summary>
    public static double[] Hamming(int length) =>
        [.. Enumerable.Range(0, length).Select(k => 0.54 - 0.46 * Math.Cos(2 * Math.PI * k / (length - 1)))];

    /// <summary>Whole frames of a clip.</summary>
    public static double[][] Frames(AudioClip clip, int length, int hop) =>
        [.. Enumerable.Range(0, clip.Samples.Length < length ? 0 : (clip.Samples.Length - length) / hop + 1)
            .Select(t => Enumerable.Range(t * hop, length).Select(i => (double)clip.Samples[i]).ToArray())];

    /// <summary>Squared magnitude of the Fourier transform at a frequency in radians per sample.</summary>
    public static double Power(double[] samples, double radians)
    {
        var (real, imaginary) = (0.0, 0.0);
        for (var n = 0; n < samples.Length; n++)
        {
            real += samples[n] * Math.Cos(radians * n);
            imaginary -= samples[n] * Math.Sin(radians * n);
        }

        return real * real + imaginary * imaginary;
    }

    /// <summary>Power of each Hamming-windowed frame at the bins of an FFT: (frame, bin).</summary>
    public static double[][] Powers(double[][] frames, int fftLength)
    {
        var window = Hamming(frames[0].Length);
        return [.. frames.Select(frame => frame.Zip(window, (s, w) => s * w).ToArray()).Select(windowed =>
            Enumerable.Range(0, fftLength / 2 + 1).Select(bin => Power(windowed, 2 * Math.PI * bin / fftLength)).ToArray())];
    }

    /// <summary>First coefficients of the orthonormal DCT-II.</summary>
    public static double[] Dct(double[] values, int coefficients) =>
        [.. Enumerable.Range(0, coefficients).Select(i => Math.Sqrt((i == 0 ? 1.0 : 2.0) / values.Length)
            * Enumerable.Range(0, values.Length).Sum(j => values[j] * Math.Cos(Math.PI * i * (j + 0.5) / values.Length)))];

    /// <summary>The features of one clip: (frame, column).</summary>
    public static double[][] Extract(FeatureOptions options, AudioClip clip)
    {
        using var scope = NewDisposeScope();
        var matrix = options.Create(CPU).Extract([clip])[0];
        return [.. GoldenFeatures.Values(matrix).Chunk((int)matrix.shape[1])];
    }

    /// <summary>Mean of each column.</summary>
    public static double[] Means(double[][] rows) => [.. rows[0].Select((_, i) => rows.Average(row => row[i]))];

    /// <summary>Largest absolute difference; shapes must agree, and there must be rows.</summary>
    public static double MaxDifference(double[][] expected, double[][] actual)
    {
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, MaxDifference).Max();
    }

    /// <summary>Largest absolute difference of two rows.</summary>
    public static double MaxDifference(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (e, a) => double.IsNaN(e - a) ? double.PositiveInfinity : Math.Abs(e - a)).Max();
    }
}
