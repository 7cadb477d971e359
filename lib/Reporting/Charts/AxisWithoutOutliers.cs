namespace DeviceId.Reporting;

/// <summary>Ends of an axis that a few far values would otherwise squeeze.</summary>
internal static class AxisWithoutOutliers
{
    /// <summary>At most this fraction of the values is left out.</summary>
    private const double MaxFraction = 0.25;

    /// <summary>Values are left out only if the axis of the others is shorter by this factor.</summary>
    private const double MinGain = 3;

    /// <summary>Ends that show all intervals but those of the outliers; null if there are none.</summary>
    /// <param name="values">The values.</param>
    /// <param name="intervals">Each value's interval.</param>
    public static (double From, double To)? Ends(IReadOnlyList<double> values, IReadOnlyList<(double Low, double High)> intervals)
    {
        int[] ascending = [.. Enumerable.Range(0, values.Count).Where(i => double.IsFinite(values[i])).OrderBy(i => values[i])];
        var mayGo = (int)(MaxFraction * ascending.Length);
        var best = ascending;
        for (var low = 0; low <= mayGo; low++)
            for (var high = 0; low + high <= mayGo; high++)
            {
                var rest = ascending[low..^high];
                // Each value more that is left out must shorten the axis once more.
                if (Length(rest, intervals) is > 0 and var length && length * MinGain <= Length(best, intervals))
                    best = rest;
            }

        if (best.Length == ascending.Length)
            return null;
        var (from, to) = (best.Min(i => intervals[i].Low), best.Max(i => intervals[i].High));
        var space = 0.1 * (to - from);
        return (from - space, to + space);
    }

    private static double Length(int[] shown, IReadOnlyList<(double Low, double High)> intervals) =>
        shown.Length == 0 ? 0 : shown.Max(i => intervals[i].High) - shown.Min(i => intervals[i].Low);
}
