namespace DeviceId.Reporting;

/// <summary>Many lines, each in a panel of its own beside the first one, which is grey; all panels have the same axes.</summary>
internal static class SmallMultiples
{
    private const int Columns = 3;
    private const int RowPixels = 170;

    public static Figure Draw(string title, Axis x, Axis y, IReadOnlyList<Series> series)
    {
        x = x with { Range = x.RangeOf(series.SelectMany(line => line.X), Axis.Padding) };
        y = y with { Range = y.RangeOf(series.SelectMany(line => line.Y), Axis.Padding) };
        var others = series.Skip(1).ToList();
        Panel Draw(Series line, int index)
        {
            var (column, isLast) = (index % Columns, index + Columns >= others.Count);
            Mark?[] marks =
            [
                Charts.Line(series[0], ChartColours.Reference) with { InLegend = true, HasPoints = false },
                Charts.Band(line, ChartColours.Line(0)), Charts.Line(line, ChartColours.Line(0)) with { HasPoints = false },
            ];
            return new Panel(isLast ? x : x with { Title = "" }, column == 0 ? y : y with { Title = "" }, [.. marks.OfType<Mark>()])
            {
                Title = line.Name,
            };
        }

        var rows = (others.Count + Columns - 1) / Columns;
        return new Figure(title, [.. others.Select(Draw)], rows * RowPixels) { Columns = Columns };
    }
}
