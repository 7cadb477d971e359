using System.Net;
using System.Text;
using Microsoft.Data.Analysis;
using XPlot.Plotly;

namespace DeviceId.Reporting;

/// <summary>HTML of other libraries' types, for <c>Formatter.Register</c> in setup.dib: by default they print as property trees.</summary>
public static class NotebookHtml
{
    private const int MaxRows = 50;
    private const int ChartHeightPixels = 420;

    /// <summary>Renders a chart that was made with XPlot directly.</summary>
    public static string Render(PlotlyChart chart) => new ChartView(chart, ChartHeightPixels).ToHtml();

    /// <summary>Renders the first fifty rows of a data frame as a table.</summary>
    public static string Render(DataFrame frame)
    {
        var html = new StringBuilder("<table><thead><tr>");
        foreach (var column in frame.Columns)
            html.Append("<th>").Append(WebUtility.HtmlEncode(column.Name)).Append("</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in frame.Rows.Take(MaxRows))
        {
            html.Append("<tr>");
            foreach (var value in row)
                html.Append("<td>").Append(WebUtility.HtmlEncode(Convert.ToString(value,
                    System.Globalization.CultureInfo.InvariantCulture))).Append("</td>");
            html.Append("</tr>");
        }

        html.Append("</tbody></table>");
        if (frame.Rows.Count > MaxRows)
            html.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"<p><small>{frame.Rows.Count} rows, the first {MaxRows} shown.</small></p>");
        return html.ToString();
    }
}
