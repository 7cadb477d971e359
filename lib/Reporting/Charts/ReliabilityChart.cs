using DeviceId.Evaluation;

namespace DeviceId.Reporting;

/// <summary>Reliability diagram: proportion of correct answers against the probability of the named device.</summary>
/// <remarks>
/// Fifteen bins of equal width (<see cref="Reliability"/>). The bands are Wilson's 95 % intervals of each bin, which assume independent
/// answers; for segments of one recording they are too narrow.
/// </remarks>
internal static class ReliabilityChart
{
    /// <summary>Tolerance above 1 for rounding errors.</summary>
    private const double Rounding = 1e-3;

    /// <summary>Draws a line for each output, and the diagonal.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="outputs">Name, probabilities (item, device) and true labels (item) of each output.</param>
    /// <exception cref="ArgumentException">
    /// An output has no items, a different number of labels, or a value that is not a probability, such as a sum over several heads.
    /// </exception>
    public static INotebookValue Draw(
        string title, IReadOnlyList<(string Name, IReadOnlyList<float[]> Probabilities, IReadOnlyList<int> Truth)> outputs) =>
        Draw(title, [.. outputs.Select(output => Line(output.Name, Answers(output.Probabilities, output.Truth)))]);

    /// <summary>Draws lines of <see cref="Line"/>, and the diagonal.</summary>
    internal static INotebookValue Draw(string title, IReadOnlyList<Series> lines) =>
        Charts.Lines(title, "probability (%)", "correct (%)", [.. lines, new Series("perfect", [0, 100], [0, 100])]);

    /// <summary>A line in percent, with its band.</summary>
    /// <param name="name">Name for the legend.</param>
    /// <param name="answers">Probability of each answer, in [0, 1], and whether it is correct.</param>
    internal static Series Line(string name, IReadOnlyList<(double Probability, bool IsRight)> answers)
    {
        var bins = Reliability.Compute(answers).Bins.Where(bin => bin.Count > 0).ToList();
        var intervals = bins.Select(bin => Interval.Wilson((long)Math.Round(bin.Accuracy * bin.Count), bin.Count)).ToList();
        return new Series(name, [.. bins.Select(bin => Percent(bin.Confidence))], [.. bins.Select(bin => Percent(bin.Accuracy))])
        {
            Band = ([.. intervals.Select(interval => Percent(interval.Low))], [.. intervals.Select(interval => Percent(interval.High))]),
        };
    }

    /// <summary>The highest probability of each item, and whether it is the true device's; of equal ones the first counts.</summary>
    internal static IReadOnlyList<(double Probability, bool IsRight)> Answers(
        IReadOnlyList<float[]> probabilities, IReadOnlyList<int> truth)
    {
        if (probabilities.Count != truth.Count)
            throw new ArgumentException($"There are {probabilities.Count} items and {truth.Count} labels.", nameof(truth));
        if (probabilities.Any(row => row.Any(p => p is not (>= 0 and <= 1 + (float)Rounding))))
            throw new ArgumentException("A value is outside 0..1, so it is not a probability.", nameof(probabilities));
        return [.. probabilities.Zip(truth, Answer)];
    }

    private static (double Probability, bool IsRight) Answer(float[] row, int truth)
    {
        var named = Array.IndexOf(row, row.Max());
        return (Math.Min(1, row[named]), named == truth);
    }

    private static double Percent(double proportion) => Math.Round(100 * proportion, 2);
}
