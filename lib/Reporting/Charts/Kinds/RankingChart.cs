namespace DeviceId.Reporting;

/// <summary>Dot plot with a row per name.</summary>
internal static class RankingChart
{
    /// <summary>Number of symbols for series.</summary>
    public const int Symbols = (int)Symbol.None;

    /// <summary>Distance of the series of a row, in rows: equal values would hide each other.</summary>
    private const double Shift = 0.3;

    /// <summary>A figure of panels with a row per name, one below the other.</summary>
    public static Figure Figure(string title, params IReadOnlyList<Panel> panels) =>
        new(title, [.. panels], (int)panels.Sum(panel => panel.Weight));

    /// <summary>Values with intervals; values far from all others are arrows at the end of the axis, which they would squeeze.</summary>
    public static Panel Draw(
        Axis x, IReadOnlyList<string> rows, IReadOnlyList<IntervalSeries> series, (string Name, double Value)? reference)
    {
        var ends = x.Range ?? AxisWithoutOutliers.Ends([.. series.SelectMany(one => one.Values)],
            [.. series.SelectMany(one => one.Values.Select((value, i) => (value - one.Below[i], value + one.Above[i])))]);
        var marks = new List<Mark>();
        if (reference is { } line)
            marks.Add(new LineMark([line.Value, line.Value], [-0.5, rows.Count - 0.5])
            {
                Name = line.Name, Colour = ChartColours.Reference, Pattern = LinePattern.Dashed, InLegend = true, IsData = false,
            });
        foreach (var (one, number) in series.Select((one, number) => (one, number)))
        {
            double[] y = [.. Enumerable.Range(0, rows.Count).Select(row => row + ((number - ((series.Count - 1) / 2.0)) * Shift))];
            marks.Add(Points(one, y, rows, number, ends) with { InLegend = series.Count > 1 || reference is not null });
        }

        if (ends is { } known)
            marks.AddRange(Enumerable.Range(0, rows.Count).SelectMany(row => Outliers(series, row, known)));
        return WithRows(ends is null ? x : x with { Range = ends }, rows, marks);
    }

    /// <summary>Pairs of values, each joined by a line.</summary>
    public static Panel Dumbbells(Axis x, IReadOnlyList<string> rows, Series first, Series second)
    {
        var joints = rows.Select((_, row) =>
            new LineMark([first.Y[row], second.Y[row]], [row, row]) { Colour = ChartColours.Reference, IsData = false });
        PointsMark Points(Series series, int number) => new(series.Y, series.X)
        {
            Name = series.Name, Colour = ChartColours.Line(number), Symbol = (Symbol)number, InLegend = true, Remarks = rows,
        };
        return WithRows(x, rows, [.. joints, Points(first, 2), Points(second, 0)]);
    }

    /// <summary>A panel with a row for each name, the first at the top; its weight is its height in pixels.</summary>
    private static Panel WithRows(Axis x, IReadOnlyList<string> rows, IReadOnlyList<Mark> marks) =>
        new(x, Axis.OfNames(rows) with { Range = (rows.Count - 0.5, -0.5) }, marks) { Weight = 90 + (26 * rows.Count) };

    /// <summary>The points within the axis.</summary>
    private static PointsMark Points(IntervalSeries series, double[] y, IReadOnlyList<string> rows, int number, (double, double)? ends)
    {
        int[] shown = [.. Enumerable.Range(0, rows.Count).Where(row => ends is not { } known || Side(series.Values[row], known) == 0)];
        return new PointsMark([.. shown.Select(row => series.Values[row])], [.. shown.Select(row => y[row])])
        {
            Name = series.Name, Colour = ChartColours.Line(number), Symbol = (Symbol)(number % Symbols),
            Intervals = ([.. shown.Select(row => series.Below[row])], [.. shown.Select(row => series.Above[row])]),
            HasHorizontalIntervals = true, Remarks = [.. shown.Select(row => rows[row])],
        };
    }

    /// <summary>An arrow at an end of the axis with a row's values that are beyond it.</summary>
    private static IEnumerable<PointsMark> Outliers(IReadOnlyList<IntervalSeries> series, int row, (double From, double To) ends)
    {
        foreach (var side in new[] { -1, 1 })
        {
            var values = series.Where(one => Side(one.Values[row], ends) == side)
                .Select(one => ChartNumber.Text(Math.Round(one.Values[row], 2)) + (series.Count > 1 ? $" ({one.Name})" : "")).ToList();
            if (values.Count == 0)
                continue;
            var text = string.Join(", ", values);
            yield return new PointsMark([side < 0 ? ends.From : ends.To], [row])
            {
                Symbol = Symbol.None, Labels = [side < 0 ? "\u2190 " + text : text + " \u2192"],
                Sides = [side < 0 ? LabelSide.Right : LabelSide.Left],
            };
        }
    }

    /// <summary>-1 below the axis, 1 above it, else 0.</summary>
    private static int Side(double value, (double From, double To) ends) => value < ends.From ? -1 : value > ends.To ? 1 : 0;
}
