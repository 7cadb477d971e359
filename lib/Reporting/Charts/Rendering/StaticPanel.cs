using ScottPlot;
using SkiaSharp;

namespace DeviceId.Reporting;

/// <summary>Draws a panel with ScottPlot.</summary>
internal static class StaticPanel
{
    private const float AxisTitlePixels = 12.5f;
    private const float PointPixels = 5;
    private const float ColourBarPixels = 12;

    private const int LabelDistance = 8;
    private const int TitleDistance = 8;
    private const float MinLabelWidth = 38;
    private const int MinImagePixels = 600;
    private const float HeadingPixels = 18;

    /// <summary>Ticks relative to ScottPlot's default, which labels twice as many values as plotly.</summary>
    private const double TickDensity = 0.5;

    private static readonly Color Pale = new(0xdd, 0xe1, 0xe5);

    private static readonly Color Frame = new(0x8a, 0x93, 0x9b);

    private static readonly Color Ink = Color.FromSKColor(StaticFont.Ink);

    private static readonly ScottPlot.LinePattern[] Patterns =
        [ScottPlot.LinePattern.Solid, ScottPlot.LinePattern.Dashed, ScottPlot.LinePattern.Dotted];

    /// <summary>Draws a panel into a rectangle.</summary>
    /// <param name="canvas">Where to draw.</param>
    /// <param name="panel">What to draw.</param>
    /// <param name="rectangle">Where it goes, with its labels.</param>
    /// <param name="margins">
    /// Space for the labels, if the axes are to be in line with those of other panels; null for what they need.
    /// </param>
    public static void Draw(SKCanvas canvas, Panel panel, SKRect rectangle, PixelPadding? margins)
    {
        using var plot = new Plot();
        plot.FigureBackground.Color = plot.DataBackground.Color = Colors.White;
        if (margins is { } given)
            plot.Layout.Fixed(given);
        foreach (var mark in panel.Marks)
            Add(plot, mark, panel);
        Style(plot, plot.Axes.Bottom, panel.X, panel.XRange);
        Style(plot, plot.Axes.Left, panel.Y, panel.YRange);
        var (x, y) = (panel.XRange, panel.YRange);
        plot.Axes.SetLimits(panel.X.Position(x.From), panel.X.Position(x.To), panel.Y.Position(y.From), panel.Y.Position(y.To));
        plot.Axes.Right.FrameLineStyle.IsVisible = plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        var heading = panel.Title.Length == 0 ? 0 : HeadingPixels;
        plot.Render(canvas, new PixelRect(rectangle.Left, rectangle.Right, rectangle.Bottom, rectangle.Top + heading));
        if (heading > 0)
            DrawHeading(canvas, panel.Title, rectangle.Left + (margins?.Left ?? 0), rectangle.Top + AxisTitlePixels + 2);
    }

    /// <summary>Margins that all panels of a figure share, so that their axes are in line.</summary>
    public static PixelPadding SharedMargins(IReadOnlyList<Panel> panels)
    {
        using var font = StaticFont.Create(AxisTitlePixels);
        var widest = panels.SelectMany(panel => panel.Y.Ticks ?? []).Max(tick => (float?)font.MeasureText(tick.Label)) ?? MinLabelWidth;
        return new PixelPadding(left: Math.Max(widest, MinLabelWidth) + AxisTitlePixels + TitleDistance, right: 10, bottom: 44, top: 6);
    }

    private static void DrawHeading(SKCanvas canvas, string text, float x, float baseline)
    {
        using var font = StaticFont.Create(AxisTitlePixels);
        using var ink = new SKPaint { Color = StaticFont.Ink, IsAntialias = true };
        canvas.DrawText(text, x, baseline, SKTextAlign.Left, font, ink);
    }

    /// <summary>Draws a mark as it looks in a legend.</summary>
    /// <param name="canvas">Where to draw.</param>
    /// <param name="mark">The mark.</param>
    /// <param name="left">Left end (pixels).</param>
    /// <param name="middle">Vertical middle (pixels).</param>
    /// <param name="width">Width (pixels).</param>
    public static void DrawSwatch(SKCanvas canvas, Mark mark, float left, float middle, float width)
    {
        using var paint = Paint.NewDisposablePaint();
        var centre = new Pixel(left + (width / 2), middle);
        if (mark is LineMark line)
            Drawing.DrawLine(canvas, paint, new PixelLine(left, middle, left + width, middle), new LineStyle
            {
                Color = Color.FromHex(mark.Colour), Width = 2, Pattern = Patterns[(int)line.Pattern],
            });
        else if (mark is PointsMark points)
            Drawing.DrawMarker(canvas, paint, centre, Marker(points));
        else
            Drawing.FillRectangle(canvas, new PixelRect(left, left + width, middle + 5, middle - 5), paint, new FillStyle
            {
                Color = Color.FromHex(mark.Colour),
            });
    }

