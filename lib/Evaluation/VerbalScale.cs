namespace DeviceId.Evaluation;

/// <summary>
/// Verbal equivalents of likelihood ratios, after the example in the ENFSI guideline for evaluative reporting in forensic science (2015).
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

    /// <summary>The verbal equivalent of a likelihood ratio, with the hypothesis that it supports.</summary>
    /// <param name="logRatio">Natural logarithm of the likelihood ratio: same device against another device.</param>
    /// <returns>Text such as "strong support for the same device".</returns>
    /// <exception cref="ArgumentException">The ratio is NaN.</exception>
    public static string Describe(double logRatio)
    {
        if (double.IsNaN(logRatio))
            throw new ArgumentException("The likelihood ratio is NaN: it has no verbal equivalent.", nameof(logRatio));
        var ratio = Math.Exp(Math.Abs(logRatio));

        // With a tolerance for rounding: a ratio of 10 must not miss its step by the last bit.
        var words = Steps.FirstOrDefault(step => ratio >= step.From * (1 - 1e-12)).Words;
        return words is null ? "no support for either" : $"{words} for {(logRatio > 0 ? "the same device" : "another device")}";
    }
}
