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

    /// <summary>Draws lines of <see cref="Line"/>, the diagonal, and below them how many answers each bin has.</summary>
    internal static INotebookValue Draw(string title, IReadOnlyList<Series> lines)
    {
        var x = new Axis("probability (%)") { Range = (-2, 102) };
        var diagonal = new LineMark([0, 100], [0, 100])
        {
            Name = "perfect", Colour = ChartColours.Reference, Pattern = LinePattern.Dashed, InLegend = true, IsData = false,
        };
        var bands = lines.Select((line, i) => Charts.Band(line, ChartColours.Line(i))).OfType<Mark>();
        var drawn = lines.Select((line, i) => Charts.Line(line, ChartColours.Line(i)) with { InLegend = true });
        var upper = new Panel(x with { Title = "" }, new Axis("correct (%)") { Range = (-2, 102) }, [diagonal, .. bands, .. drawn]);
        // Bars of several outputs stand side by side within their bin.
        var width = 100.0 / Reliability.DefaultBins / Math.Max(1, lines.Count) * 0.8;
        var bars = lines.Select((line, i) => (Mark)new BarsMark(
            [.. line.X.Select(at => Middle(at) + ((i - ((lines.Count - 1) / 2.0)) * width))],
            [.. (line.Counts ?? []).Select(count => (double)count)], width)
        {
            Name = line.Name, Colour = ChartColours.Line(i),
        });
        var lower = new Panel(x, new Axis("answers"), [.. bars]) { Weight = 0.35 };
        return new Figure(title, [upper, lower], 460);
    }

    /// <summary>Middle of the bin of a probability, in percent.</summary>
    private static double Middle(double percent)
    {
        var bin = Math.Min((int)(percent / 100 * Reliability.DefaultBins), Reliability.DefaultBins - 1);
        return (bin + 0.5) * 100 / Reliability.DefaultBins;
    }

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
            Counts = [.. bins.Select(bin => bin.Count)],
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
