using System.Globalization;
using System.Numerics;
using DeviceId.Audio;
using MathNet.Numerics.IntegralTransforms;

namespace DeviceId.Corpora;

/// <summary>
/// What a file shows of its device without the microphone: format, length, levels, and the traces of digital processing in the values of
/// its samples.
/// </summary>
/// <param name="Numbers">Values in the order of <see cref="NumberNames"/>; all finite.</param>
/// <param name="Words">Values in the order of <see cref="WordNames"/>; "" if unknown.</param>
internal sealed record FileFacts(double[] Numbers, string[] Words)
{
    private const double WindowSeconds = 0.02;
    private const double MinPower = 1e-12;
    private const double QuietFraction = 0.05;
    private const int SpectrumLength = 2048;
    private const double BandRange = 1e-6;
    private const int FullScale = 32768;
    private const int HistogramRange = 4096;

    /// <summary>Facts that are numbers.</summary>
    public static IReadOnlyList<string> NumberNames { get; } =
    [
        "sampling rate", "length", "channels", "level", "peak", "DC offset", "quiet floor", "band limit", "even sample values",
        "unused sample values", "irregular sample values", "zero samples",
    ];

    /// <summary>Facts that are words.</summary>
    public static IReadOnlyList<string> WordNames { get; } = ["container", "codec", "sample format"];

    /// <summary>Measures a recording.</summary>
    /// <param name="clip">At least one sample; all are finite.</param>
    public static FileFacts Measure(AudioClip clip)
    {
        var mean = clip.Samples.Average(sample => (double)sample);
        var powers = WindowPowers(clip);
        var values = SampleValues.Count(clip.Samples);
        return new FileFacts(
        [
            clip.Info?.SampleRate ?? clip.SampleRate,
            Math.Round(clip.DurationSeconds, 3),
            clip.Info?.Channels ?? 1,
            Decibels(powers.Average()),
            2 * Decibels(clip.Samples.Max(Math.Abs)),
            // A logarithmic scale with both signs, in steps of 16-bit samples: offsets differ by factors.
            Math.Sign(mean) * Math.Log2(1 + (Math.Abs(mean) * FullScale * 16)),
            Decibels(powers[(int)(QuietFraction * powers.Length)]),
            BandLimit(clip),
            values.Even,
            values.Unused,
            values.Irregular,
            values.Zero,
        ],
        [clip.Info?.Container ?? "", clip.Info?.Codec ?? "", clip.Info?.SampleFormat ?? ""]);
    }

    /// <summary>Power of each 20 ms window without the mean of the whole recording, ascending.</summary>
    /// <param name="clip">At least one sample.</param>
    public static double[] WindowPowers(AudioClip clip)
    {
        var mean = clip.Samples.Average(sample => (double)sample);
        return [.. clip.Samples.Chunk(Math.Max(1, (int)(WindowSeconds * clip.SampleRate)))
            .Select(window => window.Average(sample => (sample - mean) * (sample - mean))).Order()];
    }

    private static double Decibels(double power) => 10 * Math.Log10(Math.Max(power, MinPower));

    /// <summary>The highest frequency (Hz) at which the mean power spectrum is within 60 dB of its maximum.</summary>
    private static double BandLimit(AudioClip clip)
    {
        var spectrum = new double[(SpectrumLength / 2) + 1];
        var frame = new Complex[SpectrumLength];
        var hop = Math.Max(SpectrumLength, clip.Samples.Length / 200);
        for (var first = 0; first + SpectrumLength <= clip.Samples.Length; first += hop)
        {
            for (var i = 0; i < SpectrumLength; i++)
                frame[i] = clip.Samples[first + i] * (0.5 - (0.5 * Math.Cos(2 * Math.PI * i / SpectrumLength)));
            Fourier.Forward(frame, FourierOptions.NoScaling);
            for (var i = 0; i < spectrum.Length; i++)
                spectrum[i] += (frame[i] * Complex.Conjugate(frame[i])).Real;
        }

        var limit = Array.FindLastIndex(spectrum, power => power > BandRange * spectrum.Max());
        return Math.Max(limit, 0) * (double)clip.SampleRate / SpectrumLength;
    }

    /// <summary>Traces of digital gain and of short words in the distribution of the sample values.</summary>
    /// <param name="Even">Share of even values among the 16-bit values, in [0, 1].</param>
    /// <param name="Unused">Share of values that never occur in the range of the middle half of all samples, in [0, 1].</param>
    /// <param name="Irregular">Mean difference of a value's frequency from its neighbours' mean, relative to the mean frequency.</param>
    /// <param name="Zero">Share of samples that are exactly zero, in [0, 1].</param>
    private sealed record SampleValues(double Even, double Unused, double Irregular, double Zero)
    {
        public static SampleValues Count(float[] samples)
        {
            var counts = new int[(2 * HistogramRange) + 1];
            var even = 0;
            foreach (var sample in samples)
            {
                var value = (int)Math.Clamp(Math.Round((double)sample * FullScale), -int.MaxValue, int.MaxValue);
                even += value % 2 == 0 ? 1 : 0;
                if (Math.Abs(value) <= HistogramRange)
                    counts[value + HistogramRange]++;
            }

            var (low, high) = MiddleHalf(counts);
            var (unused, difference, total) = (0, 0.0, 0.0);
            for (var i = low; i <= high; i++)
            {
                unused += counts[i] == 0 ? 1 : 0;
                total += counts[i];
                difference += Math.Abs(counts[i] - ((counts[Math.Max(i - 1, 0)] + counts[Math.Min(i + 1, counts.Length - 1)]) / 2.0));
            }

            double length = samples.Length;
            return new SampleValues(
                even / length, unused / (double)(high - low + 1), total == 0 ? 0 : difference / total, counts[HistogramRange] / length);
        }

        /// <summary>Indices of the first and third quartile of the counted values.</summary>
        private static (int Low, int High) MiddleHalf(int[] counts)
        {
            long total = counts.Sum(), sum = 0;
            var (low, high) = (-1, counts.Length - 1);
            for (var i = 0; i < counts.Length; i++)
            {
                sum += counts[i];
                low = low < 0 && 4 * sum >= total ? i : low;
                if (4 * sum >= 3 * total)
                {
                    high = i;
                    break;
                }
            }

            return (Math.Max(low, 0), high);
        }
    }

    /// <summary>Value of a fact for a message: "32000", "PCM".</summary>
    public string Value(string name) => NumberNames.ToList().IndexOf(name) is >= 0 and var i
        ? Numbers[i].ToString("0.###", CultureInfo.InvariantCulture) : Words[WordNames.ToList().IndexOf(name)];
}
