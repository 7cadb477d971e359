namespace DeviceId.Evaluation;

/// <summary>Scores of a system that is asked "was it this device?": one of the two hypotheses is true of each.</summary>
/// <remarks>
/// Scores are natural logarithms of likelihood ratios where they are calibrated: 0 says nothing, above 0 speaks for the device.
/// N. Brümmer, J. du Preez, "Application-independent evaluation of speaker detection", Computer Speech and Language 20, 2006.
/// </remarks>
internal sealed class VerificationScores
{
    /// <param name="same">Scores where it was the device; one at least, finite.</param>
    /// <param name="different">Scores where it was another; one at least, finite.</param>
    /// <exception cref="ArgumentException">One of them is empty, or a score is not finite.</exception>
    public VerificationScores(IEnumerable<double> same, IEnumerable<double> different)
    {
        (Same, Different) = ([.. same.Order()], [.. different.Order()]);
        if (Same.Count == 0 || Different.Count == 0 || !Same.Concat(Different).All(double.IsFinite))
            throw new ArgumentException("Verification needs finite scores of both kinds: of the same device and of different ones.");
    }

    /// <summary>Ascending.</summary>
    public IReadOnlyList<double> Same { get; }

    /// <summary>Ascending.</summary>
    public IReadOnlyList<double> Different { get; }

    /// <summary>
    /// Cllr: the mean cost in bits of believing the ratios. 0 is perfect, 1 is what ratios of 1 cost, above 1 they mislead.
    /// </summary>
    public double Cllr => Cost(Same, Different);

    /// <summary>
    /// Cllr of the same scores, calibrated as well as any increasing function can (pool adjacent violators): what is lost beside it is
    /// calibration.
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
    /// The error rate, in [0, 1], at the threshold where misses and false alarms are equally frequent; between two thresholds in
    /// proportion.
    /// </summary>
    public double EqualErrorRate
    {
        get
        {
            var thresholds = Same.Concat(Different).Distinct().Order().Append(double.PositiveInfinity);
            var (missBefore, alarmBefore) = (0.0, 1.0);
            foreach (var threshold in thresholds)
            {
                var (miss, alarm) = (Below(Same, threshold) / (double)Same.Count,
                    1 - (Below(Different, threshold) / (double)Different.Count));
                if (miss >= alarm)
                {
                    var (gap, closed) = (alarmBefore - missBefore, alarmBefore - missBefore + miss - alarm);
                    // Rounding may not carry it past the two that it lies between.
                    return closed == 0 ? miss : Math.Clamp(missBefore + ((miss - missBefore) * gap / closed), missBefore, miss);
                }

                (missBefore, alarmBefore) = (miss, alarm);
            }

            return 0.5;
        }
    }

    /// <summary>Tippett plot: for a ratio, the share of trials of each kind that reach it.</summary>
    /// <param name="logRatio">Natural logarithm of the ratio.</param>
    public (double Same, double Different) AtLeast(double logRatio) =>
        (1 - (Below(Same, logRatio) / (double)Same.Count), 1 - (Below(Different, logRatio) / (double)Different.Count));

    private static double Cost(IReadOnlyList<double> same, IReadOnlyList<double> different) =>
        (same.Average(s => SoftPlus(-s)) + different.Average(SoftPlus)) / (2 * Math.Log(2));

    /// <summary>ln(1 + e^x), also where e^x is infinite or x is.</summary>
    internal static double SoftPlus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static int Below(IReadOnlyList<double> ascending, double threshold)
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
    /// The best log-likelihood ratios that increase with the score: in each pooled group the ratio of the shares; infinite where a group is
    /// pure.
    /// </summary>
    private (List<double> Same, List<double> Different) PoolAdjacentViolators()
    {
        var groups = new List<(int Same, int Different)>();
        foreach (var tie in Same.Select(s => (Score: s, Same: 1)).Concat(Different.Select(d => (Score: d, Same: 0))).GroupBy(t => t.Score)
            .OrderBy(g => g.Key))
        {
            var last = (Same: tie.Sum(t => t.Same), Different: tie.Count(t => t.Same == 0));
            while (groups.Count > 0 && (long)groups[^1].Same * (last.Same + last.Different) >= (long)last.Same
                * (groups[^1].Same + groups[^1].Different))
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
    }
}
