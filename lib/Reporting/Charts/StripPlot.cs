using System.Globalization;
using System.Net;
using System.Text;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>
/// Who is heard where: a column for each segment of a recording, coloured by its first candidate, as high as that is probable.
/// </summary>
internal static class StripPlot
{
    private const int Left = 44;
    private const int Width = 776;
    private const int Height = 92;
    private const int Bottom = 20;
    private const int RowHeight = 16;
    private const int MaxTicks = 12;

    // Seconds between the numbers under the strip.
    private static readonly double[] Steps = [0.2, 1, 2, 5, 10, 30, 60, 300, 600, 1800];

    // Colours that readers with colour blindness tell apart (M. Okabe, K. Ito, "Color Universal Design", 2008); others share the last.
    private static readonly string[] Colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#9aa4ad"];

    /// <summary>Draws the strip with its legend.</summary>
    /// <param name="said">The answer.</param>
    /// <returns>An SVG element.</returns>
    public static string Svg(Identification.Identification said)
    {
        var devices = said.Strip.GroupBy(s => s[0].Device).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.Key).ToList();
        var names = Legend(devices);
        // What is not in the list is "others", or one of them.
        string Colour(string device) =>
            Colours[devices.IndexOf(device) is var at && at >= 0 ? Math.Min(at, Colours.Length - 1) : Colours.Length - 1];
        var width = (double)Width / said.Strip.Count;
        var svg = new StringBuilder(Say(
            $"<svg viewBox=\"{-Left} -8 {Left + Width} {Height + Bottom + 26 + (names[^1].Row * RowHeight)}\" role=\"img\" aria-label=\"first candidate of each segment\" font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"currentColor\">"));
        svg.Append(Say($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#f4f6f8\"/><text x=\"-4\" y=\"8\" text-anchor=\"end\">100 %</text><text x=\"-4\" y=\"{Height}\" text-anchor=\"end\">0</text>"));
        foreach (var (segment, i) in said.Strip.Select((s, i) => (s[0], i)))
        {
            var height = Height * segment.Probability;
            svg.Append(Say($"<rect x=\"{i * width:0.##}\" y=\"{Height - height:0.##}\" width=\"{Math.Max(width - (width > 4 ? 1 : 0), 0.5):0.##}\" height=\"{height:0.##}\" fill=\"{Colour(segment.Device)}\"><title>{i * said.SegmentSeconds:0.0} s: {Encode(segment.Device)}, {100 * segment.Probability:0.0} %</title></rect>"));
        }

        foreach (var piece in said.SplicedSegments.Skip(1))
            svg.Append(Say($"<line x1=\"{piece.From / said.SegmentSeconds * width:0.##}\" x2=\"{piece.From / said.SegmentSeconds * width:0.##}\" y1=\"0\" y2=\"{Height}\" stroke=\"#1d2329\" stroke-width=\"2\" stroke-dasharray=\"4 3\"/>"));
        var seconds = said.Strip.Count * said.SegmentSeconds;
        var step = Steps.FirstOrDefault(s => seconds / s <= MaxTicks, Steps[^1]);
        for (var tick = 0.0; tick < seconds - (0.75 * step); tick += step)
            svg.Append(Say($"<line x1=\"{tick / seconds * Width:0.#}\" x2=\"{tick / seconds * Width:0.#}\" y1=\"{Height}\" y2=\"{Height + 3}\" stroke=\"#56616b\"/><text x=\"{tick / seconds * Width:0.#}\" y=\"{Height + 14}\" text-anchor=\"{(tick == 0 ? "start" : "middle")}\">{tick:0.#}</text>"));
        svg.Append(Say($"<text x=\"{Width}\" y=\"{Height + 14}\" text-anchor=\"end\">{seconds:0.0} s</text>"));
        foreach (var (name, x, row) in names)
            svg.Append(Say($"<rect x=\"{x}\" y=\"{Height + 21 + (row * RowHeight)}\" width=\"10\" height=\"10\" fill=\"{Colour(name)}\"/><text x=\"{x + 14}\" y=\"{Height + 30 + (row * RowHeight)}\">{Encode(name)}</text>"));
        return svg.Append("</svg>").ToString();
    }

    /// <summary>Names beside each other, in as many rows as they need.</summary>
    private static List<(string Name, int X, int Row)> Legend(IReadOnlyList<string> devices)
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

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
