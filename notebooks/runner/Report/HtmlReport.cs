using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;
using Markdig;

namespace DeviceId.Notebooks.Report;

/// <summary>
/// Writes all executed notebooks into one HTML file that works offline: it contains styles, scripts and plotly.js, and its content security
/// policy forbids loading anything.
/// </summary>
internal static partial class HtmlReport
{
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; "
        + "img-src data: blob:; media-src data: blob:; font-src data:";

    private static readonly MarkdownPipeline Prose = new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().UseFootnotes().Build();

    public static void Write(string path, IReadOnlyList<NotebookResult> results)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WholeFile.Write(path, Render(results));
    }

    public static string Render(IReadOnlyList<NotebookResult> results)
    {
        var contents = new StringBuilder();
        var body = new StringBuilder();
        foreach (var result in results)
            AddNotebook(result, contents, body);
        var plotly = body.ToString().Contains("Plotly", StringComparison.Ordinal) ? PlotlyScript() : "";
        return $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark"><meta http-equiv="Content-Security-Policy" content="{Policy}">
            <title>DeviceId: notebooks</title>
            <style>{Resource("report.css")}</style>
            {plotly}</head><body>
            <nav><strong>DeviceId</strong><ul>
            {contents}</ul></nav><main>
            {body}</main>
            <script>{Resource("report.js")}</script>
            </body></html>

            """;
    }

    private static void AddNotebook(NotebookResult result, StringBuilder contents, StringBuilder body)
    {
        var cells = result.Executed is { } executed ? NotebookFile.Read(executed).Cells : [];
        contents.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#{Encode(result.Name)}\">{Encode(result.Name)}</a><ul>\n");
        var status = result.ExitCode == 0 ? "ok" : "bad";
        body.Append(CultureInfo.InvariantCulture, $"<article id=\"{Encode(result.Name)}\"><p class=\"status {status}\">");
        body.Append(CultureInfo.InvariantCulture, $"{Encode(result.Name)}: {Encode(result.Status)} · ");
        body.Append(CultureInfo.InvariantCulture,
            $"{result.Elapsed.TotalSeconds:F1} s · peak memory {result.PeakBytes / 1048576.0:F0} MB</p>\n");
        foreach (var (cell, index) in cells.Select((c, i) => (c, i)))
        {
            var anchor = $"{result.Name}-{index + 1}";
            if (cell.Type == Cell.Markdown)
                AddProse(cell.Source, anchor, contents, body);
            else
                AddCode(cell, body);
        }

        contents.Append("</ul></li>\n");
        body.Append("</article>\n");
    }

    private static void AddProse(string markdown, string anchor, StringBuilder contents, StringBuilder body)
    {
        if (Heading().Match(markdown) is { Success: true } heading)
        {
            var (level, title) = (heading.Groups[1].Length, heading.Groups[2].Value.Replace("`", "", StringComparison.Ordinal));
            contents.Append(CultureInfo.InvariantCulture,
                $"<li class=\"level{level}\"><a href=\"#{Encode(anchor)}\">{Encode(title)}</a></li>\n");
        }

        body.Append(CultureInfo.InvariantCulture,
            $"<section class=\"prose\" id=\"{Encode(anchor)}\">{Markdown.ToHtml(markdown, Prose)}</section>\n");
    }

    private static void AddCode(Cell cell, StringBuilder body)
    {
        var count = cell.ExecutionCount?.ToString(CultureInfo.InvariantCulture) ?? " ";
        body.Append(CultureInfo.InvariantCulture, $"<section class=\"code\"><span class=\"count\">[{count}]</span>");
        body.Append(CultureInfo.InvariantCulture, $"<pre class=\"source\">{CodeHighlighter.ToHtml(cell.Source)}</pre>\n");
        foreach (var output in cell.Outputs)
            body.Append(OutputHtml(output));
        body.Append("</section>\n");
    }

    private static string OutputHtml(Output output) => output switch
    {
        Output.Stream s => $"<pre class=\"stream {Encode(s.Name)}\">{Encode(s.Text)}</pre>\n",
        Output.Error e => $"<pre class=\"error\">{Encode(string.Join('\n', e.Trace))}</pre>\n",
        Output.Data d => DataHtml(d.Mime),
        _ => "",
    };

    private static string DataHtml(IReadOnlyDictionary<string, string> mime)
    {
        if (mime.TryGetValue("text/html", out var html))
            return html.Contains("data-deviceid=\"plotly-js\"", StringComparison.Ordinal) ? "" : $"<div class=\"output\">{html}</div>\n";
        if (mime.TryGetValue("text/markdown", out var markdown))
            return $"<div class=\"output prose\">{Markdown.ToHtml(markdown, Prose)}</div>\n";
        if (mime.TryGetValue("image/svg+xml", out var svg))
            return $"<div class=\"output\">{svg}</div>\n";
        if (mime.TryGetValue("image/png", out var png))
        {
            var base64 = png.Replace("\n", "", StringComparison.Ordinal);
            return $"<div class=\"output\"><img alt=\"\" src=\"data:image/png;base64,{base64}\"></div>\n";
        }

        return mime.TryGetValue("text/plain", out var text) ? $"<pre class=\"stream\">{Encode(text)}</pre>\n" : "";
    }

    private static string PlotlyScript()
    {
        if (!File.Exists(Repository.PlotlyScript))
            return "";
        var script = File.ReadAllText(Repository.PlotlyScript);
        return $"<script>{script.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)}</script>\n";
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    [GeneratedRegex(@"^(#{1,3})\s+(.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
