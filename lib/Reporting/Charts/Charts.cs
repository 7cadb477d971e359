using DeviceId.Corpora;
using DeviceId.Evaluation;
using XPlot.Plotly;

namespace DeviceId.Reporting;

/// <summary>All charts of the workbench, with titles, units, and colours that colour-blind readers can tell apart.</summary>
/// <remarks>
/// Line colours: M. Okabe, K. Ito, "Color Universal Design" (2008). Heat maps: Viridis for non-negative values, a blue-white-orange scale
/// for signed values.
/// </remarks>
public static class Charts
{
    internal static readonly string[] Palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999"];

    private static readonly string[] Symbols = ["circle", "diamond", "square", "triangle-up", "cross", "x", "star"];

    private static readonly string[] Dashes = ["solid", "dash", "dot"];

    // Ticks of a logarithmic axis at 1, 2 and 5 of each decade, with complete labels: plotly's default would write 0.2 and 2 both as "2".
    private const string LogTicks = "D2";
    private const string FullNumbers = "~g";

    private static readonly object[] BlueWhiteOrange =
        [new object[] { 0.0, "#0072B2" }, new object[] { 0.5, "#F7F7F7" }, new object[] { 1.0, "#D55E00" }];

    /// <summary>Line chart; lines may have bands.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="xTitle">Horizontal axis with unit.</param>
    /// <param name="yTitle">Vertical axis with unit.</param>
    /// <param name="series">The lines.</param>
    /// <param name="logX">Logarithmic horizontal axis.</param>
    /// <param name="yRange">Range of the vertical axis; null to fit the lines.</param>
    /// <param name="logY">Logarithmic vertical axis.</param>
    public static INotebookValue Lines(string title, string xTitle, string yTitle, IReadOnlyList<Series> series, bool logX = false,
        (double From, double To)? yRange = null, bool logY = false)
    {
        var bands = series.SelectMany((line, i) => line.Band is { } band
            ? [Band(line.X, band.Low, band.High, Palette[i % Palette.Length])] : Array.Empty<Trace>());
        var traces = series.Select((line, i) => (Trace)new Scatter
        {
            x = line.X, y = line.Y, name = line.Name, mode = line.X.Count < 40 ? "lines+markers" : "lines",
            // When all colours are used, the dash pattern changes.
            line = new Line { color = Palette[i % Palette.Length], dash = Dashes[i / Palette.Length % Dashes.Length], width = 1.8 },
        });
        var y = YAxis(yTitle, logY);
        if (yRange is { } range)
            y.range = new[] { range.From, range.To };
        return View(bands.Concat(traces), title, XAxis(xTitle, logX), y, series.Count > 1, 400 + 22 * Math.Max(0, series.Count - 4));
    }

    private static Scatter Band(IReadOnlyList<double> x, IReadOnlyList<double> low, IReadOnlyList<double> high, string colour) => new()
    {
        // A polygon: forwards along the upper limit, backwards along the lower one; "22" is an opacity of an eighth.
        x = x.Concat(x.Reverse()).ToArray(), y = high.Concat(low.Reverse()).ToArray(), mode = "lines", fill = "toself",
        fillcolor = colour + "22", line = new Line { width = 0 }, hoverinfo = "skip", showlegend = false,
    };

    /// <summary>Lines in strips, one below the other, all on the same vertical scale.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="xTitle">Horizontal axis with unit.</param>
    /// <param name="yTitle">The values with unit; the scale of a strip is appended.</param>
    /// <param name="series">One line per strip, the first at the top.</param>
    public static INotebookValue Strips(string title, string xTitle, string yTitle, IReadOnlyList<Series> series)
    {
        var peak = Math.Max(1e-9, series.SelectMany(line => line.Y).Select(Math.Abs).DefaultIfEmpty(1).Max());
        var traces = series.Select((line, i) => (Trace)new Scatter
        {
            x = line.X, y = line.Y.Select(value => Math.Round(series.Count - 1 - i + value / (2 * peak), 4)).ToArray(),
            name = line.Name, mode = "lines", line = new Line { color = Palette[i % Palette.Length], width = 0.8 },
        });
        var y = new Yaxis
        {
            title = FormattableString.Invariant($"{yTitle}, a strip = \u00b1{peak:0.00}"), showticklabels = false,
            range = new[] { -0.6, series.Count - 0.4 }
        };
        return View(traces, title, XAxis(xTitle), y, legend: true, 160 + 90 * series.Count);
    }

