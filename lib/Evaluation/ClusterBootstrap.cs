using System.Globalization;
using DeviceId.Foundation;

namespace DeviceId.Evaluation;

/// <summary>
/// Cluster bootstrap: confidence intervals for correlated segments. Whole recordings are resampled, not segments.
/// </summary>
/// <remarks>
/// B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, percentile intervals; the clusters are the recordings. All answers
/// to a recording, of every seed, stay together. Where all recordings have the same proportion of correct answers (all correct, all wrong,
/// or a single recording), resampling shows no variation, and Wilson's interval over the number of recordings is used instead
/// (<see cref="Interval.WilsonOfProportion"/>): each recording then counts as one answer, which errs on the wide side. Percentile intervals
/// are too narrow where only a few recordings differ from the rest, and jump to Wilson's width when the last of these agrees with the rest.
/// With one answer per recording there is no correlation, and Wilson's interval, which is better there, is always used; with several
/// answers the jump remains.
/// </remarks>
public static class ClusterBootstrap
{
    private const int Resamples = 2000;
    private const double Confidence = 0.95;

    /// <summary>95 % interval of the proportion of correct answers.</summary>
    /// <param name="answers">Answers of one system, any number per recording.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <param name="overDevices">Whether devices are resampled instead of recordings: for statements about other devices.</param>
    public static Interval AccuracyInterval(IEnumerable<Answer> answers, long seed = 1, bool overDevices = false)
    {
        var clusters = answers.GroupBy(Cluster(overDevices))
            .Select(g => (Value: (double)g.Count(a => a.IsRight), Count: g.Count())).ToArray();
        var (correct, total) = (clusters.Sum(c => c.Value), clusters.Sum(c => c.Count));
        return HaveEqualMeans(clusters) || clusters.All(c => c.Count == 1)
            ? Evaluation.Interval.WilsonOfProportion(correct / total, clusters.Length, Confidence)
            : Percentiles(clusters, seed);
    }

    /// <summary>95 % interval of the difference in accuracy (first minus second), in [-1, 1], over the items that both answered.</summary>
    /// <remarks>
    /// Where the difference is the same in all recordings (the systems never disagree, or there is a single recording), its half width is
    /// Wilson's upper bound for 0 successes in that many trials: the largest proportion of differing recordings that may have been missed.
    /// </remarks>
    /// <param name="first">Answers of one system.</param>
    /// <param name="second">Answers of the other system to the same items.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <param name="overDevices">Whether devices are resampled instead of recordings: for statements about other devices.</param>
    public static Interval DifferenceInterval(
        IEnumerable<Answer> first, IEnumerable<Answer> second, long seed = 1, bool overDevices = false)
    {
        var answersOfSecond = second.ToDictionary(answer => answer.Item);
        var clusters = first.Where(answer => answersOfSecond.ContainsKey(answer.Item)).GroupBy(Cluster(overDevices))
            .Select(g => (Value: (double)g.Sum(a => (a.IsRight ? 1 : 0) - (answersOfSecond[a.Item].IsRight ? 1 : 0)), Count: g.Count()))
            .ToArray();
        if (!HaveEqualMeans(clusters))
            return Percentiles(clusters, seed);
        var mean = clusters.Length == 0 ? 0 : clusters[0].Value / clusters[0].Count;
        var maxDifference = Evaluation.Interval.Wilson(0, clusters.Length, Confidence).High;
        return new Interval(Math.Max(-1, mean - maxDifference), Math.Min(1, mean + maxDifference), Confidence);
    }