    private static void Style(Plot plot, IAxis axis, Axis description, (double From, double To) range)
    {
        axis.Label.Text = description.Title;
        (axis.Label.FontSize, axis.Label.Bold, axis.Label.ForeColor) = (AxisTitlePixels, false, Ink);
        (axis.TickLabelStyle.FontSize, axis.TickLabelStyle.ForeColor) = (description.LabelPixels, Ink);
        axis.TickLabelStyle.IsVisible = description.HasLabels;
        if (axis is ScottPlot.AxisPanels.LeftAxis left)
            left.PaddingBetweenTickAndAxisLabels = new PixelPadding(left: TitleDistance, right: TitleDistance, bottom: 0, top: 0);
        (axis.FrameLineStyle.Color, axis.MajorTickStyle.Color) = (Frame, Frame);
        axis.MinorTickStyle.Length = 0;
        axis.MajorTickStyle.Length = description.HasLabels ? 4 : 0;
        axis.TickGenerator = Ticks(description, range);
        if (description.HasUprightLabels)
        {
            axis.TickLabelStyle.Rotation = -90;
            axis.TickLabelStyle.Alignment = Alignment.MiddleRight;
        }

        var grid = axis is IXAxis ? plot.Grid.XAxisStyle : plot.Grid.YAxisStyle;
        grid.IsVisible = description.HasGrid;
        grid.MajorLineStyle.Color = Pale;
        grid.MinorLineStyle.IsVisible = false;
    }

    private static ITickGenerator Ticks(Axis axis, (double From, double To) range)
    {
        var given = axis.Ticks ?? (axis.IsLogarithmic ? Axis.LogarithmicTicks(range) : null);
        if (given is null)
            return new ScottPlot.TickGenerators.NumericAutomatic { LabelFormatter = ChartNumber.Text, TickDensity = TickDensity };
        return new ScottPlot.TickGenerators.NumericManual(
            [.. given.Select(tick => axis.Position(tick.Position))], [.. given.Select(tick => tick.Label)]);
    }

    private static void Add(Plot plot, Mark mark, Panel panel)
    {
        double[] X(IEnumerable<double> values) => [.. values.Select(panel.X.Position)];
        double[] Y(IEnumerable<double> values) => [.. values.Select(panel.Y.Position)];
        var colour = Color.FromHex(mark.Colour);
        switch (mark)
        {
            case LineMark line:
                var scatter = plot.Add.ScatterLine(X(line.X), Y(line.Y), colour);
                (scatter.LineWidth, scatter.LinePattern) = ((float)line.Width, Patterns[(int)line.Pattern]);
                if (line.HasPoints)
                    (scatter.MarkerSize, scatter.MarkerShape) = (PointPixels, MarkerShape.FilledCircle);
                break;
            case BandMark band:
                var area = plot.Add.FillY(X(band.X), Y(band.Low), Y(band.High));
                (area.FillColor, area.LineWidth) = (colour.WithOpacity(0.133), 0);
                break;
            case PointsMark points:
                AddPoints(plot, points, X(points.X), Y(points.Y), panel);
                break;
            case BarsMark bars:
                plot.Add.Bars((Bar[])[.. bars.X.Zip(bars.Heights, (x, height) => new Bar
                {
                    Position = x, Value = height, Size = bars.Width, FillColor = colour, LineWidth = 0,
                })]);
                break;
            case HeatMapMark map:
                AddMap(plot, map, panel);
                break;
            default:
                throw new InvalidOperationException($"No picture for {mark.GetType().Name}.");
        }
    }

