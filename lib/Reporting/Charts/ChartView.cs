using System.Globalization;
using System.Text.RegularExpressions;
using XPlot.Plotly;

namespace DeviceId.Reporting;

/// <summary>
/// An XPlot chart for a notebook: it waits for plotly.js and adapts to the page's width and its light or dark colours.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormatters))]
internal sealed partial class ChartView : INotebookValue
{
    private readonly PlotlyChart _chart;
    private readonly string _summary;

    /// <param name="chart">The chart; XPlot gives it an identifier that is unique on the page.</param>
    /// <param name="heightPixels">Height (pixels).</param>
    /// <param name="summary">Text for a terminal.</param>
    public ChartView(PlotlyChart chart, int heightPixels, string summary) =>
        (_chart, HeightPixels, _summary) = (chart, heightPixels, summary);

    /// <summary>Height (pixels).</summary>
    public int HeightPixels { get; }

    /// <inheritdoc/>
    public string ToHtml()
    {
        // plotly.js 3 no longer accepts a plain string as title, which is what XPlot writes. The page's own text colour is readable on
        // light and dark pages and in VS Code's themes.
        // Names may contain anything, so "<" is escaped: plotly interprets tags in texts, and a browser looks for the end of the script
        // before it parses the script.
        var plot = PlotCall().Replace(_chart.GetPlottingJS().Replace("<", "\\u0026lt;", StringComparison.Ordinal),
            "window.Plotly.newPlot(id, data, dress(layout), {responsive: true, displaylogo: false});");
        return string.Create(CultureInfo.InvariantCulture, $$"""
            <div class="deviceid-chart" id="{{_chart.Id}}" style="width:100%;min-width:280px;height:{{HeightPixels}}px"></div>
            <script>
            (function () {
              const id = "{{_chart.Id}}";
              function dress(layout) {
                layout = layout || {};
                const ink = getComputedStyle(document.getElementById(id)).color;
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
                {{plot}}
              }
              draw();
            })();
            </script>
            """);
    }

    /// <summary>Text for a terminal.</summary>
    public override string ToString() => _summary;

    [GeneratedRegex(@"Plotly\.newPlot\([^;]*\);")]
    private static partial Regex PlotCall();
}
