using DeviceId.Foundation;

namespace DeviceId.Evaluation;

/// <summary>
/// Intervals that know that segments of one recording resemble each other: whole recordings are drawn anew, not segments.
/// </summary>
/// <remarks>
/// B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, percentile intervals; recordings are the clusters. All answers to
/// a recording, of every seed, stay together. Where all recordings have the same share of right answers (all right, all wrong, or a single
/// recording) there is nothing to draw from and the interval of as many recordings takes its place
/// (<see cref="Interval.WilsonOfProportion"/>): each recording counts as one answer then, which is wide rather than narrow. Percentile
/// intervals are too narrow where only a few recordings differ from the rest, and jump to that width when the last of these falls away.
/// With a single answer a recording there is no resemblance to draw and Wilson's interval, which is better there, is taken always; with
/// several the jump remains.
/// </remarks>
public static class ClusterBootstrap
{
    private const int Resamples = 2000;
    private const double Confidence = 0.95;

    /// <summary>95 % interval of the share of right answers.</summary>
    /// <param name="answers">Answers of one system, any number a recording.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    public static Interval AccuracyInterval(IEnumerable<Answer> answers, long seed = 1)
    {
        var clusters = answers.GroupBy(a => a.Recording).Select(g => (Value: (double)g.Count(a => a.IsRight), Count: g.Count())).ToArray();
        var (right, all) = (clusters.Sum(c => c.Value), clusters.Sum(c => c.Count));
        return AreAlike(clusters) || clusters.All(c => c.Count == 1)
            ? Evaluation.Interval.WilsonOfProportion(right / all, clusters.Length, Confidence) : Percentiles(clusters, seed);
    }

    /// <summary>95 % interval of the difference in accuracy (first minus second), in [-1, 1], over the items that both answered.</summary>
    /// <remarks>
    /// Where the difference is the same in all recordings (the systems never disagree, or there is a single recording) it reaches as far
    /// either way as the share of recordings that would be otherwise and that so many could hide: Wilson's upper bound of none in as many.
    /// </remarks>
    /// <param name="first">Answers of one system.</param>
    /// <param name="second">Answers of the other to the same items.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    public static Interval DifferenceInterval(IEnumerable<Answer> first, IEnumerable<Answer> second, long seed = 1)
    {
        var other = second.ToDictionary(answer => answer.Item);
        var clusters = first.Where(answer => other.ContainsKey(answer.Item)).GroupBy(a => a.Recording)
            .Select(g => (Value: (double)g.Sum(a => (a.IsRight ? 1 : 0) - (other[a.Item].IsRight ? 1 : 0)), Count: g.Count())).ToArray();
        if (!AreAlike(clusters))
            return Percentiles(clusters, seed);
        var common = clusters.Length == 0 ? 0 : clusters[0].Value / clusters[0].Count;
        var hidden = Evaluation.Interval.Wilson(0, clusters.Length, Confidence).High;
        return new Interval(Math.Max(-1, common - hidden), Math.Min(1, common + hidden), Confidence);
    }

    /// <summary>How many times the variance of the mean exceeds that of independent answers; 1 where nothing can be said.</summary>
    public static double DesignEffect(IEnumerable<Answer> answers)
    {
        var clusters = answers.GroupBy(a => a.Recording).Select(g => (Right: (double)g.Count(a => a.IsRight), Count: g.Count())).ToArray();
        var (right, all) = (clusters.Sum(c => c.Right), clusters.Sum(c => c.Count));
        if (clusters.Length < 2 || right == 0 || right == all)
            return 1;
        var mean = right / all;
        var between = clusters.Sum(c => Math.Pow(c.Right - mean * c.Count, 2)) * clusters.Length / (clusters.Length - 1.0) / all / all;
        return Math.Max(1, between / (mean * (1 - mean) / all));
    }