    /// <summary>Heat map.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="xTitle">Horizontal axis with unit.</param>
    /// <param name="yTitle">Vertical axis with unit.</param>
    /// <param name="values">Values (row, column); row 0 is drawn at the bottom.</param>
    /// <param name="x">Position of each column; null for 0, 1, 2…</param>
    /// <param name="signed">Whether the colours are centred on zero.</param>
    public static INotebookValue HeatMap(
        string title, string xTitle, string yTitle, double[][] values, IReadOnlyList<double>? x = null, bool signed = false)
    {
        var map = new Heatmap { z = values, colorscale = signed ? BlueWhiteOrange : "Viridis" };
        if (x is not null)
            map.x = x;
        if (signed)
        {
            var limit = values.SelectMany(row => row).Select(Math.Abs).DefaultIfEmpty(1).Max();
            (map.zmin, map.zmax) = (-limit, limit);
        }

        return View([map], title, XAxis(xTitle), YAxis(yTitle), legend: false, 420);
    }

    /// <summary>Accuracies as points with 95 % intervals.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="rows">Name and accuracy of each point.</param>
    public static INotebookValue Accuracies(string title, IReadOnlyList<(string Name, Accuracy Accuracy)> rows)
    {
        var points = new Scatter
        {
            x = rows.Select(r => r.Name).ToArray(), y = rows.Select(r => 100 * r.Accuracy.Value).ToArray(), mode = "markers",
            marker = new Marker { size = 11, color = Palette[0] },
            error_y = new Error_y
            {
                visible = true, symmetric = false, color = Palette[0],
                array = rows.Select(r => 100 * (r.Accuracy.Interval.High - r.Accuracy.Value)).ToArray(),
                arrayminus = rows.Select(r => 100 * (r.Accuracy.Value - r.Accuracy.Interval.Low)).ToArray(),
            },
        };
        return View([points], title, new Xaxis { type = "category" },
            new Yaxis { title = "accuracy (%), 95 % interval", range = new[] { 0, 102 } }, legend: false, 380);
    }

    /// <summary>Dot plot: values with intervals, one row per name.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="xTitle">The values' axis with unit.</param>
    /// <param name="rows">Names of the rows, from the top.</param>
    /// <param name="series">One colour per series, with a value and an interval for each row.</param>
    internal static INotebookValue Ranking(string title, string xTitle, IReadOnlyList<string> rows, IReadOnlyList<IntervalSeries> series)
    {
        // The series are shifted within a row, because equal values would hide each other.
        double[] Positions(int i) => [.. Enumerable.Range(0, rows.Count).Select(row => row + ((i - ((series.Count - 1) / 2.0)) * 0.3))];
        var traces = series.Select((one, i) => (Trace)new Scatter
        {
            y = Positions(i), x = one.Values.ToArray(), text = rows.ToArray(), hoverinfo = "x+text+name", name = one.Name, mode = "markers",
            marker = new Marker { size = 9, color = Palette[i], symbol = Symbols[i % Symbols.Length] },
            error_x = new Error_x
            {
                visible = true, symmetric = false, color = Palette[i], array = one.Above.ToArray(),
                arrayminus = one.Below.ToArray()
            },
        });
        return View(traces, title, XAxis(xTitle),
            new Yaxis
            {
                autorange = "reversed", tickmode = "array", tickvals = Enumerable.Range(0, rows.Count).ToArray(),
                ticktext = rows.ToArray(), zeroline = false
            }, series.Count > 1, 190 + 26 * rows.Count, legendAbove: true);
    }

    /// <summary>Accuracy against cost, one labelled point per system.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="xTitle">The cost with unit; the axis is logarithmic.</param>
    /// <param name="rows">Name, cost, accuracy (%), and how far its interval extends below and above (%).</param>
    public static INotebookValue Tradeoff(
        string title, string xTitle, IReadOnlyList<(string Name, double Cost, double Accuracy, double Below, double Above)> rows)
    {
        var traces = rows.Select((row, i) => (Trace)new Scatter
        {
            x = new[] { row.Cost }, y = new[] { row.Accuracy }, name = row.Name, mode = "markers",
            marker = new Marker { size = 11, color = Palette[i % Palette.Length], symbol = Symbols[i % Symbols.Length] },
            error_y = new Error_y
            {
                visible = true, symmetric = false, color = Palette[i % Palette.Length], array = new[] { row.Above },
                arrayminus = new[] { row.Below }
            },
        });
        return View(traces, title, XAxis(xTitle, logarithmic: true), YAxis("accuracy (%), 95 % interval"), legend: true, 440);
    }

