using SkiaSharp;

namespace DeviceId.Reporting;

/// <summary>A figure as a picture: title, legend, and the panels, which ScottPlot draws.</summary>
internal static class StaticRendering
{
    /// <summary>Width of all pictures (pixels): that of a notebook's column.</summary>
    public const int WidthPixels = 760;

    /// <summary>Pixels of a file per pixel of the layout, for screens of high resolution and for paper.</summary>
    private const float FileScale = 2;

    /// <summary>The same inside a page or a notebook, which is to stay small.</summary>
    private const float PageScale = 1.5f;

    private const int Margin = 8;

    // ScottPlot's fonts are shared by all plots.
    private static readonly Lock Drawing = new();

    /// <summary>A PNG on white, with the title.</summary>
    public static byte[] Png(Figure figure) => Png(figure, hasTitle: true, FileScale);

    /// <summary>A smaller PNG on white, with the title, for published notebooks.</summary>
    public static byte[] PngForNotebook(Figure figure) => Png(figure, hasTitle: true, PageScale);

    /// <summary>A smaller PNG on white, without the title.</summary>
    public static byte[] PngForPage(Figure figure) => Png(figure, hasTitle: false, PageScale);

    private static byte[] Png(Figure figure, bool hasTitle, float scale)
    {
        lock (Drawing)
        {
            var header = new StaticHeader(figure, hasTitle, WidthPixels - (2 * Margin));
            var height = Height(figure, header);
            using var surface = SKSurface.Create(new SKImageInfo(
                (int)(scale * WidthPixels), (int)(scale * height), SKImageInfo.PlatformColorType, SKAlphaType.Opaque))
                ?? throw new InvalidOperationException($"No memory for a picture of {WidthPixels} x {height} pixels.");
            surface.Canvas.Scale(scale);
            Draw(surface.Canvas, figure, header);
            using var image = surface.Snapshot();
            using var data = image.Encode(SKEncodedImageFormat.Png, 100);
            return data.ToArray();
        }
    }

    /// <summary>An SVG document. Its text is text; viewers without the font use a similar one.</summary>
    public static byte[] Svg(Figure figure)
    {
        lock (Drawing)
        {
            var header = new StaticHeader(figure, hasTitle: true, WidthPixels - (2 * Margin));
            using var stream = new MemoryStream();
            using (var canvas = SKSvgCanvas.Create(SKRect.Create(WidthPixels, Height(figure, header)), stream))
                Draw(canvas, figure, header);
            var text = System.Text.Encoding.UTF8.GetString(stream.ToArray());
            return System.Text.Encoding.UTF8.GetBytes(text.Replace($"font-family=\"{StaticFont.Family}\"",
                $"font-family=\"{StaticFont.Family}, Helvetica, Arial, sans-serif\"", StringComparison.Ordinal));
        }
    }

    /// <summary>A PDF document of one page, with the font embedded.</summary>
    public static byte[] Pdf(Figure figure)
    {
        lock (Drawing)
        {
            var header = new StaticHeader(figure, hasTitle: true, WidthPixels - (2 * Margin));
            using var stream = new MemoryStream();
            using (var document = SKDocument.CreatePdf(stream, new SKDocumentPdfMetadata { Title = figure.Title, Creation = null }))
            {
                Draw(document.BeginPage(WidthPixels, Height(figure, header)), figure, header);
                document.EndPage();
                document.Close();
            }

            return stream.ToArray();
        }
    }

    private static int Height(Figure figure, StaticHeader header) => (2 * Margin) + (int)Math.Ceiling(header.Height) + figure.HeightPixels;

    private static void Draw(SKCanvas canvas, Figure figure, StaticHeader header)
    {
        canvas.Clear(SKColors.White);
        header.Draw(canvas, Margin, Margin);
        double[] weights = [.. figure.Panels.Where((_, i) => i % figure.Columns == 0).Select(panel => panel.Weight)];
        var unit = figure.HeightPixels / weights.Sum();
        var width = (WidthPixels - (2f * Margin)) / figure.Columns;
        ScottPlot.PixelPadding? margins = figure.Panels.Count > 1 ? StaticPanel.SharedMargins(figure.Panels) : null;
        for (var i = 0; i < figure.Panels.Count; i++)
        {
            if (ReferenceEquals(figure.Panels[i], Panel.Blank))
                continue;
            var (row, column) = (i / figure.Columns, i % figure.Columns);
            var top = (float)(Margin + header.Height + (weights.Take(row).Sum() * unit));
            var rectangle = SKRect.Create(Margin + (column * width), top, width, (float)(weights[row] * unit));
            StaticPanel.Draw(canvas, figure.Panels[i], rectangle, margins);
        }
    }
}
