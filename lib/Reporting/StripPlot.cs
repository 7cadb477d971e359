using System.Globalization;
using System.Net;
using System.Text;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>Who is heard where: a column for each segment of a recording, coloured by its first candidate, as high as that is probable.</summary>
public static class StripPlot
{
    private const int Width = 820;
    private const int Height = 92;
    private const int Bottom = 20;

    // Colours that readers with colour blindness tell apart (M. Okabe, K. Ito, "Color Universal Design", 2008); others share the last.
    private static readonly string[] Colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#9aa4ad"];

    /// <summary>Draws the strip with its legend.</summary>
    /// <param name="said">The answer.</param>
    /// <returns>An SVG element.</returns>
    public static string Svg(Identification.Identification said)
    {
        var devices = said.Strip.GroupBy(s => s[0].Device).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).ToList();
        string Colour(string device) => Colours[Math.Min(devices.IndexOf(device), Colours.Length - 1)];
        var width = (double)Width / said.Strip.Count;
        var svg = new StringBuilder(Say($"<svg viewBox=\"0 0 {Width} {Height + Bottom + 18}\" role=\"img\" aria-label=\"first candidate of each segment\" font-family=\"system-ui, sans-serif\" font-size=\"12\">"));
        svg.Append(Say($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#f4f6f8\"/>"));
        foreach (var (segment, i) in said.Strip.Select((s, i) => (s[0], i)))
        {
            var height = Height * segment.Probability;
            svg.Append(Say($"<rect x=\"{i * width:0.##}\" y=\"{Height - height:0.##}\" width=\"{Math.Max(width - (width > 4 ? 1 : 0), 0.5):0.##}\" height=\"{height:0.##}\" fill=\"{Colour(segment.Device)}\"><title>{i * said.SegmentSeconds:0.0} s: {Encode(segment.Device)}, {100 * segment.Probability:0.0} %</title></rect>"));
        }

        foreach (var piece in said.Pieces.Skip(1))
            svg.Append(Say($"<line x1=\"{piece.From / said.SegmentSeconds * width:0.##}\" x2=\"{piece.From / said.SegmentSeconds * width:0.##}\" y1=\"0\" y2=\"{Height}\" stroke=\"#1d2329\" stroke-width=\"2\" stroke-dasharray=\"4 3\"/>"));
        var seconds = said.Strip.Count * said.SegmentSeconds;
        svg.Append(Say($"<text x=\"0\" y=\"{Height + 14}\">0 s</text><text x=\"{Width}\" y=\"{Height + 14}\" text-anchor=\"end\">{seconds:0.0} s</text>"));
        var left = 0.0;
        foreach (var device in devices.Take(Colours.Length))
        {
            var name = devices.Count > Colours.Length && device == devices[Colours.Length - 1] ? "others" : device;
            svg.Append(Say($"<rect x=\"{left:0}\" y=\"{Height + 21}\" width=\"10\" height=\"10\" fill=\"{Colour(device)}\"/><text x=\"{left + 14:0}\" y=\"{Height + 30}\">{Encode(name)}</text>"));
            left += 30 + (7 * name.Length);
        }

        return svg.Append("</svg>").ToString();
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
