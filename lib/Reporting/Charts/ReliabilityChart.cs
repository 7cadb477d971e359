using DeviceId.Evaluation;

namespace DeviceId.Reporting;

/// <summary>Reliability diagram: the probability of the named device against the share of right answers.</summary>
/// <remarks>
/// Fifteen bins of equal width (<see cref="Reliability"/>). The bands are Wilson's 95 % intervals of each bin, which take answers as
/// independent: of segments of one recording they are too narrow.
/// </remarks>
internal static class ReliabilityChart
{
    /// <summary>Largest excess over 1 that is rounding.</summary>
    private const double Rounding = 1e-3;

    /// <summary>Draws a line for each output, and the diagonal.</summary>
    /// <param name="title">What is to be seen.</param>
    /// <param name="outputs">Of each its name, its probabilities (item, device), and the true label of each item.</param>
    /// <exception cref="ArgumentException">
    /// An output has no items, another number of labels, or a value that is no probability, such as a sum of several heads.
    /// </exception>
    public static INotebookValue Draw(
        string title, IReadOnlyList<(string Name, IReadOnlyList<float[]> Probabilities, IReadOnlyList<int> Truth)> outputs) =>
        Draw(title, [.. outputs.Select(output => Line(output.Name, Answers(output.Probabilities, output.Truth)))]);

    /// <summary>Draws lines of <see cref="Line"/>, and the diagonal.</summary>
    internal static INotebookValue Draw(string title, IReadOnlyList<Series> lines) =>
        Charts.Lines(title, "probability (%)", "right (%)", [.. lines, new Series("perfect", [0, 100], [0, 100])]);

    /// <summary>A line in percent, with its band.</summary>
    /// <param name="name">What it is of.</param>
    /// <param name="answers">Probability of each answer, in [0, 1], and whether it is right.</param>
    internal static Series Line(string name, IReadOnlyList<(double Probability, bool IsRight)> answers)
    {
        var bins = Reliability.Compute(answers).Bins.Where(bin => bin.Count > 0).ToList();
        var intervals = bins.Select(bin => Interval.Wilson((long)Math.Round(bin.Accuracy * bin.Count), bin.Count)).ToList();
        return new Series(name, [.. bins.Select(bin => Percent(bin.Confidence))], [.. bins.Select(bin => Percent(bin.Accuracy))])
        {
            Band = ([.. intervals.Select(interval => Percent(interval.Low))], [.. intervals.Select(interval => Percent(interval.High))]),
        };
    }

    /// <summary>The highest probability of each item (the first of equals), and whether it is the true device's.</summary>
    internal static IReadOnlyList<(double Probability, bool IsRight)> Answers(
        IReadOnlyList<float[]> probabilities, IReadOnlyList<int> truth)
    {
        if (probabilities.Count != truth.Count)
            throw new ArgumentException($"There are {probabilities.Count} items and {truth.Count} labels.", nameof(truth));
        if (probabilities.Any(row => row.Any(p => p is not (>= 0 and <= 1 + (float)Rounding))))
            throw new ArgumentException("A value lies outside 0..1: it is no probability.", nameof(probabilities));
        return [.. probabilities.Zip(truth, Answer)];
    }

    private static (double Probability, bool IsRight) Answer(float[] row, int truth)
    {
        var named = Array.IndexOf(row, row.Max());
        return (Math.Min(1, row[named]), named == truth);
    }

    private static double Percent(double share) => Math.Round(100 * share, 2);
}
