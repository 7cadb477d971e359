namespace DeviceId.Corpora;

/// <summary>Second-order IIR filter that processes a whole signal in place.</summary>
/// <remarks>R. Bristow-Johnson, "Audio EQ Cookbook": high-pass, low-pass and peaking filters by the bilinear transform.</remarks>
internal readonly record struct Biquad(double B0, double B1, double B2, double A1, double A2)
{
    /// <summary>High-pass filter with a cut-off frequency (Hz), 12 dB per octave.</summary>
    public static Biquad HighPass(double hertz, double quality, int sampleRate)
    {
        var (cos, alpha) = CosineAndAlpha(hertz, quality, sampleRate);
        return Normalise((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    }

    /// <summary>Low-pass filter with a cut-off frequency (Hz), 12 dB per octave.</summary>
    public static Biquad LowPass(double hertz, double quality, int sampleRate)
    {
        var (cos, alpha) = CosineAndAlpha(hertz, quality, sampleRate);
        return Normalise((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    }

    /// <summary>Peaking filter: raises or lowers the level around a frequency (Hz) by a gain (dB).</summary>
    public static Biquad Peaking(double hertz, double quality, double decibels, int sampleRate)
    {
        var (cos, alpha) = CosineAndAlpha(hertz, quality, sampleRate);
        var a = ExactMath.FromDecibels(decibels / 2);
        return Normalise(1 + alpha * a, -2 * cos, 1 - alpha * a, 1 + alpha / a, -2 * cos, 1 - alpha / a);
    }

    /// <summary>Filters a signal in place, from zero state.</summary>
    public void Apply(double[] samples)
    {
        double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var x = samples[i];
            var y = B0 * x + B1 * x1 + B2 * x2 - A1 * y1 - A2 * y2;
            (x2, x1, y2, y1) = (x1, x, y1, y);
            samples[i] = y;
        }
    }

    private static (double Cos, double Alpha) CosineAndAlpha(double hertz, double quality, int sampleRate)
    {
        // Frequencies above Nyquist do not exist at low sampling rates: the filter is then placed just below it.
        var angle = 2 * Math.PI * Math.Min(hertz, 0.45 * sampleRate) / sampleRate;
        return (ExactMath.Cos(angle), ExactMath.Sin(angle) / (2 * quality));
    }

    private static Biquad Normalise(double b0, double b1, double b2, double a0, double a1, double a2) =>
        new(b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0);
}
