using System.Globalization;
using DeviceId.Experiments;
using XPlot.Plotly;

namespace DeviceId.Reporting;

/// <summary>Forest plot: paired differences with intervals, and the published differences on the same axis.</summary>
/// <remarks>
/// The axis is that of the square roots, with the sign kept: 0.2 and 66 points can be read in one picture, and zero stays zero.
/// </remarks>
internal static class ForestPlot
{
    private static readonly double[] Ticks = [0.5, 2, 5, 10, 20, 40, 70, 100];
    private static readonly double[] AllTicks = [.. Ticks.Reverse().Select(tick => -tick), 0, .. Ticks];

    /// <summary>Draws one row for each comparison, the first at the top.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="rows">The comparisons, in points.</param>
    public static INotebookValue Draw(string title, IReadOnlyList<ForestRow> rows)
    {
        Series[] series =
        [
            Measured(rows),
            Published("the paper's difference", "diamond", rows, row => row.Claimed),
            Published("the paper: below 0", "triangle-left", rows, row => Beside(row, Direction.Lower, -1)),
            Published("the paper: above 0", "triangle-right", rows, row => Beside(row, Direction.Higher, 1)),
        ];
        return Charts.View(series.Where(one => one.Marks.Count > 0).Select((one, i) => Trace(one, rows, i == 0)), title,
            new Xaxis
            {
                title = "difference in accuracy (points, first − second; square-root axis)", tickmode = "array",
                tickvals = AllTicks.Select(Scale).ToArray(), ticktext = AllTicks.Select(Label).ToArray(),
            },
            new Yaxis
            {
                tickmode = "array", tickvals = Enumerable.Range(0, rows.Count).ToArray(),
                ticktext = rows.Select(row => row.Label).ToArray(), range = new[] { rows.Count - 0.5, -0.5 }, showgrid = false,
                zeroline = false,
            },
            legend: true, 190 + (22 * rows.Count), legendAbove: true);
    }

    /// <summary>The position of a difference on the axis.</summary>
    internal static double Scale(double points) => Math.Round(Math.Sign(points) * Math.Sqrt(Math.Abs(points)), 4);

    private static Scatter Trace(Series series, IReadOnlyList<ForestRow> rows, bool isMeasured) => new()
    {
        x = series.Marks.Select(mark => Scale(mark.Value)).ToArray(), y = series.Marks.Select(mark => mark.Row).ToArray(),
        text = series.Marks.Select(mark => mark.Text).ToArray(), hoverinfo = "text+name", name = series.Name, mode = "markers",
        marker = new Marker { size = 9, color = Charts.Palette[isMeasured ? 0 : 1], symbol = series.Symbol },
        error_x = isMeasured ? new Error_x
        {
            visible = true, symmetric = false, color = Charts.Palette[0],
            array = rows.Select(row => Scale(row.High) - Scale(row.Value)).ToArray(),
            arrayminus = rows.Select(row => Scale(row.Value) - Scale(row.Low)).ToArray(),
        } : new Error_x { visible = false },
    };

    private static Series Measured(IReadOnlyList<ForestRow> rows) => new("ours, 95 % interval", "circle",
        [.. rows.Select((row, i) => new Mark(i, row.Value, string.Create(CultureInfo.InvariantCulture,
            $"{row.Value:+0.0;-0.0;0.0} [{row.Low:+0.0;-0.0;0.0}, {row.High:+0.0;-0.0;0.0}]")))]);

    private static Series Published(string name, string symbol, IReadOnlyList<ForestRow> rows, Func<ForestRow, double?> value) =>
        new(name, symbol, [.. rows.Select((row, i) => (Row: i, Value: value(row))).Where(mark => mark.Value is not null)
            .Select(mark => new Mark(mark.Row, mark.Value!.Value,
                string.Create(CultureInfo.InvariantCulture, $"{rows[mark.Row].Claimed:+0.#;-0.#;0}")))]);

    // A direction without a size is marked beside zero: at zero it would hide a measured difference.
    private static double? Beside(ForestRow row, Direction direction, int sign) =>
        row.Claimed is null && row.Direction == direction ? sign * 0.05 : null;

    private static string Label(double tick) => tick.ToString("+0.#;−0.#;0", CultureInfo.InvariantCulture);

    private sealed record Series(string Name, string Symbol, IReadOnlyList<Mark> Marks);

    private sealed record Mark(int Row, double Value, string Text);
}

/// <summary>A row of a forest plot, in points.</summary>
/// <param name="Label">Label of the row.</param>
/// <param name="Value">The measured difference.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end of its interval.</param>
/// <param name="Claimed">The published difference; null if only its direction is published.</param>
/// <param name="Direction">The published direction.</param>
internal sealed record ForestRow(string Label, double Value, double Low, double High, double? Claimed, Direction Direction);
