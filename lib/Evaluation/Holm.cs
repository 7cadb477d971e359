namespace DeviceId.Evaluation;

/// <summary>
/// Holm's correction for multiple tests: of 20 comparisons without any difference, one is expected to be "significant" at 5 % by chance.
/// </summary>
public static class Holm
{
    /// <summary>
    /// Holm-adjusted p-values, to be compared with the family-wise significance level (S. Holm, Scand. J. Statist. 6, 1979).
    /// </summary>
    /// <param name="pValues">p-values in [0, 1]; the adjusted ones have the same order.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside [0, 1].</exception>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        if (pValues.Any(p => !(p >= 0 && p <= 1)))
            throw new ArgumentOutOfRangeException(nameof(pValues), "A p-value must be between 0 and 1.");
        var order = Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).ToList();
        var adjusted = new double[pValues.Count];
        var min = 0.0;
        for (var rank = 0; rank < order.Count; rank++)
        {
            min = Math.Max(min, Math.Min(1, (pValues.Count - rank) * pValues[order[rank]]));
            adjusted[order[rank]] = min;
        }

        return adjusted;
    }
}