    private static void AddPoints(Plot plot, PointsMark points, double[] x, double[] y, Panel panel)
    {
        if (points.Intervals is { } intervals)
        {
            var axis = points.HasHorizontalIntervals ? panel.X : panel.Y;
            var values = points.HasHorizontalIntervals ? points.X : points.Y;
            double[] below = [.. values.Zip(intervals.Below, (value, by) => axis.Position(value) - axis.Position(value - by))];
            double[] above = [.. values.Zip(intervals.Above, (value, by) => axis.Position(value + by) - axis.Position(value))];
            double[] none = new double[x.Length];
            var isX = points.HasHorizontalIntervals;
            // Its constructor takes the positive errors first.
            var bars = new ScottPlot.Plottables.ErrorBar(
                x, y, isX ? above : none, isX ? below : none, isX ? none : above, isX ? none : below)
            {
                Color = Color.FromHex(points.Colour), LineWidth = 1.5f, CapSize = 3,
            };
            plot.Add.Plottable(bars);
        }

        if (points.Symbol != Symbol.None)
            plot.Add.Markers(x, y).MarkerStyle = Marker(points);
        foreach (var (label, i) in (points.Labels ?? []).Select((label, i) => (label, i)))
        {
            var text = plot.Add.Text(label, x[i], y[i]);
            (text.LabelFontSize, text.LabelFontColor) = (12, Ink);
            (text.LabelAlignment, text.OffsetX, text.OffsetY) = points.Sides[i] switch
            {
                LabelSide.Right => (Alignment.MiddleLeft, LabelDistance, 0),
                LabelSide.Left => (Alignment.MiddleRight, -LabelDistance, 0),
                LabelSide.Above => (Alignment.LowerCenter, 0, -LabelDistance),
                _ => (Alignment.UpperCenter, 0, LabelDistance),
            };
        }
    }

    private static MarkerStyle Marker(PointsMark points) => new()
    {
        Size = (float)points.Size, FillColor = Color.FromHex(points.Colour), LineColor = Color.FromHex(points.Colour),
        Shape = points.Symbol switch
        {
            Symbol.Circle => MarkerShape.FilledCircle,
            Symbol.Diamond => MarkerShape.FilledDiamond,
            Symbol.Square => MarkerShape.FilledSquare,
            Symbol.Triangle => MarkerShape.FilledTriangleUp,
            Symbol.Cross => MarkerShape.Cross,
            _ => MarkerShape.None,
        },
        LineWidth = points.Symbol == Symbol.Cross ? 2.5f : 0,
    };

    private static void AddMap(Plot plot, HeatMapMark map, Panel panel)
    {
        if (map.Values.Length == 0 || map.Values[0].Length == 0)
            return;
        // ScottPlot draws its first row at the top, whatever the direction of the axis.
        var isReversed = panel.YRange.From > panel.YRange.To;
        double[] x = [.. map.XExtent];
        var drawn = plot.Add.Heatmap(Enlarge(isReversed ? map.Values : [.. map.Values.Reverse()]));
        drawn.Colormap = new ScottPlot.Colormaps.CustomInterpolated([.. map.Scale.Select(Color.FromHex)]);
        drawn.ManualRange = new ScottPlot.Range(map.Range.From, map.Range.To);
        drawn.Rectangle = new CoordinateRect(x[0], x[^1], -0.5, map.Values.Length - 0.5);
        if (map.HasScale)
            AddScale(plot, drawn, map);
    }

    private static void AddScale(Plot plot, ScottPlot.Plottables.Heatmap drawn, HeatMapMark map)
    {
        var bar = plot.Add.ColorBar(drawn);
        (bar.Width, bar.Label) = (ColourBarPixels, map.Unit);
        // Unlike all others, this label does not begin with the default font.
        (bar.LabelStyle.FontName, bar.LabelStyle.FontSize, bar.LabelStyle.ForeColor) = (StaticFont.Family, AxisTitlePixels, Ink);
        bar.LabelStyle.Bold = false;
        bar.Axis.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
        {
            LabelFormatter = ChartNumber.Text, TickDensity = TickDensity / 2,
        };
        bar.Axis.TickLabelStyle.FontSize = 11;
        bar.Axis.MinorTickStyle.Length = 0;
    }

    /// <summary>Repeats cells: viewers of SVG and PDF smooth an image of few pixels.</summary>
    private static double[,] Enlarge(double[][] rows)
    {
        var (height, width) = (Repeats(rows.Length), Repeats(rows[0].Length));
        var pixels = new double[rows.Length * height, rows[0].Length * width];
        for (var y = 0; y < pixels.GetLength(0); y++)
            for (var x = 0; x < pixels.GetLength(1); x++)
                pixels[y, x] = rows[y / height][x / width];
        return pixels;
    }

    private static int Repeats(int cells) => (MinImagePixels + cells - 1) / cells;
}
