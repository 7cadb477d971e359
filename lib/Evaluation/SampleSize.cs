using MathNet.Numerics.Distributions;

namespace DeviceId.Evaluation;

/// <summary>How much it would take to see a difference.</summary>
internal static class SampleSize
{
    /// <summary>Pairs of answers that McNemar's test needs to find a difference in four of five experiments, at the 5 % level.</summary>
    /// <remarks>R. J. Connor, Biometrics 43, 1987: n = (z_a sqrt(psi) + z_b sqrt(psi - d^2))^2 / d^2.</remarks>
    /// <param name="difference">The difference in accuracy d to be found, in (0, 1] in size.</param>
    /// <param name="discordant">Share psi of items that only one of the two has right; taken as no less than the difference itself.</param>
    /// <exception cref="ArgumentOutOfRangeException">No difference to be found, or a share outside [0, 1].</exception>
    public static long ForMcNemar(double difference, double discordant)
    {
        var d = Math.Abs(difference);
        if (d is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(difference), difference, "A difference of nothing takes infinitely many items.");
        if (discordant is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(discordant), discordant, "A share lies between 0 and 1.");
        var psi = Math.Max(discordant, d);
        var (a, b) = (Normal.InvCDF(0, 1, 0.975), Normal.InvCDF(0, 1, 0.8));
        return (long)Math.Ceiling(Math.Pow(a * Math.Sqrt(psi) + b * Math.Sqrt(Math.Max(0, psi - d * d)), 2) / (d * d));
    }
}
