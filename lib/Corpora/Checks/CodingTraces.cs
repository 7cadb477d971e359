using System.Runtime.Intrinsics;
using DeviceId.Acceleration.Fourier;
using DeviceId.Audio;

namespace DeviceId.Corpora;

/// <summary>
/// Traces of AAC in decoded samples: an app of the phone, or a conversion, that coded the recording before it became PCM.
/// </summary>
/// <remarks>
/// After the idea of C. Jin, R. Wang, D. Yan, Digital Investigation 29, 2019, for samples instead of coded files. AAC rounds many
/// coefficients of a modified discrete cosine transform (MDCT; 1024 coefficients, window of 2048 samples) to zero. A second MDCT with the
/// same window finds them again, but only if its blocks begin where those of the coder did:
/// <list type="number">
/// <item>8 places of the recording, at multiples of 1024 samples; at each, MDCT at all 1024 offsets, with the sine window and with the
/// Kaiser-Bessel window (alpha 4) of AAC;</item>
/// <item>mean of <c>ln(X^2 + 1/4)</c> for each offset, X in steps of 16 bits: the rounding to 16 bits hides what is smaller;</item>
/// <item>the mean less that of the offsets 8 to 24 samples before and after, because the level of the sound changes slowly with the offset;
/// </item>
/// <item>the contrast is the distance of the smallest such difference from their median, in robust standard deviations (1.4826 times the
/// median absolute deviation).</item>
/// </list>
/// Resampling, a change of gain with dither, or noise after the coding hide the traces.
/// </remarks>
/// <param name="Contrast">Contrast of the clearest offset, at least 0. Without coding it is near 3; 8 and more is a trace.</param>
/// <param name="Offset">Where the coder's blocks begin (samples), from 0 to 1023.</param>
/// <param name="NearZero">Share of coefficients below one 16-bit step at this offset, in [0, 1].</param>
internal sealed record CodingTraces(double Contrast, int Offset, double NearZero)
{
    private const int Coefficients = 1024;
    private const int WindowLength = 2 * Coefficients;
    private const int Places = 8;
    private const int Margin = 32;
    private const int Offsets = Coefficients + 2 * Margin;
    private const int NearestNeighbour = 8;
    private const int FarthestNeighbour = 24;
    private const int Lanes = 4;
    private const int FullScale = 32768;
    private const double MinContrast = 8;
    private const double RoundingPower = 0.25;
    private const double KaiserAlpha = 4;

    private static readonly double[][] Windows = [Sine(), KaiserBessel()];
    private static readonly FourierTransform Transform = new(WindowLength);

    /// <summary>Whether the contrast is a trace of coding.</summary>
    public bool IsCoded => Contrast >= MinContrast;

    /// <summary>Measures a recording.</summary>
    /// <param name="clip">All samples are finite.</param>
    /// <returns>Null if the recording is shorter than 7200 samples.</returns>
    public static CodingTraces? Measure(AudioClip clip)
    {
        var blocks = (clip.Samples.Length - WindowLength - Coefficients - Margin) / Coefficients - 1;
        return blocks < 3 ? null : Windows.Select(window => Measure(clip.Samples, blocks, window)).MaxBy(traces => traces.Contrast);
    }

    private static CodingTraces Measure(float[] samples, int blocks, double[] window)
    {
        var (levels, nearZero) = (new double[Offsets], new double[Offsets]);
        var part = new double[WindowLength + Offsets];
        for (var place = 0; place < Places; place++)
        {
            var first = (1 + (int)((2L * place + 1) * blocks / (2 * Places))) * Coefficients - Margin;
            for (var i = 0; i < part.Length; i++)
                part[i] = (double)samples[first + i] * FullScale;
            AddLevels(part, window, levels, nearZero);
        }

        var differences = Enumerable.Range(Margin, Coefficients).Select(i => levels[i] - Neighbours(levels, i)).ToArray();
        var median = Median(differences);
        var spread = 1.4826 * Median([.. differences.Select(difference => Math.Abs(difference - median))]);
        var offset = Array.IndexOf(differences, differences.Min());
        // Digital silence has no spread.
        var contrast = spread > 0 ? (median - differences[offset]) / spread : 0;
        return new CodingTraces(contrast, offset, nearZero[offset + Margin] / (Places * Coefficients));
    }

    private static double Neighbours(double[] levels, int index)
    {
        var sum = 0.0;
        for (var distance = NearestNeighbour; distance <= FarthestNeighbour; distance++)
            sum += levels[index - distance] + levels[index + distance];
        return sum / (2 * (FarthestNeighbour - NearestNeighbour + 1));
    }

    /// <summary>Adds the mean logarithm and the number of coefficients near zero for each offset; four offsets at once.</summary>
    private static void AddLevels(double[] part, double[] window, double[] levels, double[] nearZero)
    {
        // X[k] = sqrt(2 / N) sum over n of w[n] x[n] cos(pi / N (n + 1/2 + N/2) (k + 1/2)), by a complex transform of 2 N samples.
        var before = Enumerable.Range(0, WindowLength).Select(n => Math.SinCos(-Math.PI * n / WindowLength)).ToArray();
        var after = Enumerable.Range(0, Coefficients)
            .Select(k => Math.SinCos(Math.PI * (k + 0.5) * (Coefficients + 1) / WindowLength)).ToArray();
        var scale = Math.Sqrt(2.0 / Coefficients);
        var values = new Vector256<double>[2 * WindowLength];
        for (var offset = 0; offset < Offsets; offset += Lanes)
        {
            for (var n = 0; n < WindowLength; n++)
            {
                var windowed = Vector256.Create(part.AsSpan(offset + n, Lanes)) * (window[n] * scale);
                (values[2 * n], values[2 * n + 1]) = (windowed * before[n].Cos, windowed * before[n].Sin);
            }

            Transform.Run(values);
            var (sum, count) = (Vector256<double>.Zero, Vector256<double>.Zero);
            for (var k = 0; k < Coefficients; k++)
            {
                var index = 2 * Transform.OutputIndices[k];
                var coefficient = values[index] * after[k].Cos + values[index + 1] * after[k].Sin;
                var power = coefficient * coefficient;
                sum += Vector256.Log(power + Vector256.Create(RoundingPower));
                count += Vector256.ConditionalSelect(
                    Vector256.LessThan(power, Vector256<double>.One), Vector256<double>.One, Vector256<double>.Zero);
            }

            for (var lane = 0; lane < Lanes; lane++)
            {
                levels[offset + lane] += sum[lane] / (Places * Coefficients);
                nearZero[offset + lane] += count[lane];
            }
        }
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static double[] Sine() => [.. Enumerable.Range(0, WindowLength).Select(n => Math.Sin(Math.PI * (n + 0.5) / WindowLength))];

    /// <summary>Square roots of the running sum of a Kaiser window, and their mirror image.</summary>
    private static double[] KaiserBessel()
    {
        var kaiser = Enumerable.Range(0, Coefficients + 1).Select(i => 2.0 * i / Coefficients - 1)
            .Select(x => MathNet.Numerics.SpecialFunctions.BesselI0(Math.PI * KaiserAlpha * Math.Sqrt(1 - x * x))).ToArray();
        var window = new double[WindowLength];
        var sum = 0.0;
        for (var n = 0; n < Coefficients; n++)
        {
            sum += kaiser[n];
            window[n] = window[^(n + 1)] = Math.Sqrt(sum / kaiser.Sum());
        }

        return window;
    }
}
