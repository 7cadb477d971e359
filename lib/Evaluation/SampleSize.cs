using MathNet.Numerics.Distributions;

namespace DeviceId.Evaluation;

/// <summary>Sample sizes needed to detect a difference.</summary>
internal static class SampleSize
{
    /// <summary>
    /// Number of pairs of answers that McNemar's test needs to detect a difference with 80 % power at the 5 % significance level.
    /// </summary>
    /// <remarks>R. J. Connor, Biometrics 43, 1987: n = (z_a sqrt(psi) + z_b sqrt(psi - d^2))^2 / d^2.</remarks>
    /// <param name="difference">The difference in accuracy d to detect; its absolute value is in (0, 1].</param>
    /// <param name="discordant">Proportion psi of discordant pairs; raised to |d| if it is smaller.</param>
    /// <exception cref="ArgumentOutOfRangeException">The difference is 0 or too large, or the proportion is outside [0, 1].</exception>
    public static long ForMcNemar(double difference, double discordant)
    {
        var d = Math.Abs(difference);
        if (d is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(difference), difference, "The absolute difference must be in (0, 1].");
        if (discordant is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(discordant), discordant, "A proportion must be between 0 and 1.");
        var psi = Math.Max(discordant, d);
        var (a, b) = (Normal.InvCDF(0, 1, 0.975), Normal.InvCDF(0, 1, 0.8));
        return (long)Math.Ceiling(Math.Pow(a * Math.Sqrt(psi) + b * Math.Sqrt(Math.Max(0, psi - d * d)), 2) / (d * d));
    }
}
