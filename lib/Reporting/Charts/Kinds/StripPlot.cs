using System.Net;
using System.Text;
using DeviceId.Identification;
using static System.FormattableString;

namespace DeviceId.Reporting;

/// <summary>
/// Bar chart along a recording: a column for each segment, its colour the first candidate, its height the candidate's probability.
/// </summary>
internal static class StripPlot
{
    private const int Left = 44;
    private const int Width = 776;
    private const int Height = 92;
    private const int Bottom = 20;
    private const int RowHeight = 16;
    private const int MaxTicks = 12;

    // Distances of the time axis's ticks (s); the plot uses the smallest one that gives at most MaxTicks ticks.
    private static readonly double[] Steps = [0.2, 1, 2, 5, 10, 30, 60, 300, 600, 1800];

    // Distinguishable with colour blindness (M. Okabe, K. Ito, "Color Universal Design", 2008); all further devices use the last one.
    private static readonly string[] Colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#9aa4ad"];

    /// <summary>Draws the columns with a legend.</summary>
    /// <param name="answer">A model's answer about a recording.</param>
    /// <returns>An SVG element.</returns>
    public static string Svg(Identification.Identification answer)
    {
        var devices = answer.Strip.GroupBy(s => s[0].Device).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.Key).ToList();
        var legend = PlaceLegend(devices);
        // A name that is not a device of the strip is the legend's "others".
        string Colour(string device) =>
            Colours[devices.IndexOf(device) is var index && index >= 0 ? Math.Min(index, Colours.Length - 1) : Colours.Length - 1];
        var width = (double)Width / answer.Strip.Count;
        var svg = new StringBuilder(
            Invariant($"<svg viewBox=\"{-Left} -8 {Left + Width} {Height + Bottom + 26 + (legend[^1].Row * RowHeight)}\" role=\"img\" "));
        svg.Append("aria-label=\"first candidate of each segment\" font-family=\"system-ui, sans-serif\" font-size=\"12\" ")
            .Append("fill=\"currentColor\">");
        svg.Append(Invariant($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#f4f6f8\"/>"))
            .Append("<text x=\"-4\" y=\"8\" text-anchor=\"end\">100 %</text>")
            .Append(Invariant($"<text x=\"-4\" y=\"{Height}\" text-anchor=\"end\">0</text>"));
        var columnWidth = Math.Max(width - (width > 4 ? 1 : 0), 0.5);
        foreach (var (segment, i) in answer.Strip.Select((s, i) => (s[0], i)))
        {
            var height = Height * segment.Probability;
            svg.Append(Invariant($"<rect x=\"{i * width:0.##}\" y=\"{Height - height:0.##}\" width=\"{columnWidth:0.##}\" "))
                .Append(Invariant($"height=\"{height:0.##}\" fill=\"{Colour(segment.Device)}\"><title>{i * answer.SegmentSeconds:0.0} s: "))
                .Append(Invariant($"{Encode(segment.Device)}, {100 * segment.Probability:0.0} %</title></rect>"));
        }

        foreach (var segment in answer.SplicedSegments.Skip(1))
        {
            var x = segment.From / answer.SegmentSeconds * width;
            svg.Append(Invariant($"<line x1=\"{x:0.##}\" x2=\"{x:0.##}\" y1=\"0\" y2=\"{Height}\" "))
                .Append("stroke=\"#1d2329\" stroke-width=\"2\" stroke-dasharray=\"4 3\"/>");
        }

        var seconds = answer.Strip.Count * answer.SegmentSeconds;
        var step = Steps.FirstOrDefault(s => seconds / s <= MaxTicks, Steps[^1]);
        for (var tick = 0.0; tick < seconds - (0.75 * step); tick += step)
        {
            var x = tick / seconds * Width;
            svg.Append(Invariant($"<line x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"{Height}\" y2=\"{Height + 3}\" stroke=\"#56616b\"/>"))
                .Append(Invariant($"<text x=\"{x:0.#}\" y=\"{Height + 14}\" "))
                .Append(Invariant($"text-anchor=\"{(tick == 0 ? "start" : "middle")}\">{tick:0.#}</text>"));
        }

        svg.Append(Invariant($"<text x=\"{Width}\" y=\"{Height + 14}\" text-anchor=\"end\">{seconds:0.0} s</text>"));
        foreach (var (name, x, row) in legend)
        {
            var y = Height + (row * RowHeight);
            svg.Append(Invariant($"<rect x=\"{x}\" y=\"{y + 21}\" width=\"10\" height=\"10\" fill=\"{Colour(name)}\"/>"))
                .Append(Invariant($"<text x=\"{x + 14}\" y=\"{y + 30}\">{Encode(name)}</text>"));
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>Places the legend's names next to each other, in as many rows as needed.</summary>
    private static List<(string Name, int X, int Row)> PlaceLegend(IReadOnlyList<string> devices)
    {
        var names = devices.Count > Colours.Length ? [.. devices.Take(Colours.Length - 1), "others"] : devices;
        var (placed, x, row) = (new List<(string, int, int)>(), 0, 0);
        foreach (var name in names)
        {
            var width = 30 + (7 * name.Length);
            if (x > 0 && x + width > Width)
                (x, row) = (0, row + 1);
            placed.Add((name, x, row));
            x += width;
        }

        return placed;
    }


    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
