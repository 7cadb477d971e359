using System.Globalization;
using DeviceId.Experiments;

namespace DeviceId.Reporting;

/// <summary>Forest plot: paired differences with intervals, and the published differences on the same axis.</summary>
/// <remarks>
/// The axis is that of the square roots, with the sign kept: 0.2 and 66 points can be read in one picture, and zero stays zero. Where only
/// a direction is published, that side of zero is coloured.
/// </remarks>
internal static class ForestPlot
{
    private const string OursName = "ours, 95 % interval";
    private const string ClaimedName = "the paper's difference";
    private const string SideName = "the paper states only this side";
    private const string SideColour = "#E8B48C";
    private const double RowPixels = 22;

    private static readonly double[] Ticks = [1, 5, 10, 20, 40, 70, 100];

    /// <summary>Draws one row for each comparison, the first at the top.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="rows">The comparisons, in points; at least one.</param>
    public static Figure Draw(string title, IReadOnlyList<ForestRow> rows)
    {
        var values = rows.SelectMany(row => new[] { row.Low, row.High, row.Claimed ?? 0, 0 }).Select(Scale).ToList();
        var ends = (From: values.Min() - 0.3, To: values.Max() + 0.3);
        var ticks = Ticks.Reverse().Select(tick => -tick).Append(0).Concat(Ticks).Select(tick => (Position: Scale(tick), Label(tick)))
            .Where(tick => tick.Position >= ends.From && tick.Position <= ends.To);
        var x = new Axis("difference (points), square-root axis") { Range = ends, Ticks = [.. ticks] };
        var zero = new LineMark([0, 0], [-0.5, rows.Count - 0.5]) { Colour = ChartColours.Reference, IsData = false };
        var marks = rows.Select((row, i) => Side(row, i, ends)).OfType<Mark>().Append(zero).Append(Claimed(rows)).Append(Ours(rows));
        var names = Axis.OfNames([.. rows.Select(row => row.Label)]) with { Range = (rows.Count - 0.5, -0.5) };
        return new Figure(title, [new Panel(x, names, [.. marks])], (int)(60 + (RowPixels * rows.Count)));
    }

    /// <summary>The position of a difference on the axis.</summary>
    internal static double Scale(double points) => Math.Round(Math.Sign(points) * Math.Sqrt(Math.Abs(points)), 4);

    private static LineMark? Side(ForestRow row, int index, (double From, double To) ends) => row switch
    {
        { Claimed: not null } or { Direction: Direction.Equal } => null,
        _ => new LineMark([0, row.Direction == Direction.Lower ? ends.From : ends.To], [index, index])
        {
            Name = SideName, Colour = SideColour, Width = 5, InLegend = true, IsData = false,
        },
    };

    private static PointsMark Claimed(IReadOnlyList<ForestRow> rows)
    {
        var stated = rows.Select((row, i) => (Row: row, Index: i)).Where(pair => pair.Row.Claimed is not null).ToList();
        return new([.. stated.Select(pair => Scale(pair.Row.Claimed!.Value))], [.. stated.Select(pair => (double)pair.Index)])
        {
            Name = ClaimedName, Colour = ChartColours.Line(1), Symbol = Symbol.Diamond, InLegend = stated.Count > 0,
            Remarks = [.. stated.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Row.Claimed:+0.#;-0.#;0}"))],
        };
    }

    private static PointsMark Ours(IReadOnlyList<ForestRow> rows) =>
        new([.. rows.Select(row => Scale(row.Value))], [.. rows.Select((_, i) => (double)i)])
        {
            Name = OursName, Colour = ChartColours.Line(0), InLegend = true, HasHorizontalIntervals = true,
            Intervals = ([.. rows.Select(row => Scale(row.Value) - Scale(row.Low))],
                [.. rows.Select(row => Scale(row.High) - Scale(row.Value))]),
            Remarks = [.. rows.Select(row => string.Create(CultureInfo.InvariantCulture,
                $"{row.Value:+0.0;-0.0;0.0} [{row.Low:+0.0;-0.0;0.0}, {row.High:+0.0;-0.0;0.0}]"))],
        };

    private static string Label(double tick) => tick.ToString("+0.#;−0.#;0", CultureInfo.InvariantCulture);
}

/// <summary>A row of a forest plot, in points.</summary>
/// <param name="Label">Label of the row.</param>
/// <param name="Value">The measured difference.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end of its interval.</param>
/// <param name="Claimed">The published difference; null if only its direction is published.</param>
/// <param name="Direction">The published direction.</param>
internal sealed record ForestRow(string Label, double Value, double Low, double High, double? Claimed, Direction Direction);
