using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using XPlot.Plotly;

namespace DeviceId.Reporting;

/// <summary>
/// HTML of a chart: a picture, until plotly.js is there and draws the chart itself, which adapts to the page's width and its light or dark
/// colours. Without scripts, on paper, and in a notebook that is opened again, the picture stays.
/// </summary>
internal sealed partial class ChartView
{
    // On paper, the picture is sharper than the chart, and as wide as the page.
    private const string PrintStyle = "<style>@media print{.deviceid-figure:has(.deviceid-picture) .deviceid-chart{display:none!important}"
        + ".deviceid-picture{display:block!important;max-width:100%!important}}</style>";

    private readonly PlotlyChart _chart;

    /// <param name="chart">The chart; XPlot gives it an identifier that is unique on the page.</param>
    /// <param name="heightPixels">Height (pixels).</param>
    public ChartView(PlotlyChart chart, int heightPixels) => (_chart, HeightPixels) = (chart, heightPixels);

    /// <summary>Height (pixels).</summary>
    public int HeightPixels { get; }

    /// <summary>Title above the chart, which a narrow page wraps; empty if the chart has its own.</summary>
    public string Title { get; init; } = "";

    /// <summary>The same chart as a PNG without title; empty if there is none.</summary>
    public byte[] Picture { get; init; } = [];

    /// <summary>Self-contained HTML.</summary>
    public string ToHtml()
    {
        // plotly.js 3 no longer accepts a plain string as title, which is what XPlot writes. The page's own text colour is readable on
        // light and dark pages and in VS Code's themes.
        // Names may contain anything, so "<" is escaped: plotly interprets tags in texts, and a browser looks for the end of the script
        // before it parses the script.
        var plot = PlotCall().Replace(_chart.GetPlottingJS().Replace("<", "\\u0026lt;", StringComparison.Ordinal),
            "window.Plotly.newPlot(id, data, dress(layout), {responsive: true, displaylogo: false});");
        var title = WebUtility.HtmlEncode(Title);
        var caption = title.Length == 0 ? "" : $"<figcaption style=\"font-size:1.06em;margin:0 0 2px\">{title}</figcaption>";
        var picture = Picture.Length == 0 ? "" : $"<img class=\"deviceid-picture\" alt=\"{title}\" "
            + $"style=\"width:100%;max-width:{StaticRendering.WidthPixels}px;background:#fff\" "
            + $"src=\"data:image/png;base64,{Convert.ToBase64String(Picture)}\">{PrintStyle}";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            <figure class="deviceid-figure" style="margin:0 0 1em">{{caption}}
            <div class="deviceid-chart" id="{{_chart.Id}}" style="width:100%;min-width:280px;height:{{HeightPixels}}px;display:none"></div>
            {{picture}}</figure>
            <script>
            (function () {
              const id = "{{_chart.Id}}";
              const chart = document.getElementById(id), picture = chart.parentNode.querySelector("img");
              function dress(layout) {
                layout = layout || {};
                const ink = getComputedStyle(chart).color;
                const titled = [layout].concat(Object.keys(layout).filter(k => /^[xy]axis/.test(k)).map(k => layout[k]));
                titled.forEach(o => { if (typeof o.title === "string") o.title = {text: o.title}; });
                if (layout.title) Object.assign(layout.title, {x: 0.02, xanchor: "left"});
                layout.paper_bgcolor = layout.plot_bgcolor = "rgba(0,0,0,0)";
                layout.modebar = {bgcolor: "rgba(0,0,0,0)", color: "rgba(128,128,128,0.7)"};
                layout.font = Object.assign({color: ink}, layout.font);
                titled.slice(1).filter(a => a.title).forEach(a => a.title.standoff = 10);
                titled.slice(1).forEach(a => Object.assign(a,
                  {gridcolor: "rgba(128,128,128,0.25)", zerolinecolor: "rgba(128,128,128,0.4)", automargin: true}));
                layout.autosize = true; delete layout.width; delete layout.height;
                return layout;
              }
              function draw() {
                if (!window.Plotly) { setTimeout(draw, 100); return; }
                chart.style.display = "block";
                if (picture) picture.style.display = "none";
                {{plot}}
              }
              draw();
            })();
            </script>
            """);
    }

    [GeneratedRegex(@"Plotly\.newPlot\([^;]*\);")]
    private static partial Regex PlotCall();
}
