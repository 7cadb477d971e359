namespace DeviceId.Evaluation;

/// <summary>
/// Likelihood ratios in words, as the ENFSI guideline for evaluative reporting in forensic science (2015) gives an example of.
/// </summary>
internal static class VerbalScale
{
    private static readonly (double From, string Words)[] Steps =
    [
        (1e6, "extremely strong support"),
        (1e4, "very strong support"),
        (1e3, "strong support"),
        (1e2, "moderately strong support"),
        (10, "moderate support"),
        (2, "weak support"),
    ];

    /// <summary>The words for a ratio, for the hypothesis that it speaks for.</summary>
    /// <param name="logRatio">Natural logarithm of the likelihood ratio: same device against another.</param>
    /// <returns>Such as "strong support for the same device".</returns>
    /// <exception cref="ArgumentException">The ratio is not a number.</exception>
    public static string Describe(double logRatio)
    {
        if (double.IsNaN(logRatio))
            throw new ArgumentException("A likelihood ratio that is not a number has no words.", nameof(logRatio));
        var ratio = Math.Exp(Math.Abs(logRatio));
        // Rounded as it is printed: a ratio of 10 must not fall between two steps by its last bit.
        var words = Steps.FirstOrDefault(step => ratio >= step.From * (1 - 1e-12)).Words;
        return words is null ? "no support for either" : $"{words} for {(logRatio > 0 ? "the same device" : "another device")}";
    }
}
