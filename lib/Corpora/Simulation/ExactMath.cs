namespace DeviceId.Corpora;

/// <summary>Elementary functions computed only with +, -, * and /, with the same bits on every platform.</summary>
/// <remarks>
/// IEEE 754 defines these operations and the square root exactly, and .NET never fuses them on its own. Math.Sin, Math.Exp and Math.Pow use
/// the C library of the system and may differ in the last bit, but simulated recordings must have the same bytes everywhere. The accuracy
/// is about 1e-12, far below a 16-bit quantisation step.
/// </remarks>
internal static class ExactMath
{
    /// <summary>Sine of x (radians), |x| up to some thousands.</summary>
    public static double Sin(double x)
    {
        x -= Math.Floor(x / (2 * Math.PI) + 0.5) * (2 * Math.PI); // reduce to [-pi, pi]
        var (term, sum) = (x, x);
        for (var n = 1; n <= 14; n++)
        {
            term *= -x * x / (2 * n * (2 * n + 1));
            sum += term;
        }

        return sum;
    }

    /// <summary>Cosine of x (radians).</summary>
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

    /// <summary>Converts decibels to an amplitude factor.</summary>
    public static double FromDecibels(double decibels) => Exp(decibels * 0.11512925464970228); // ln(10) / 20

    /// <summary>Approximately standard normal: the sum of twelve uniform numbers, which needs no logarithm or cosine.</summary>
    public static double Normal(DeviceId.Foundation.SplitMix64 random)
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += random.Uniform();
        return sum;
    }
}
