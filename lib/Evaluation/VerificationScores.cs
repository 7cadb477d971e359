namespace DeviceId.Evaluation;

/// <summary>Scores of verification trials ("was it this device?"), of same-device and of different-device trials.</summary>
/// <remarks>
/// Calibrated scores are log-likelihood ratios (natural logarithm): 0 is neutral, above 0 supports the same-device hypothesis.
/// N. Brümmer, J. du Preez, "Application-independent evaluation of speaker detection", Computer Speech and Language 20, 2006.
/// </remarks>
internal sealed class VerificationScores
{
    /// <param name="same">Scores of same-device trials; at least one, finite.</param>
    /// <param name="different">Scores of different-device trials; at least one, finite.</param>
    /// <exception cref="ArgumentException">One of the two is empty, or a score is not finite.</exception>
    public VerificationScores(IEnumerable<double> same, IEnumerable<double> different)
    {
        (Same, Different) = ([.. same.Order()], [.. different.Order()]);
        if (Same.Count == 0 || Different.Count == 0 || !Same.Concat(Different).All(double.IsFinite))
            throw new ArgumentException("Verification needs finite scores of both same-device and different-device trials.");
    }

    /// <summary>Scores of same-device trials, ascending.</summary>
    public IReadOnlyList<double> Same { get; }

    /// <summary>Scores of different-device trials, ascending.</summary>
    public IReadOnlyList<double> Different { get; }

    /// <summary>
    /// Cllr, the log-likelihood-ratio cost, in bits: 0 is perfect, 1 is that of a system whose ratios are always 1, above 1 is misleading.
    /// </summary>
    public double Cllr => Cost(Same, Different);

    /// <summary>
    /// Minimum Cllr: that of the same scores after the optimal monotonic calibration (pool adjacent violators). The difference to
    /// <see cref="Cllr"/> is the calibration loss.
    /// </summary>
    public double MinimumCllr
    {
        get
        {
            var (same, different) = PoolAdjacentViolators();
            return Cost(same, different);
        }
    }

    /// <summary>
    /// Equal error rate (EER), in [0, 1]: the rate at the threshold where miss rate and false-alarm rate are equal, by linear interpolation
    /// between two thresholds.
    /// </summary>
    public double EqualErrorRate
    {
        get
        {
            var thresholds = Same.Concat(Different).Distinct().Order().Append(double.PositiveInfinity);
            var (previousMiss, previousFalseAlarm) = (0.0, 1.0);
            foreach (var threshold in thresholds)
            {
                var miss = CountBelow(Same, threshold) / (double)Same.Count;
                var falseAlarm = 1 - (CountBelow(Different, threshold) / (double)Different.Count);
                if (miss >= falseAlarm)
                {
                    var (previousGap, closed) = (previousFalseAlarm - previousMiss, previousFalseAlarm - previousMiss + miss - falseAlarm);

                    // Rounding must not carry the result outside the two rates that it is interpolated between.
                    return closed == 0
                        ? miss : Math.Clamp(previousMiss + ((miss - previousMiss) * previousGap / closed), previousMiss, miss);
                }

                (previousMiss, previousFalseAlarm) = (miss, falseAlarm);
            }

            return 0.5;
        }
    }

    /// <summary>A point of the Tippett plot: the proportion of trials of each kind with at least this likelihood ratio.</summary>
    /// <param name="logRatio">Natural logarithm of the ratio.</param>
    public (double Same, double Different) TippettPoint(double logRatio) =>
        (1 - (CountBelow(Same, logRatio) / (double)Same.Count), 1 - (CountBelow(Different, logRatio) / (double)Different.Count));

    private static double Cost(IReadOnlyList<double> same, IReadOnlyList<double> different) =>
        (same.Average(s => SoftPlus(-s)) + different.Average(SoftPlus)) / (2 * Math.Log(2));

    /// <summary>ln(1 + e^x), without overflow; x may be infinite.</summary>
    internal static double SoftPlus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static int CountBelow(IReadOnlyList<double> ascending, double threshold)
    {
        var (low, high) = (0, ascending.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ascending[middle] < threshold)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>
    /// Optimal log-likelihood ratios that do not decrease with the score. In each pooled group: the logarithm of the ratio of the
    /// proportions of same-device and different-device trials in it; infinite for a group of one kind only.
    /// </summary>
    private (List<double> Same, List<double> Different) PoolAdjacentViolators()
    {
        var groups = new List<(int Same, int Different)>();
        var trials = Same.Select(s => (Score: s, Same: 1)).Concat(Different.Select(d => (Score: d, Same: 0)));
        foreach (var tie in trials.GroupBy(t => t.Score).OrderBy(g => g.Key))
        {
            var last = (Same: tie.Sum(t => t.Same), Different: tie.Count(t => t.Same == 0));
            while (groups.Count > 0 && ViolatesOrder(groups[^1], last))
            {
                last = (last.Same + groups[^1].Same, last.Different + groups[^1].Different);
                groups.RemoveAt(groups.Count - 1);
            }

            groups.Add(last);
        }

        var (same, different) = (new List<double>(), new List<double>());
        foreach (var group in groups)
        {
            var ratio = Math.Log(group.Same / (double)Same.Count) - Math.Log(group.Different / (double)Different.Count);
            same.AddRange(Enumerable.Repeat(ratio, group.Same));
            different.AddRange(Enumerable.Repeat(ratio, group.Different));
        }

        return (same, different);

        // Whether the proportion of same-device trials does not rise from one group to the next, by exact integer comparison.
        static bool ViolatesOrder((int Same, int Different) previous, (int Same, int Different) next) =>
            (long)previous.Same * (next.Same + next.Different) >= (long)next.Same * (previous.Same + previous.Different);
    }
}
