using SkiaSharp;

namespace DeviceId.Reporting;

/// <summary>Title and legend of a static chart, in as many lines as they need.</summary>
internal sealed class StaticHeader
{
    private const float TitlePixels = 17;
    private const float LegendPixels = 12.5f;
    private const float TitleLine = 23;
    private const float LegendLine = 19;
    private const float Swatch = 24;
    private const float Gap = 18;
    private const float Below = 6;

    private readonly IReadOnlyList<string> _title;
    private readonly IReadOnlyList<(Mark Mark, float X, int Row)> _legend;

    /// <param name="figure">The figure.</param>
    /// <param name="hasTitle">Whether the title is drawn.</param>
    /// <param name="width">Width (pixels).</param>
    public StaticHeader(Figure figure, bool hasTitle, float width)
    {
        _title = hasTitle ? Wrap(figure.Title, width) : [];
        _legend = Place(figure.Legend, width);
        Height = (_title.Count * TitleLine) + (_legend.Count == 0 ? 0 : (_legend[^1].Row + 1) * LegendLine)
            + (_title.Count + _legend.Count == 0 ? 0 : Below);
    }

    /// <summary>Height (pixels).</summary>
    public float Height { get; }

    /// <summary>Draws both with the upper left corner at a point.</summary>
    public void Draw(SKCanvas canvas, float x, float y)
    {
        using var ink = new SKPaint { Color = StaticFont.Ink, IsAntialias = true };
        using var large = StaticFont.Create(TitlePixels);
        using var small = StaticFont.Create(LegendPixels);
        foreach (var (line, i) in _title.Select((line, i) => (line, i)))
            canvas.DrawText(line, x, y + (i * TitleLine) + TitlePixels, SKTextAlign.Left, large, ink);
        y += _title.Count * TitleLine;
        foreach (var (mark, left, row) in _legend)
        {
            var middle = y + (row * LegendLine) + (LegendLine / 2);
            StaticPanel.DrawSwatch(canvas, mark, x + left, middle, Swatch);
            canvas.DrawText(mark.Name, x + left + Swatch + 6, middle + (LegendPixels * 0.36f), SKTextAlign.Left, small, ink);
        }
    }

    private static List<string> Wrap(string text, float width)
    {
        using var font = StaticFont.Create(TitlePixels);
        var lines = new List<string>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (lines.Count > 0 && font.MeasureText($"{lines[^1]} {word}") <= width)
                lines[^1] += " " + word;
            else
                lines.Add(word);
        return lines;
    }

    private static List<(Mark Mark, float X, int Row)> Place(IReadOnlyList<Mark> marks, float width)
    {
        using var font = StaticFont.Create(LegendPixels);
        var (placed, x, row) = (new List<(Mark, float, int)>(), 0f, 0);
        foreach (var mark in marks)
        {
            var entry = Swatch + 6 + font.MeasureText(mark.Name);
            if (x > 0 && x + entry > width)
                (x, row) = (0, row + 1);
            placed.Add((mark, x, row));
            x += entry + Gap;
        }

        return placed;
    }
}
