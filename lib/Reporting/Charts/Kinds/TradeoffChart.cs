namespace DeviceId.Reporting;

/// <summary>Accuracy against cost; each point has its name beside it.</summary>
internal static class TradeoffChart
{
    public static Figure Draw(
        string title, string xTitle, IReadOnlyList<(string Name, double Cost, double Accuracy, double Below, double Above)> rows)
    {
        // Names stand beside the points, so the outermost points keep some distance from the ends of the axis.
        var x = new Axis(xTitle) { IsLogarithmic = true };
        x = x with { Range = x.RangeOf(rows.Select(row => row.Cost), padding: 0.2) };
        var y = new Axis("accuracy (%), 95 % interval");
        var ends = rows.SelectMany(row => new[] { row.Accuracy - row.Below, row.Accuracy + row.Above });
        y = y with { Range = y.RangeOf(ends, padding: 0.06) };
        var sides = LabelPlacement.Place([.. rows.Select(row => (Fraction(x, row.Cost), Fraction(y, row.Accuracy),
            Fraction(y, row.Accuracy - row.Below), Fraction(y, row.Accuracy + row.Above)))], [.. rows.Select(row => row.Name)]);
        var points = rows.Select((row, i) => new PointsMark([row.Cost], [row.Accuracy])
        {
            Name = row.Name, Colour = ChartColours.Line(i), Symbol = (Symbol)(i % RankingChart.Symbols), Size = 10,
            Intervals = ([row.Below], [row.Above]), Labels = [row.Name], Sides = [sides[i]],
        });
        return new Figure(title, [new Panel(x, y, [.. points])], 400);
    }

    private static double Fraction(Axis axis, double value)
    {
        var (from, to) = (axis.Position(axis.Range!.Value.From), axis.Position(axis.Range!.Value.To));
        return (axis.Position(value) - from) / (to - from);
    }
}
