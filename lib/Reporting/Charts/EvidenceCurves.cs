using DeviceId.Evaluation;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>The lines of <see cref="EvidenceTables"/>' charts with their 95 % intervals.</summary>
internal static class EvidenceCurves
{
    private const int Resamples = 200;
    private const int TippettPoints = 80;

    // What a user asks for lies at the left; to the right little happens.
    private static readonly double[] Rates = [.. Enumerable.Range(0, 21).Select(i => i / 200.0),
        .. Enumerable.Range(3, 18).Select(i => i / 20.0)];

    /// <summary>Probability against the share of right answers, in percent; Wilson's interval of each bin.</summary>
    public static Series Reliable(string name, IReadOnlyList<IdentificationResult> answers) =>
        ReliabilityChart.Line(name, [.. answers.Select(a => (Math.Min(a.Probability, 1), a.Named == a.TrueDevice))]);

    /// <summary>Known devices named rightly against unknown ones named at all, in percent; devices drawn anew.</summary>
    public static Series Curve(IReadOnlyList<OpenSetResult> answers) =>
        Series("whole recordings", answers, a => a.TrueDevice, Rates, Percent, (drawn, rates) =>
        {
            if (drawn.All(a => a.IsKnown) || !drawn.Any(a => a.IsKnown))
                return null;
            var curve = Points(drawn);
            return [.. rates.Select(rate => OpenSetCurve.At(curve, rate).Identified)];
        });

    /// <summary>The curve itself.</summary>
    public static IReadOnlyList<OpenSetPoint> Points(IEnumerable<OpenSetResult> answers) =>
        OpenSetCurve.Compute([.. answers.Select(a => new OpenSetAnswer(a.Similarity, a.IsKnown, a.Named == a.TrueDevice))]);

    /// <summary>For each ratio (log10) the share of trials that reach it, in percent; devices drawn anew.</summary>
    public static Series Tippett(string name, IReadOnlyList<VerificationTrial> trials, double from, double to) =>
        Series(name, trials, t => t.TrueDevice,
            [.. Enumerable.Range(0, TippettPoints + 1).Select(i => from + ((to - from) * i / TippettPoints))], x => Math.Round(x, 4),
            (drawn, ratios) =>
        {
            if (drawn.Count == 0)
                return null;
            var sorted = drawn.Select(t => t.Score / Math.Log(10)).Order().ToArray();
            return [.. ratios.Select(ratio => (sorted.Length - Below(sorted, ratio)) / (double)sorted.Length)];
        });

    private static Series Series<T>(string name, IReadOnlyList<T> items, Func<T, string> device, IReadOnlyList<double> x, Func<double,
        double> asShown, Func<IReadOnlyList<T>, IReadOnlyList<double>, double[]?> values)
    {
        var shown = new Series(name, [.. x.Select(asShown)], [.. values(items, x)!.Select(Percent)]);
        var intervals = ClusterBootstrap.Intervals([.. items.GroupBy(device).Select(g => (IReadOnlyList<T>)[.. g])],
            drawn => values(drawn, x), Resamples);
        return shown with { Band = ([.. intervals.Select(i => Percent(i.Low))], [.. intervals.Select(i => Percent(i.High))]) };
    }

    private static int Below(double[] ascending, double value)
    {
        var at = Array.BinarySearch(ascending, value);
        if (at < 0)
            return ~at;
        while (at > 0 && ascending[at - 1] == value)
            at--;
        return at;
    }

    private static double Percent(double share) => Math.Round(100 * share, 2);
}
