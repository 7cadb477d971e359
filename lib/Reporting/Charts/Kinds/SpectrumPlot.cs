using System.Net;
using System.Text;
using DeviceId.Features;
using static System.FormattableString;

namespace DeviceId.Reporting;

/// <summary>Plot of a recording's mean spectrum and the mean spectra of a model's devices, on the mel scale.</summary>
internal static class SpectrumPlot
{
    // Round distances of grid lines (dB); the plot uses the smallest one that gives at most MaxLines lines.
    private static readonly double[] Steps = [5, 10, 20, 50, 100];

    private const int MaxLines = 6;
    private const int Left = 30;
    private const int Width = 400;
    private const int Height = 180;
    private const int Bottom = 50;
    private const double DecibelsPerNat = 8.685889638065035;

    /// <summary>Draws the spectra.</summary>
    /// <param name="hertz">Centre frequencies (band), Hz.</param>
    /// <param name="questioned">Spectrum (band) of the questioned recording, nats relative to its mean.</param>
    /// <param name="device">The device that the recording is compared with.</param>
    /// <param name="reference">Spectrum (band) of that device.</param>
    /// <param name="others">Spectra (device)(band) of all devices, drawn in grey behind.</param>
    /// <returns>An SVG element.</returns>
    public static string Svg(IReadOnlyList<double> hertz, IReadOnlyList<double> questioned, string device, IReadOnlyList<double> reference,
        IReadOnlyList<IReadOnlyList<double>> others)
    {
        var all = others.Append(questioned).SelectMany(s => s).Select(level => level * DecibelsPerNat).ToList();
        var (low, high) = (all.Min(), Math.Max(all.Max(), all.Min() + 1e-6));
        var (left, right) = (FilterBank.Mel(hertz[0]), FilterBank.Mel(hertz[^1]));
        double X(double f) => (FilterBank.Mel(f) - left) / (right - left) * Width;
        double Y(double decibels) => (high - decibels) / (high - low) * Height;
        string Line(IReadOnlyList<double> spectrum, string style)
        {
            var points = spectrum.Select((level, i) => Invariant($"{X(hertz[i]):0.#},{Y(level * DecibelsPerNat):0.#}"));
            return $"<polyline fill=\"none\" {style} points=\"{string.Join(' ', points)}\"/>";
        }

        var svg = new StringBuilder(Invariant($"<svg viewBox=\"{-Left} -6 {Left + Width + 6} {Height + Bottom + 6}\" "));
        svg.Append("role=\"img\" aria-label=\"mean spectra\" font-family=\"system-ui, sans-serif\" font-size=\"11\">");
        var step = Steps.FirstOrDefault(s => (high - low) / s <= MaxLines, Steps[^1]);
        for (var level = Math.Ceiling(low / step) * step; level <= high; level += step)
        {
            svg.Append(Invariant($"<line x1=\"0\" x2=\"{Width}\" y1=\"{Y(level):0.#}\" y2=\"{Y(level):0.#}\" stroke=\"#eef1f4\"/>"))
                .Append(Invariant($"<text x=\"-4\" y=\"{Y(level) + 4:0.#}\" text-anchor=\"end\">{level:0}</text>"));
        }

        foreach (var other in others)
            svg.Append(Line(other, "stroke=\"#c3cad1\" stroke-width=\"0.7\""));
        svg.Append(Line(reference, "stroke=\"#e69f00\" stroke-width=\"2\""))
            .Append(Line(questioned, "stroke=\"#0072b2\" stroke-width=\"2\""));
        foreach (var tick in new[] { 100, 500, 1000, 2000, 4000, 8000, 16000 }.Where(t => t >= hertz[0] && t <= hertz[^1]))
        {
            var (x, label) = (X(tick), tick < 1000 ? Invariant($"{tick}") : Invariant($"{tick / 1000}k"));
            svg.Append(Invariant($"<line x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"{Height}\" y2=\"{Height + 4}\" stroke=\"#56616b\"/>"))
                .Append(Invariant($"<text x=\"{x:0.#}\" y=\"{Height + 15}\" text-anchor=\"middle\">{label}</text>"));
        }

        svg.Append(Invariant($"<text x=\"{Width}\" y=\"{Height + 29}\" text-anchor=\"end\">"))
            .Append("level (dB relative to the mean) by frequency (Hz)</text>");
        svg.Append(LegendEntry(0, "#0072b2", "questioned")).Append(LegendEntry(86, "#c3cad1", "others"))
            .Append(LegendEntry(146, "#e69f00", device));
        return svg.Append("</svg>").ToString();
    }

    private static string LegendEntry(int x, string colour, string name) =>
        Invariant($"<rect x=\"{x}\" y=\"{Height + 40}\" width=\"10\" height=\"4\" fill=\"{colour}\"/>")
            + Invariant($"<text x=\"{x + 14}\" y=\"{Height + 46}\">{WebUtility.HtmlEncode(name)}</text>");
}
