using MathNet.Numerics.Distributions;

namespace DeviceId.Evaluation;

/// <summary>A confidence interval of a proportion, or of a difference of two.</summary>
/// <param name="Low">Lower end, in [0, 1]; of a difference in [-1, 1].</param>
/// <param name="High">Upper end, likewise.</param>
/// <param name="Confidence">Coverage, in (0, 1): 0.95.</param>
public readonly record struct Interval(double Low, double High, double Confidence)
{
    /// <summary>
    /// The score interval of E. B. Wilson (J. Am. Stat. Assoc. 22, 1927): honest near 0 and 1, where the textbook one is not.
    /// </summary>
    /// <remarks>
    /// It takes the trials as independent. Segments of one recording are not, so an interval over segments is too narrow.
    /// </remarks>
    /// <param name="successes">Right answers, 0..<paramref name="trials"/>.</param>
    /// <param name="trials">Answers; with none the interval is [0, 1].</param>
    /// <param name="confidence">Coverage, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">Counts or coverage out of range.</exception>
    public static Interval Wilson(long successes, long trials, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        return WilsonOfProportion(trials == 0 ? 0 : successes / (double)trials, trials, confidence);
    }

    /// <summary>
    /// The same of a share that need be no whole number of right answers: a mean over groups, each of which counts as one trial.
    /// </summary>
    /// <param name="share">Share of right answers, in [0, 1].</param>
    /// <param name="trials">How many trials it counts for; with none the interval is [0, 1].</param>
    /// <param name="confidence">Coverage, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">Share, count or coverage out of range.</exception>
    public static Interval WilsonOfProportion(double share, long trials, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trials);
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The coverage lies between 0 and 1.");
        if (trials == 0)
            return new Interval(0, 1, confidence);
        if (share is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies between 0 and 1.");

        var z = Normal.InvCDF(0, 1, (1 + confidence) / 2);
        double n = trials, p = share, shrink = 1 + z * z / n;
        var centre = (p + z * z / (2 * n)) / shrink;
        var half = z / shrink * Math.Sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        return new Interval(
            share == 0 ? 0 : Math.Max(0, centre - half),
            share == 1 ? 1 : Math.Min(1, centre + half),
            confidence);
    }
}
