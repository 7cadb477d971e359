using Newtonsoft.Json;
using XPlot.Plotly;

namespace DeviceId.Reporting;

/// <summary>A figure as an interactive chart of XPlot.</summary>
internal static class PlotlyRendering
{
    /// <summary>Fractions of the chart between panels side by side, and between panels one below the other.</summary>
    private const double ColumnGap = 0.07;
    private const double RowGapPixels = 62;
    private const int HeadingPixels = 20;
    private const int ToolbarPixels = 34;
    private const int LegendLinePixels = 20;

    /// <summary>Letters of a line of the legend on a page of 600 pixels, and those that the symbol of an entry takes.</summary>
    private const double LegendLetters = 70;
    private const int LegendGap = 8;

    // Ticks of a logarithmic axis at 1, 2 and 5 of each decade, with complete labels: plotly's default would write 0.2 and 2 both as "2".
    private const string LogTicks = "D2";
    private const string FullNumbers = "~g";

    private static readonly string[] Symbols = ["circle", "diamond", "square", "triangle-up", "cross"];

    private static readonly string[] Dashes = ["solid", "dash", "dot"];

    private static readonly string[] Sides = ["middle right", "middle left", "top center", "bottom center"];

    /// <summary>Height of toolbar and legend (pixels); legends of long names take several lines.</summary>
    public static int HeaderPixels(Figure figure) =>
        ToolbarPixels + LegendLinePixels * (int)Math.Ceiling(figure.Legend.Sum(mark => mark.Name.Length + LegendGap) / LegendLetters);

    /// <summary>The chart; its title is not in it, because plotly does not wrap titles.</summary>
    public static PlotlyChart Draw(Figure figure)
    {
        var heading = figure.Panels.Any(panel => panel.Title.Length > 0) ? HeadingPixels : 0;
        var hasLegend = figure.Legend.Count > 0;
        var layout = new PanelLayout
        {
            margin = new Margin { l = 60, r = 20, t = ToolbarPixels + heading + (hasLegend ? LegendLinePixels : 0), b = 50 },
            showlegend = hasLegend,
        };
        if (hasLegend)
            layout.legend = new Legend { orientation = "h", y = 1 + (heading / (double)figure.HeightPixels), yanchor = "bottom" };
        var traces = new List<Trace>();
        var inLegend = figure.Legend.ToHashSet(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < figure.Panels.Count; i++)
        {
            if (ReferenceEquals(figure.Panels[i], Panel.Blank))
                continue;
            var number = i == 0 ? "" : $"{i + 1}";
            var (x, y) = Domains(figure, i);
            layout.Axes["xaxis" + number] = Axis(figure.Panels[i].X, figure.Panels[i].XRange, "y" + number, x);
            layout.Axes["yaxis" + number] = Axis(figure.Panels[i].Y, figure.Panels[i].YRange, "x" + number, y);
            traces.AddRange(figure.Panels[i].Marks.Select(mark => Draw(mark, number, inLegend.Contains(mark))));
        }

        layout.annotations = figure.Panels.Select((panel, i) => Heading(panel.Title, Domains(figure, i))).OfType<Annotation>().ToArray();
        return Chart.Plot(traces, layout);
    }

    /// <summary>The part of the chart that a panel takes, as fractions from the left and from below.</summary>
    private static ((double From, double To) X, (double From, double To) Y) Domains(Figure figure, int index)
    {
        var (row, column) = (index / figure.Columns, index % figure.Columns);
        double[] weights = [.. figure.Panels.Where((_, i) => i % figure.Columns == 0).Select(panel => panel.Weight)];
        var width = (1 - (ColumnGap * (figure.Columns - 1))) / figure.Columns;
        var rowGap = RowGapPixels / figure.HeightPixels;
        var unit = (1 - (rowGap * (weights.Length - 1))) / weights.Sum();
        var top = 1 - weights.Take(row).Sum(weight => (weight * unit) + rowGap);
        var left = column * (width + ColumnGap);
        return ((left, left + width), (Math.Max(0, top - (weights[row] * unit)), top));
    }

    private static Annotation? Heading(string title, ((double From, double To) X, (double From, double To) Y) domains) => title.Length == 0
        ? null : new Annotation
        {
            text = title, showarrow = false, xref = "paper", yref = "paper", x = domains.X.From, xanchor = "left", y = domains.Y.To,
            yanchor = "bottom", font = new Font { size = 12 },
        };

