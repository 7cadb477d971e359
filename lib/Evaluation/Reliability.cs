namespace DeviceId.Evaluation;

/// <summary>
/// Reliability diagram and expected calibration error: whether answers given with a confidence of 80 % are correct 80 % of the time.
/// </summary>
/// <param name="Bins">The bins, in order of ascending confidence.</param>
/// <param name="ExpectedCalibrationError">
/// Mean of |accuracy - confidence| over the bins, weighted by their numbers of answers; in [0, 1].
/// </param>
internal sealed record Reliability(IReadOnlyList<ReliabilityBin> Bins, double ExpectedCalibrationError)
{
    /// <summary>Number of bins, as in Guo et al. 2017.</summary>
    public const int DefaultBins = 15;

    /// <summary>Sorts answers into bins of equal width in confidence.</summary>
    /// <param name="answers">Confidence in [0, 1] of each answer, and whether it is correct.</param>
    /// <param name="bins">Number of bins, at least 1.</param>
    /// <exception cref="ArgumentException">There are no answers, or a confidence is outside [0, 1].</exception>
    public static Reliability Compute(IReadOnlyList<(double Confidence, bool IsRight)> answers, int bins = DefaultBins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        if (answers.Count == 0 || answers.Any(a => !(a.Confidence is >= 0 and <= 1)))
            throw new ArgumentException("There must be at least one answer, and each confidence must be between 0 and 1.", nameof(answers));
        var groups = answers.ToLookup(a => Math.Min(bins - 1, (int)(a.Confidence * bins)));
        var rows = Enumerable.Range(0, bins).Select(bin => Bin(bin / (double)bins, (bin + 1) / (double)bins, [.. groups[bin]])).ToList();
        return new Reliability(rows, rows.Where(r => r.Count > 0).Sum(r => r.Count * Math.Abs(r.Accuracy - r.Confidence)) / answers.Count);
    }

    private static ReliabilityBin Bin(double low, double high, IReadOnlyList<(double Confidence, bool IsRight)> answers) =>
        answers.Count == 0
            ? new ReliabilityBin(low, high, 0, double.NaN, double.NaN)
            : new ReliabilityBin(
                low, high, answers.Count, answers.Average(a => a.Confidence), answers.Count(a => a.IsRight) / (double)answers.Count);
}

/// <summary>Answers of similar confidence.</summary>
/// <param name="Low">Lower bound of the bin's confidence.</param>
/// <param name="High">Upper bound of the bin's confidence.</param>
/// <param name="Count">Number of answers in the bin.</param>
/// <param name="Confidence">Mean confidence; NaN without answers.</param>
/// <param name="Accuracy">Proportion of correct answers; NaN without answers.</param>
internal readonly record struct ReliabilityBin(double Low, double High, int Count, double Confidence, double Accuracy);
