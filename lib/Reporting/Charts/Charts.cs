using DeviceId.Audio;
using DeviceId.Data;
using DeviceId.Evaluation;
using DeviceId.Features;

namespace DeviceId.Reporting;

/// <summary>All charts of the workbench, with titles, units, and colours that colour-blind readers can tell apart.</summary>
public static class Charts
{
    /// <summary>More lines than this are drawn in panels of their own, because nobody can follow them in one.</summary>
    internal const int MaxLinesTogether = 6;

    /// <summary>Lines with fewer points than this show them.</summary>
    private const int MaxVisiblePoints = 40;

    /// <summary>Line chart; lines may have bands. More than six lines have a panel each, in which the first line is grey.</summary>
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
        var (x, y) = (new Axis(xTitle) { IsLogarithmic = logX }, new Axis(yTitle) { IsLogarithmic = logY, Range = yRange });
        if (series.Count > MaxLinesTogether)
            return SmallMultiples.Draw(title, x, y, series);
        return new Figure(title, [LinesPanel(x, y, series)], 340);
    }

    /// <summary>Lines and their bands together in a panel; several are explained in the legend.</summary>
    internal static Panel LinesPanel(Axis x, Axis y, IReadOnlyList<Series> series)
    {
        var named = series.Count > 1;
        var bands = series.Select((line, i) => Band(line, ChartColours.Line(i))).OfType<Mark>();
        var lines = series.Select((line, i) => Line(line, ChartColours.Line(i)) with { InLegend = named });
        return new Panel(x, y, [.. bands, .. lines]);
    }

    /// <summary>A series as a line.</summary>
    internal static LineMark Line(Series series, string colour) =>
        new(series.X, series.Y) { Name = series.Name, Colour = colour, HasPoints = series.X.Count < MaxVisiblePoints };

    /// <summary>A series's band; null if it has none.</summary>
    internal static BandMark? Band(Series series, string colour) =>
        series.Band is { } band ? new BandMark(series.X, band.Low, band.High) { Colour = colour } : null;

    /// <summary>Lines in strips, one below the other, all on the same vertical scale.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="xTitle">Horizontal axis with unit.</param>
    /// <param name="yTitle">The values with unit; the scale of a strip is appended.</param>
    /// <param name="series">One line per strip, the first at the top.</param>
    public static INotebookValue Strips(string title, string xTitle, string yTitle, IReadOnlyList<Series> series)
    {
        var peak = Math.Max(1e-9, series.SelectMany(line => line.Y).Select(Math.Abs).DefaultIfEmpty(1).Max());
        var lines = series.Select((line, i) =>
            new LineMark(line.X, [.. line.Y.Select(value => Math.Round(series.Count - 1 - i + (value / (2 * peak)), 4))])
            {
                Name = line.Name, Colour = ChartColours.Line(i), Width = 0.8, InLegend = true,
            });
        var y = new Axis(FormattableString.Invariant($"{yTitle}, a strip = \u00b1{peak:0.00}"))
        {
            HasLabels = false, Range = (-0.6, series.Count - 0.4), Ticks = [.. series.Select((_, i) => ((double)i, ""))],
        };
        return new Figure(title, [new Panel(new Axis(xTitle), y, [.. lines])], 80 + (90 * series.Count));
    }

    /// <summary>Heat map.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="xTitle">Horizontal axis with unit.</param>
    /// <param name="yTitle">Vertical axis with unit.</param>
    /// <param name="values">Values (row, column); row 0 is drawn at the bottom.</param>
    /// <param name="x">Position of each column, evenly spaced; null for 0, 1, 2…</param>
    /// <param name="signed">Whether the colours are centred on zero.</param>
    public static INotebookValue HeatMap(
        string title, string xTitle, string yTitle, double[][] values, IReadOnlyList<double>? x = null, bool signed = false)
    {
        var all = values.SelectMany(row => row).Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var limit = all.Max(Math.Abs);
        var map = new HeatMapMark(values)
        {
            X = x, Scale = signed ? ChartColours.BlueWhiteOrange : ChartColours.Viridis,
            Range = signed ? (-limit, limit) : (all.Min(), all.Max()),
        };
        return new Figure(title, [new Panel(new Axis(xTitle) { HasGrid = false }, new Axis(yTitle) { HasGrid = false }, [map])], 380);
    }

    /// <summary>
    /// From sound to cepstra, recordings side by side: for the first 1.5 s of each a spectrogram, its mel bands, and its cepstra relative
    /// to the mean of all recordings.
    /// </summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="names">Name of each recording.</param>
    /// <param name="clips">The recordings, each at least a frame long.</param>
    /// <param name="options">Settings of the cepstra.</param>
    /// <exception cref="ArgumentException">The numbers of names and clips differ, or there are none.</exception>
    public static INotebookValue CepstraSteps(
        string title, IReadOnlyList<string> names, IReadOnlyList<AudioClip> clips, MfccOptions options) =>
        CepstraStepsChart.Draw(title, names, clips, options);

    /// <summary>Filter banks side by side, the weight of each filter over frequency.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="banks">Name and filters of each bank (<see cref="FeatureOptions.FiltersFor"/>).</param>
    /// <exception cref="ArgumentException">There is no filter bank.</exception>
    public static INotebookValue FilterBanks(string title, IReadOnlyList<(string Name, FilterResponses Filters)> banks) =>
        FilterBankChart.Draw(title, banks);

    /// <summary>
    /// Supervectors as maps (coefficient, Gaussian component): for each device its first sample and the mean of all its samples.
    /// </summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="devices">Names of devices that have samples.</param>
    /// <param name="components">Gaussian components of the background model.</param>
    public static INotebookValue SupervectorMaps(
        string title, DeviceDataset samples, IReadOnlyList<string> devices, int components) =>
        SupervectorMapsChart.Draw(title, samples, devices, components);

    /// <summary>
    /// Recordings as points in the plane of the two first principal components of their mean supervectors, brands by colour and sentences
    /// by shape; one plane for each set of samples.
    /// </summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="parts">Name and samples of each plane.</param>
    public static INotebookValue SupervectorPlane(string title, IReadOnlyList<(string Name, DeviceDataset Samples)> parts) =>
        SupervectorPlaneChart.Draw(title, parts);

    /// <summary>Accuracies as points with 95 % intervals.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="rows">Name and accuracy of each point.</param>
    /// <param name="chance">Accuracy of guessing, in [0, 1], as a line; null for none.</param>
    public static INotebookValue Accuracies(string title, IReadOnlyList<(string Name, Accuracy Accuracy)> rows, double? chance = null)
    {
        var accuracies = rows.Select(row => (row.Accuracy.Value, row.Accuracy.Interval)).ToList();
        var points = new IntervalSeries("accuracy", [.. accuracies.Select(a => 100 * a.Value)],
            [.. accuracies.Select(a => 100 * (a.Value - a.Interval.Low))], [.. accuracies.Select(a => 100 * (a.Interval.High - a.Value))]);
        return RankingChart.Figure(title, RankingChart.Draw(new Axis("accuracy (%), 95 % interval") { Range = (0, 102) },
            [.. rows.Select(row => row.Name)], [points], chance is { } share ? ("chance", 100 * share) : null));
    }

    /// <summary>Dot plot: values with intervals, one row per name.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="xTitle">The values' axis with unit.</param>
    /// <param name="rows">Names of the rows, from the top.</param>
    /// <param name="series">One colour per series, with a value and an interval for each row.</param>
    /// <param name="reference">Name and position of a vertical line, such as chance or zero; null for none.</param>
    internal static Figure Ranking(string title, string xTitle, IReadOnlyList<string> rows, IReadOnlyList<IntervalSeries> series,
        (string Name, double Value)? reference = null) =>
        RankingChart.Figure(title, RankingChart.Draw(new Axis(xTitle), rows, series, reference));

    /// <summary>Accuracy against cost, one labelled point per system.</summary>
    /// <param name="title">Title of the chart.</param>
    /// <param name="xTitle">The cost with unit; the axis is logarithmic.</param>
    /// <param name="rows">Name, cost, accuracy (%), and how far its interval extends below and above (%).</param>
    public static INotebookValue Tradeoff(
        string title, string xTitle, IReadOnlyList<(string Name, double Cost, double Accuracy, double Below, double Above)> rows) =>
        TradeoffChart.Draw(title, xTitle, rows);

    /// <summary>
    /// Confusion matrix (true device, answer) in percent of the row, sorted by brand and model, with a frame around each brand.
    /// </summary>
    /// <param name="matrix">The counts.</param>
    /// <param name="title">Title of the chart.</param>
    public static INotebookValue Confusion(ConfusionMatrix matrix, string title) => ConfusionChart.Draw(matrix, title);

    /// <summary>Writes a chart as a picture; replaces an existing file. Folders that are missing are made.</summary>
    /// <param name="chart">A chart of this class, or of a method that returns one.</param>
    /// <param name="path">A name that ends with .svg, .pdf or .png.</param>
    /// <exception cref="ArgumentException">
    /// The name has another ending, or the value is not a chart, such as the sentence that says why there is none.
    /// </exception>
    public static void Save(this INotebookValue chart, string path)
    {
        ArgumentNullException.ThrowIfNull(chart);
        PictureFile.Write(chart as Figure ?? throw new ArgumentException($"This is not a chart but: {chart}", nameof(chart)), path);
    }
}
