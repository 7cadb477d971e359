using DeviceId.Evaluation;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>Lines of the charts of <see cref="EvidenceTables"/>, with 95 % intervals.</summary>
internal static class EvidenceCurves
{
    private const int Resamples = 200;
    private const int TippettPoints = 80;

    // Denser at low false-alarm rates, where users choose their threshold.
    private static readonly double[] Rates = [.. Enumerable.Range(0, 21).Select(i => i / 200.0),
        .. Enumerable.Range(3, 18).Select(i => i / 20.0)];

    /// <summary>Reliability: proportion of correct answers against probability, in percent; Wilson's interval of each bin.</summary>
    public static Series Reliability(string name, IReadOnlyList<IdentificationResult> answers) =>
        ReliabilityChart.Line(name, [.. answers.Select(a => (Math.Min(a.Probability, 1), a.Named == a.TrueDevice))]);

    /// <summary>Detection and identification rate against false-alarm rate, in percent; bootstrap over devices.</summary>
    public static Series OpenSet(IReadOnlyList<OpenSetResult> answers) =>
        WithInterval("whole recordings", answers, a => a.TrueDevice, Rates, Percent, (sample, rates) =>
        {
            if (sample.All(a => a.IsKnown) || !sample.Any(a => a.IsKnown))
                return null;
            var curve = Points(sample);
            return [.. rates.Select(rate => OpenSetCurve.At(curve, rate).Identified)];
        });

    /// <summary>The open-set curve of some answers, at all their thresholds.</summary>
    public static IReadOnlyList<OpenSetPoint> Points(IEnumerable<OpenSetResult> answers) =>
        OpenSetCurve.Compute([.. answers.Select(a => new OpenSetAnswer(a.Similarity, a.IsKnown, a.Named == a.TrueDevice))]);

    /// <summary>
    /// Proportion of trials with at least a given log10 likelihood ratio, in percent; bootstrap over devices.
    /// </summary>
    public static Series Tippett(string name, IReadOnlyList<VerificationTrial> trials, double from, double to)
    {
        double[] logRatios = [.. Enumerable.Range(0, TippettPoints + 1).Select(i => from + ((to - from) * i / TippettPoints))];
        return WithInterval(name, trials, t => t.TrueDevice, logRatios, x => Math.Round(x, 4), (sample, ratios) =>
        {
            if (sample.Count == 0)
                return null;
            var sorted = sample.Select(t => t.Score / Math.Log(10)).Order().ToArray();
            return [.. ratios.Select(ratio => (sorted.Length - CountBelow(sorted, ratio)) / (double)sorted.Length)];
        });
    }

    private static Series WithInterval<T>(string name, IReadOnlyList<T> items, Func<T, string> device, IReadOnlyList<double> x,
        Func<double, double> displayX, Func<IReadOnlyList<T>, IReadOnlyList<double>, double[]?> values)
    {
        var line = new Series(name, [.. x.Select(displayX)], [.. values(items, x)!.Select(Percent)]);
        var intervals = ClusterBootstrap.Intervals([.. items.GroupBy(device).Select(g => (IReadOnlyList<T>)[.. g])],
            sample => values(sample, x), Resamples);
        return line with { Band = ([.. intervals.Select(i => Percent(i.Low))], [.. intervals.Select(i => Percent(i.High))]) };
    }

    private static int CountBelow(double[] ascending, double value)
    {
        var index = Array.BinarySearch(ascending, value);
        if (index < 0)
            return ~index;
        while (index > 0 && ascending[index - 1] == value)
            index--;
        return index;
    }

    private static double Percent(double proportion) => Math.Round(100 * proportion, 2);
}
