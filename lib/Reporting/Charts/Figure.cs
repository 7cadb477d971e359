namespace DeviceId.Reporting;

/// <summary>
/// A chart, described independently of how it is drawn: interactive in a notebook and in the report, a picture in a file.
/// </summary>
[TypeFormatterSource(typeof(FigureFormatters))]
internal sealed class Figure : INotebookValue
{
    public Figure(string title, IReadOnlyList<Panel> panels, int heightPixels) =>
        (Title, Panels, HeightPixels) = (title, panels, heightPixels);

    public string Title { get; }

    /// <summary>Parts with axes of their own, row by row.</summary>
    public IReadOnlyList<Panel> Panels { get; }

    /// <summary>Number of panels side by side.</summary>
    public int Columns { get; init; } = 1;

    /// <summary>Height of all panels (pixels), without title and legend.</summary>
    public int HeightPixels { get; }

    /// <summary>Marks that the legend explains: the first of each name.</summary>
    public IReadOnlyList<Mark> Legend =>
        [.. Panels.SelectMany(panel => panel.Marks).Where(mark => mark.InLegend).DistinctBy(mark => mark.Name)];

    /// <inheritdoc/>
    public string ToHtml() => new ChartView(PlotlyRendering.Draw(this), HeightPixels + PlotlyRendering.HeaderPixels(this))
    {
        Title = Title, Picture = StaticRendering.PngForPage(this),
    }.ToHtml();

    /// <summary>Text for a terminal.</summary>
    public override string ToString() => $"[chart] {Title}";
}
