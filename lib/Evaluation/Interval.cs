using MathNet.Numerics.Distributions;

namespace DeviceId.Evaluation;

/// <summary>A confidence interval of a proportion, or of a difference of two proportions.</summary>
/// <param name="Low">Lower bound, in [0, 1]; for a difference in [-1, 1].</param>
/// <param name="High">Upper bound, in the same range.</param>
/// <param name="Confidence">Nominal coverage, in (0, 1), usually 0.95.</param>
public readonly record struct Interval(double Low, double High, double Confidence)
{
    /// <summary>
    /// Score interval of E. B. Wilson (J. Am. Stat. Assoc. 22, 1927). Unlike the Wald interval it keeps its coverage near 0 and 1.
    /// </summary>
    /// <remarks>
    /// The trials are assumed to be independent. Segments of one recording are not, so an interval over segments is too narrow.
    /// </remarks>
    /// <param name="successes">Number of correct answers, 0..<paramref name="trials"/>.</param>
    /// <param name="trials">Number of answers; for 0 the interval is [0, 1].</param>
    /// <param name="confidence">Nominal coverage, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">Counts or coverage are out of range.</exception>
    public static Interval Wilson(long successes, long trials, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        return WilsonOfProportion(trials == 0 ? 0 : successes / (double)trials, trials, confidence);
    }

    /// <summary>
    /// Wilson's interval of a proportion that is not a ratio of whole numbers, such as a mean over groups that count as one trial each.
    /// </summary>
    /// <param name="proportion">Proportion of correct answers, in [0, 1].</param>
    /// <param name="trials">Number of trials that it stands for; for 0 the interval is [0, 1].</param>
    /// <param name="confidence">Nominal coverage, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">Proportion, number of trials or coverage are out of range.</exception>
    public static Interval WilsonOfProportion(double proportion, long trials, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trials);
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The coverage must be between 0 and 1.");
        if (trials == 0)
            return new Interval(0, 1, confidence);
        if (proportion is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(proportion), proportion, "A proportion must be between 0 and 1.");

        var z = Normal.InvCDF(0, 1, (1 + confidence) / 2);
        double n = trials, p = proportion, denominator = 1 + z * z / n;
        var centre = (p + z * z / (2 * n)) / denominator;
        var halfWidth = z / denominator * Math.Sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        return new Interval(
            proportion == 0 ? 0 : Math.Max(0, centre - halfWidth),
            proportion == 1 ? 1 : Math.Min(1, centre + halfWidth),
            confidence);
    }
}
