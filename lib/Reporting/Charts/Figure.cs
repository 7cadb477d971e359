namespace DeviceId.Reporting;

/// <summary>
/// A chart, described independently of how it is drawn: interactive in a notebook and in the report, a picture in a file.
/// </summary>
[TypeFormatterSource(typeof(FigureFormatters))]
public sealed class Figure : INotebookValue
{
    internal Figure(string title, IReadOnlyList<Panel> panels, int heightPixels) =>
        (Title, Panels, HeightPixels) = (title, panels, heightPixels);

    internal string Title { get; }

    /// <summary>Parts with axes of their own, row by row.</summary>
    internal IReadOnlyList<Panel> Panels { get; }

    /// <summary>Number of panels side by side.</summary>
    internal int Columns { get; init; } = 1;

    /// <summary>Height of all panels (pixels), without title and legend.</summary>
    internal int HeightPixels { get; }

    /// <summary>Marks that the legend explains: the first of each name.</summary>
    internal IReadOnlyList<Mark> Legend =>
        [.. Panels.SelectMany(panel => panel.Marks).Where(mark => mark.InLegend).DistinctBy(mark => mark.Name)];

    /// <summary>Writes the chart as a picture; replaces an existing file. Folders that are missing are made.</summary>
    /// <param name="path">A name that ends with .svg, .pdf or .png.</param>
    /// <exception cref="ArgumentException">The name has another ending.</exception>
    public void Save(string path) => PictureFile.Write(this, path);

    /// <inheritdoc/>
    public string ToHtml() => new ChartView(PlotlyRendering.Draw(this), HeightPixels + PlotlyRendering.HeaderPixels(this))
    {
        Title = Title, Picture = StaticRendering.PngForPage(this),
    }.ToHtml();

    /// <summary>Text for a terminal.</summary>
    public override string ToString() => $"[chart] {Title}";
}
