namespace DeviceId.Corpora;

/// <summary>Elementary functions from + - * / alone.</summary>
/// <remarks>
/// IEEE 754 fixes these four operations and the square root to the last bit, and .NET never fuses them by itself; Math.Sin, Math.Exp and
/// Math.Pow come from each system's C library and may differ in the last bit. Simulated recordings must be the same bytes everywhere.
/// Accuracy is about 1e-12, far finer than a 16-bit step.
/// </remarks>
internal static class ExactMath
{
    /// <summary>Sine of x radians, |x| up to some thousands.</summary>
    public static double Sin(double x)
    {
        x -= Math.Floor(x / (2 * Math.PI) + 0.5) * (2 * Math.PI); // now in [-pi, pi]
        var (term, sum) = (x, x);
        for (var n = 1; n <= 14; n++)
        {
            term *= -x * x / (2 * n * (2 * n + 1));
            sum += term;
        }

        return sum;
    }

    /// <summary>Cosine of x radians.</summary>
    public static double Cos(double x) => Sin(x + Math.PI / 2);

    /// <summary>e to the x, |x| up to some hundreds.</summary>
    public static double Exp(double x)
    {
        var halvings = 0;
        for (; x is > 0.5 or < -0.5; halvings++)
            x /= 2;
        var (term, sum) = (1.0, 1.0);
        for (var n = 1; n <= 16; n++)
        {
            term *= x / n;
            sum += term;
        }

        for (; halvings > 0; halvings--)
            sum *= sum;
        return sum;
    }

    /// <summary>The factor of an amplitude that a level in decibels means.</summary>
    public static double FromDecibels(double decibels) => Exp(decibels * 0.11512925464970228); // ln(10) / 20

    /// <summary>Nearly normal with variance 1: twelve uniforms' sum. No logarithm, no cosine.</summary>
    public static double Normal(DeviceId.Foundation.SplitMix64 random)
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += random.Uniform();
        return sum;
    }
}
