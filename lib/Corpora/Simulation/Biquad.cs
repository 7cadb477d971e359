namespace DeviceId.Corpora;

/// <summary>A second-order filter, run over a whole signal in place.</summary>
/// <remarks>R. Bristow-Johnson, "Audio EQ Cookbook": high-pass, low-pass and peaking filters by the bilinear transform.</remarks>
internal readonly record struct Biquad(double B0, double B1, double B2, double A1, double A2)
{
    /// <summary>Removes what lies below a frequency (Hz), 12 dB an octave.</summary>
    public static Biquad HighPass(double hertz, double quality, int sampleRate)
    {
        var (cos, alpha) = Angle(hertz, quality, sampleRate);
        return Normalised((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    }

    /// <summary>Removes what lies above a frequency (Hz), 12 dB an octave.</summary>
    public static Biquad LowPass(double hertz, double quality, int sampleRate)
    {
        var (cos, alpha) = Angle(hertz, quality, sampleRate);
        return Normalised((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    }

    /// <summary>Raises or lowers what lies around a frequency (Hz) by a level (dB): a resonance or a notch.</summary>
    public static Biquad Peak(double hertz, double quality, double decibels, int sampleRate)
    {
        var (cos, alpha) = Angle(hertz, quality, sampleRate);
        var a = ExactMath.FromDecibels(decibels / 2);
        return Normalised(1 + alpha * a, -2 * cos, 1 - alpha * a, 1 + alpha / a, -2 * cos, 1 - alpha / a);
    }

    /// <summary>Filters in place.</summary>
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

    private static (double Cos, double Alpha) Angle(double hertz, double quality, int sampleRate)
    {
        // At a low rate a phone's upper frequencies do not exist: the filter then sits just below half the rate.
        var angle = 2 * Math.PI * Math.Min(hertz, 0.45 * sampleRate) / sampleRate;
        return (ExactMath.Cos(angle), ExactMath.Sin(angle) / (2 * quality));
    }

    private static Biquad Normalised(double b0, double b1, double b2, double a0, double a1, double a2) =>
        new(b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0);
}
