namespace DeviceId.Evaluation;

/// <summary>Whether answers of 80 % are right four times out of five.</summary>
/// <param name="Bins">From the least sure to the surest.</param>
/// <param name="ExpectedCalibrationError">Mean of |accuracy - confidence| over the bins, weighted by their answers; in [0, 1].</param>
internal sealed record Reliability(IReadOnlyList<ReliabilityBin> Bins, double ExpectedCalibrationError)
{
    /// <summary>Bins of equal width in confidence (Guo et al. 2017 take 15).</summary>
    /// <param name="answers">Confidence in [0, 1] of each answer, and whether it is right.</param>
    /// <param name="bins">At least 1.</param>
    /// <exception cref="ArgumentException">No answers, or a confidence outside [0, 1].</exception>
    public static Reliability Compute(IReadOnlyList<(double Confidence, bool IsRight)> answers, int bins = 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        if (answers.Count == 0 || answers.Any(a => !(a.Confidence is >= 0 and <= 1)))
            throw new ArgumentException("There must be answers, with confidences from 0 to 1.", nameof(answers));
        var groups = answers.ToLookup(a => Math.Min(bins - 1, (int)(a.Confidence * bins)));
        var rows = Enumerable.Range(0, bins).Select(bin => Bin(bin / (double)bins, (bin + 1) / (double)bins, [.. groups[bin]])).ToList();
        return new Reliability(rows, rows.Where(r => r.Count > 0).Sum(r => r.Count * Math.Abs(r.Accuracy - r.Confidence)) / answers.Count);
    }

    private static ReliabilityBin Bin(double low, double high, IReadOnlyList<(double Confidence, bool IsRight)> answers) =>
        answers.Count == 0
        ? new ReliabilityBin(low, high, 0, double.NaN, double.NaN)
        : new ReliabilityBin(low, high, answers.Count, answers.Average(a => a.Confidence),
            answers.Count(a => a.IsRight) / (double)answers.Count);
}

/// <summary>Answers of about the same confidence.</summary>
/// <param name="Low">Least confidence of the bin.</param>
/// <param name="High">Greatest confidence of the bin.</param>
/// <param name="Count">Answers in it.</param>
/// <param name="Confidence">Their mean confidence; NaN without answers.</param>
/// <param name="Accuracy">The share of them that is right; NaN without answers.</param>
internal readonly record struct ReliabilityBin(double Low, double High, int Count, double Confidence, double Accuracy);