    private static Dictionary<string, object> Axis(
        Axis axis, (double From, double To) range, string anchor, (double From, double To) domain)
    {
        var drawn = new Dictionary<string, object>
        {
            ["title"] = axis.Title, ["type"] = axis.IsLogarithmic ? "log" : "linear", ["anchor"] = anchor,
            ["range"] = new[] { axis.Position(range.From), axis.Position(range.To) }, ["domain"] = new[] { domain.From, domain.To },
            ["showgrid"] = axis.HasGrid, ["showticklabels"] = axis.HasLabels, ["tickfont"] = new { size = axis.LabelPixels },
        };
        if (axis.IsLogarithmic)
            (drawn["dtick"], drawn["tickformat"]) = (LogTicks, FullNumbers);
        if (axis.Ticks is { } ticks)
        {
            (drawn["tickmode"], drawn["zeroline"]) = ("array", false);
            drawn["tickvals"] = ticks.Select(tick => tick.Position).ToArray();
            drawn["ticktext"] = ticks.Select(tick => tick.Label).ToArray();
        }

        if (axis.HasUprightLabels)
            drawn["tickangle"] = -90;
        return drawn;
    }

    private static Trace Draw(Mark mark, string axes, bool inLegend) => mark switch
    {
        LineMark line => Placed(Line(line), axes, inLegend),
        BandMark band => Placed(Band(band), axes, inLegend),
        PointsMark points => Placed(Points(points), axes, inLegend),
        BarsMark bars => new Bar
        {
            x = bars.X.ToArray(), y = bars.Heights.ToArray(), name = bars.Name, marker = new Marker { color = bars.Colour },
            showlegend = inLegend, xaxis = "x" + axes, yaxis = "y" + axes,
        },
        HeatMapMark map => Map(map, axes),
        _ => throw new InvalidOperationException($"No trace for {mark.GetType().Name}."),
    };

    private static Scatter Placed(Scatter trace, string axes, bool inLegend)
    {
        (trace.xaxis, trace.yaxis, trace.showlegend) = ("x" + axes, "y" + axes, inLegend);
        return trace;
    }

    private static Scatter Line(LineMark line)
    {
        var trace = new Scatter
        {
            x = line.X.ToArray(), y = line.Y.ToArray(), name = line.Name, mode = line.HasPoints ? "lines+markers" : "lines",
            line = new Line { color = line.Colour, dash = Dashes[(int)line.Pattern], width = line.Width },
        };
        if (!line.IsData)
            trace.hoverinfo = "skip";
        return trace;
    }

    private static Scatter Band(BandMark band) => new()
    {
        // A polygon: forwards along the upper limit, backwards along the lower one; "22" is an opacity of an eighth.
        x = band.X.Concat(band.X.Reverse()).ToArray(), y = band.High.Concat(band.Low.Reverse()).ToArray(), mode = "lines", fill = "toself",
        fillcolor = band.Colour + "22", line = new Line { width = 0 }, hoverinfo = "skip",
    };

    private static Scatter Points(PointsMark points)
    {
        var trace = new Scatter
        {
            x = points.X.ToArray(), y = points.Y.ToArray(), name = points.Name, mode = points.Labels is null ? "markers" : "markers+text",
        };
        if (points.Symbol == Symbol.None)
            trace.mode = "text";
        else
            trace.marker = new Marker { size = points.Size, color = points.Colour, symbol = Symbols[(int)points.Symbol] };
        if (points.Labels is { } labels)
            (trace.text, trace.textposition) = (labels.ToArray(), points.Sides.Select(side => Sides[(int)side]).ToArray());
        else if (points.Remarks is { } remarks)
            (trace.text, trace.hoverinfo) = (remarks.ToArray(), "x+text+name");
        if (points.Intervals is not { } intervals)
            return trace;
        var (above, below) = (intervals.Above.ToArray(), intervals.Below.ToArray());
        if (points.HasHorizontalIntervals)
            trace.error_x = new Error_x { visible = true, symmetric = false, color = points.Colour, array = above, arrayminus = below };
        else
            trace.error_y = new Error_y { visible = true, symmetric = false, color = points.Colour, array = above, arrayminus = below };
        return trace;
    }

    private static Heatmap Map(HeatMapMark map, string axes)
    {
        var last = map.Scale.Count - 1.0;
        var trace = new Heatmap
        {
            z = map.Values, colorscale = map.Scale.Select((colour, i) => new object[] { i / last, colour }).ToArray(),
            zmin = map.Range.From, zmax = map.Range.To, colorbar = new Colorbar { title = map.Unit, thickness = 12 },
            showscale = map.HasScale, xaxis = "x" + axes, yaxis = "y" + axes,
        };
        if (map.X is { } x)
            trace.x = x.ToArray();
        return trace;
    }

    /// <summary>A layout with any number of axes; XPlot's has two.</summary>
    private sealed class PanelLayout : Layout.Layout
    {
        [JsonExtensionData]
        public Dictionary<string, object> Axes { get; } = [];
    }
}
