using MathNet.Numerics.Distributions;

namespace DeviceId.Evaluation;

/// <summary>A confidence interval of a proportion.</summary>
/// <param name="Low">Lower end, in [0, 1].</param>
/// <param name="High">Upper end, in [0, 1].</param>
/// <param name="Confidence">Coverage, in (0, 1): 0.95.</param>
public readonly record struct Interval(double Low, double High, double Confidence)
{
    /// <summary>The score interval of E. B. Wilson (J. Am. Stat. Assoc. 22, 1927): honest near 0 and 1, where the textbook one is not.</summary>
    /// <remarks>It takes the trials as independent. Segments of one recording are not, so an interval over segments is too narrow.</remarks>
    /// <param name="successes">Right answers, 0..<paramref name="trials"/>.</param>
    /// <param name="trials">Answers; with none the interval is [0, 1].</param>
    /// <param name="confidence">Coverage, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">Counts or coverage out of range.</exception>
    public static Interval Wilson(long successes, long trials, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The coverage lies between 0 and 1.");
        if (trials == 0)
            return new Interval(0, 1, confidence);

        var z = Normal.InvCDF(0, 1, (1 + confidence) / 2);
        double n = trials, p = successes / n, shrink = 1 + z * z / n;
        var centre = (p + z * z / (2 * n)) / shrink;
        var half = z / shrink * Math.Sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        return new Interval(
            successes == 0 ? 0 : Math.Max(0, centre - half),
            successes == trials ? 1 : Math.Min(1, centre + half),
            confidence);
    }
}
