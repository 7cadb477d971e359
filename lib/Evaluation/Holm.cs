namespace DeviceId.Evaluation;

/// <summary>Several tests at once: with twenty honest comparisons one comes out "significant" by chance.</summary>
public static class Holm
{
    /// <summary>
    /// The probabilities, raised so that each can be compared with the level of the whole table (S. Holm, Scand. J. Statist. 6, 1979).
    /// </summary>
    /// <param name="pValues">Each in [0, 1]; the order is kept.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value outside [0, 1].</exception>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        if (pValues.Any(p => !(p >= 0 && p <= 1)))
            throw new ArgumentOutOfRangeException(nameof(pValues), "Probabilities lie between 0 and 1.");
        var order = Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).ToList();
        var adjusted = new double[pValues.Count];
        var least = 0.0;
        for (var rank = 0; rank < order.Count; rank++)
        {
            least = Math.Max(least, Math.Min(1, (pValues.Count - rank) * pValues[order[rank]]));
            adjusted[order[rank]] = least;
        }

        return adjusted;
    }
}
