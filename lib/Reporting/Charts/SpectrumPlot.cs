using System.Globalization;
using System.Net;
using System.Text;
using DeviceId.Features;

namespace DeviceId.Reporting;

/// <summary>A recording's mean spectrum beside those of the devices that a model knows, on the mel scale.</summary>
internal static class SpectrumPlot
{
    // Steps that people count in; the plot takes the first that gives no more lines than fit.
    private static readonly double[] Steps = [5, 10, 20, 50, 100];

    private const int MaxLines = 6;
    private const int Left = 30;
    private const int Width = 400;
    private const int Height = 180;
    private const int Bottom = 50;
    private const double DecibelsPerNat = 8.685889638065035;

    /// <summary>Draws the spectra.</summary>
    /// <param name="hertz">Where each band peaks (Hz).</param>
    /// <param name="questioned">Of the questioned recording: nats around its mean.</param>
    /// <param name="device">The device that it is compared with.</param>
    /// <param name="reference">That device's spectrum.</param>
    /// <param name="others">Spectra of all devices, drawn faintly behind.</param>
    /// <returns>An SVG element.</returns>
    public static string Svg(IReadOnlyList<double> hertz, IReadOnlyList<double> questioned, string device, IReadOnlyList<double> reference,
        IReadOnlyList<IReadOnlyList<double>> others)
    {
        var all = others.Append(questioned).SelectMany(s => s).Select(level => level * DecibelsPerNat).ToList();
        var (low, high) = (all.Min(), Math.Max(all.Max(), all.Min() + 1e-6));
        var (left, right) = (FilterBank.Mel(hertz[0]), FilterBank.Mel(hertz[^1]));
        double X(double f) => (FilterBank.Mel(f) - left) / (right - left) * Width;
        double Y(double decibels) => (high - decibels) / (high - low) * Height;
        string Line(IReadOnlyList<double> spectrum, string style) =>
            $"<polyline fill=\"none\" {style} points=\"{string.Join(' ', spectrum.Select((level, i) => Say($"{X(hertz[i]):0.#},{Y(level * DecibelsPerNat):0.#}")))}\"/>";
        var svg = new StringBuilder(Say(
            $"<svg viewBox=\"{-Left} -6 {Left + Width + 6} {Height + Bottom + 6}\" role=\"img\" aria-label=\"mean spectra\" font-family=\"system-ui, sans-serif\" font-size=\"11\">"));
        var step = Steps.FirstOrDefault(s => (high - low) / s <= MaxLines, Steps[^1]);
        for (var level = Math.Ceiling(low / step) * step; level <= high; level += step)
            svg.Append(Say($"<line x1=\"0\" x2=\"{Width}\" y1=\"{Y(level):0.#}\" y2=\"{Y(level):0.#}\" stroke=\"#eef1f4\"/><text x=\"-4\" y=\"{Y(level) + 4:0.#}\" text-anchor=\"end\">{level:0}</text>"));
        foreach (var other in others)
            svg.Append(Line(other, "stroke=\"#c3cad1\" stroke-width=\"0.7\""));
        svg.Append(Line(reference, "stroke=\"#e69f00\" stroke-width=\"2\""))
            .Append(Line(questioned, "stroke=\"#0072b2\" stroke-width=\"2\""));
        foreach (var tick in new[] { 100, 500, 1000, 2000, 4000, 8000, 16000 }.Where(t => t >= hertz[0] && t <= hertz[^1]))
            svg.Append(Say($"<line x1=\"{X(tick):0.#}\" x2=\"{X(tick):0.#}\" y1=\"{Height}\" y2=\"{Height + 4}\" stroke=\"#56616b\"/><text x=\"{X(tick):0.#}\" y=\"{Height + 15}\" text-anchor=\"middle\">{(tick < 1000 ? tick : tick / 1000)}{(tick < 1000 ? "" : "k")}</text>"));
        svg.Append(Say($"<text x=\"{Width}\" y=\"{Height + 29}\" text-anchor=\"end\">level (dB around the mean) by frequency (Hz)</text>"));
        svg.Append(Key(0, "#0072b2", "questioned")).Append(Key(86, "#c3cad1", "others")).Append(Key(146, "#e69f00", device));
        return svg.Append("</svg>").ToString();
    }

    private static string Key(int x, string colour, string name) =>
        Say($"<rect x=\"{x}\" y=\"{Height + 40}\" width=\"10\" height=\"4\" fill=\"{colour}\"/><text x=\"{x + 14}\" y=\"{Height + 46}\">{WebUtility.HtmlEncode(name)}</text>");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