    /// <summary>
    /// Design effect: variance of the mean divided by that of independent answers, at least 1. Returns 1 where it cannot be estimated.
    /// </summary>
    public static double DesignEffect(IEnumerable<Answer> answers)
    {
        var clusters = answers.GroupBy(a => a.Recording).Select(g => (Right: (double)g.Count(a => a.IsRight), Count: g.Count())).ToArray();
        var (correct, total) = (clusters.Sum(c => c.Right), clusters.Sum(c => c.Count));
        if (clusters.Length < 2 || correct == 0 || correct == total)
            return 1;
        var mean = correct / total;
        var between = clusters.Sum(c => Math.Pow(c.Right - mean * c.Count, 2)) * clusters.Length / (clusters.Length - 1.0) / total / total;
        return Math.Max(1, between / (mean * (1 - mean) / total));
    }

    /// <summary>95 % percentile interval of any statistic of clustered observations.</summary>
    /// <param name="clusters">Correlated observations, at least one cluster; clusters are resampled as a whole.</param>
    /// <param name="statistic">
    /// Computes the statistic of all observations of a resample; NaN where it is undefined, which leaves the resample out.
    /// </param>
    /// <param name="resamples">Number of resamples; fewer if the statistic is slow.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <exception cref="ArgumentException">The statistic is undefined for every resample.</exception>
    public static Interval Interval<T>(
        IReadOnlyList<IReadOnlyList<T>> clusters, Func<IReadOnlyList<T>, double> statistic, int resamples = 500, long seed = 1)
    {
        var random = new SplitMix64((ulong)Seeds.Derive(seed, "bootstrap"));
        var draws = Enumerable.Range(0, resamples)
            .Select(_ => Enumerable.Range(0, clusters.Count).SelectMany(_ => clusters[random.Below(clusters.Count)]).ToList()).ToList();
        var values = draws.AsParallel().Select(draw => statistic(draw)).Where(value => !double.IsNaN(value)).Order().ToArray();
        if (values.Length == 0)
            throw new ArgumentException("The statistic is undefined (NaN) for every resample of the clusters.", nameof(clusters));
        var tail = (int)(values.Length * (1 - Confidence) / 2);
        return new Interval(values[tail], values[^(tail + 1)], Confidence);
    }

    /// <summary>
    /// 95 % percentile intervals of several statistics at once, such as the points of a curve: pointwise, not a confidence band.
    /// </summary>
    /// <param name="clusters">Correlated observations, at least one cluster; clusters are resampled as a whole.</param>
    /// <param name="statistics">
    /// Computes the statistics of all observations of a resample, always the same number; null, if they are undefined, leaves the resample
    /// out.
    /// </param>
    /// <param name="resamples">Number of resamples.</param>
    /// <param name="seed">The same seed gives the same intervals.</param>
    /// <exception cref="ArgumentException">The statistics are undefined for every resample.</exception>
    public static IReadOnlyList<Interval> Intervals<T>(
        IReadOnlyList<IReadOnlyList<T>> clusters, Func<IReadOnlyList<T>, double[]?> statistics, int resamples = 500, long seed = 1)
    {
        var random = new SplitMix64((ulong)Seeds.Derive(seed, "bootstrap"));
        var draws = Enumerable.Range(0, resamples)
            .Select(_ => Enumerable.Range(0, clusters.Count).SelectMany(_ => clusters[random.Below(clusters.Count)]).ToList()).ToList();
        var values = draws.AsParallel().Select(draw => statistics(draw)).OfType<double[]>().ToArray();
        if (values.Length == 0)
            throw new ArgumentException("The statistics are undefined for every resample of the clusters.", nameof(clusters));
        var tail = (int)(values.Length * (1 - Confidence) / 2);
        return [.. Enumerable.Range(0, values[0].Length).Select(i => values.Select(v => v[i]).Order().ToArray())
            .Select(sorted => new Interval(sorted[tail], sorted[^(tail + 1)], Confidence))];
    }

    private static Func<Answer, string> Cluster(bool overDevices) =>
        overDevices ? answer => answer.Truth.ToString(CultureInfo.InvariantCulture) : answer => answer.Recording;

    /// <summary>Whether all clusters have the same mean, by exact integer comparison; true for zero or one cluster.</summary>
    private static bool HaveEqualMeans((double Value, int Count)[] clusters) =>
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