    /// <summary>95 % interval of any statistic of clustered observations.</summary>
    /// <param name="clusters">Observations that belong together, one cluster at least: drawn anew as a whole.</param>
    /// <param name="statistic">
    /// Of all observations of the clusters drawn; NaN where there are none to speak of, which leaves the draw out.
    /// </param>
    /// <param name="resamples">Draws: fewer where the statistic is slow.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <exception cref="ArgumentException">No draw has a statistic.</exception>
    public static Interval Interval<T>(
        IReadOnlyList<IReadOnlyList<T>> clusters, Func<IReadOnlyList<T>, double> statistic, int resamples = 500, long seed = 1)
    {
        var random = new SplitMix64((ulong)Seeds.Derive(seed, "bootstrap"));
        var draws = Enumerable.Range(0, resamples)
            .Select(_ => Enumerable.Range(0, clusters.Count).SelectMany(_ => clusters[random.Below(clusters.Count)]).ToList()).ToList();
        var values = draws.AsParallel().Select(draw => statistic(draw)).Where(value => !double.IsNaN(value)).Order().ToArray();
        if (values.Length == 0)
            throw new ArgumentException("No draw of the clusters has a statistic.", nameof(clusters));
        var tail = (int)(values.Length * (1 - Confidence) / 2);
        return new Interval(values[tail], values[^(tail + 1)], Confidence);
    }

    /// <summary>
    /// 95 % intervals of several statistics at once, such as the heights of a curve: each for itself, not of the curve as a whole.
    /// </summary>
    /// <param name="clusters">Observations that belong together, one cluster at least: drawn anew as a whole.</param>
    /// <param name="statistics">
    /// Of all observations of the clusters drawn, always as many; null where there are none to speak of, which leaves the draw out.
    /// </param>
    /// <param name="resamples">Draws.</param>
    /// <param name="seed">The same seed gives the same intervals.</param>
    /// <exception cref="ArgumentException">No draw has statistics.</exception>
    public static IReadOnlyList<Interval> Intervals<T>(
        IReadOnlyList<IReadOnlyList<T>> clusters, Func<IReadOnlyList<T>, double[]?> statistics, int resamples = 500, long seed = 1)
    {
        var random = new SplitMix64((ulong)Seeds.Derive(seed, "bootstrap"));
        var draws = Enumerable.Range(0, resamples)
            .Select(_ => Enumerable.Range(0, clusters.Count).SelectMany(_ => clusters[random.Below(clusters.Count)]).ToList()).ToList();
        var values = draws.AsParallel().Select(draw => statistics(draw)).OfType<double[]>().ToArray();
        if (values.Length == 0)
            throw new ArgumentException("No draw of the clusters has statistics.", nameof(clusters));
        var tail = (int)(values.Length * (1 - Confidence) / 2);
        return [.. Enumerable.Range(0, values[0].Length).Select(i => values.Select(v => v[i]).Order().ToArray())
            .Select(sorted => new Interval(sorted[tail], sorted[^(tail + 1)], Confidence))];
    }

    /// <summary>Whether all clusters have the same mean, compared as whole numbers; also of none and of a single one.</summary>
    private static bool AreAlike((double Value, int Count)[] clusters) =>
        clusters.All(c => c.Value * clusters[0].Count == clusters[0].Value * c.Count);

    private static Interval Percentiles((double Value, int Count)[] clusters, long seed)
    {
        var random = new SplitMix64((ulong)Seeds.Derive(seed, "bootstrap"));
        var means = new double[Resamples];
        for (var r = 0; r < Resamples; r++)
        {
            var (value, count) = (0.0, 0);
            for (var i = 0; i < clusters.Length; i++)
            {
                var drawn = clusters[random.Below(clusters.Length)];
                value += drawn.Value;
                count += drawn.Count;
            }

            means[r] = value / count;
        }

        Array.Sort(means);
        const int Tail = (int)(Resamples * (1 - Confidence) / 2);
        return new Interval(means[Tail], means[Resamples - 1 - Tail], Confidence);
    }
}