    /// <summary>
    /// Confusion matrix (true device, answer) in percent of the row, sorted by brand and model, with a frame around each brand.
    /// </summary>
    /// <param name="matrix">The counts.</param>
    /// <param name="title">Title of the chart.</param>
    public static INotebookValue Confusion(ConfusionMatrix matrix, string title)
    {
        var devices = matrix.Devices.Select((name, index) => (Name: DeviceName.Parse(name), Index: index))
            .OrderBy(d => d.Name.Brand, StringComparer.OrdinalIgnoreCase).ThenBy(d => d.Name.Model, StringComparer.OrdinalIgnoreCase)
            .ThenBy(d => d.Name.Unit).ToList();
        double Percent(int actual, int predicted) => Math.Round(100.0 * matrix[actual, predicted] / Math.Max(1, matrix.Total(actual)), 1);
        var percentages = devices
            .Select(actual => devices.Select(predicted => Percent(actual.Index, predicted.Index)).ToArray()).ToArray();
        var map = new Heatmap
        {
            z = percentages, colorscale = "Viridis", zmin = 0, zmax = 100,
            colorbar = new Colorbar { title = "%", thickness = 12 }
        };
        var frames = Enumerable.Range(0, devices.Count).GroupBy(i => devices[i].Name.Brand, StringComparer.OrdinalIgnoreCase)
            .Where(g => g.Count() > 1).Select(g => (Trace)Frame(g.First() - 0.5, g.Last() + 0.5));
        var font = new Font { size = devices.Count > 20 ? 8 : 12 };
        var positions = Enumerable.Range(0, devices.Count).ToArray();
        // Numbers below and numbered names at the side: 45 names do not fit below a chart of 600 pixels.
        var numbers = positions.Select(i => $"{i + 1}").ToArray();
        var names = devices.Select((d, i) => $"{d.Name.Name}  {i + 1}").ToArray();
        var (first, last) = (-0.5, devices.Count - 0.5);
        return View([map, .. frames], title,
            new Xaxis
            {
                title = "answer (number of the device)", tickangle = -90, tickfont = font, tickmode = "array", tickvals = positions,
                ticktext = numbers, range = new[] { first, last }, showgrid = false, zeroline = false
            },
            new Yaxis
            {
                title = "true device", tickfont = font, tickmode = "array", tickvals = positions, ticktext = names,
                range = new[] { last, first }, showgrid = false, zeroline = false
            },
            legend: false, Math.Max(420, 200 + 15 * devices.Count));
    }

    private static Scatter Frame(double from, double to) => new()
    {
        x = new[] { from, to, to, from, from }, y = new[] { from, from, to, to, from }, mode = "lines", hoverinfo = "skip",
        line = new Line { color = Palette[1], width = 1.2 },
    };

    internal static ChartView View(IEnumerable<Trace> traces, string title, Xaxis x, Yaxis y, bool legend, int height,
        bool legendAbove = false)
    {
        var layout = new Layout.Layout { title = title, xaxis = x, yaxis = y, showlegend = legend, margin = Margins() };
        if (legend)
            layout.legend = legendAbove ? new Legend { orientation = "h", y = 1, yanchor = "bottom" }
                : new Legend { orientation = "h", y = -0.25 };
        return new ChartView(Chart.Plot(traces, layout), height, $"[chart] {title}");
    }

    private static Margin Margins() => new() { l = 60, r = 20, t = 60, b = 60 };

    private static Xaxis XAxis(string title, bool logarithmic = false) => logarithmic
        ? new() { title = title, type = "log", dtick = LogTicks, tickformat = FullNumbers } : new() { title = title, type = "-" };

    private static Yaxis YAxis(string title, bool logarithmic = false) => logarithmic
        ? new() { title = title, type = "log", dtick = LogTicks, tickformat = FullNumbers } : new() { title = title };
}
