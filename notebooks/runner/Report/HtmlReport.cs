using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Report;

/// <summary>
/// Writes all executed notebooks into one HTML file that works offline: it contains styles, scripts and plotly.js, and its content security
/// policy forbids loading anything.
/// </summary>
internal static partial class HtmlReport
{
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; "
        + "img-src data: blob:; media-src data: blob:; font-src data:";


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
        var notebook = result.Executed is { } executed ? NotebookFile.Read(executed) : new NotebookFile([]);
        contents.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#{Encode(result.Name)}\">{Encode(result.Name)}</a><ul>\n");
        var status = result.ExitCode == 0 ? "ok" : "bad";
        body.Append(CultureInfo.InvariantCulture, $"<article id=\"{Encode(result.Name)}\"><p class=\"status {status}\">");
        body.Append(CultureInfo.InvariantCulture, $"{Encode(result.Name)}: {Encode(result.Status)} · ");
        body.Append(CultureInfo.InvariantCulture,
            $"{result.Elapsed.TotalSeconds:F1} s · peak memory {result.PeakBytes / 1048576.0:F0} MB</p>\n");
        foreach (var (cell, index) in notebook.Cells.Select((c, i) => (c, i)))
        {
            var anchor = $"{result.Name}-{index + 1}";
            if (cell.Type == Cell.Markdown)
                AddProse(cell, anchor, contents, body);
            else if (cell.Type == Cell.Raw)
                body.Append(RawHtml(cell));
            else
                AddCode(cell, notebook.LanguageOf(cell), body);
        }

        contents.Append("</ul></li>\n");
        body.Append("</article>\n");
    }

    private static void AddProse(Cell cell, string anchor, StringBuilder contents, StringBuilder body)
    {
        if (Heading().Match(cell.Source) is { Success: true } heading)
        {
            var (level, title) = (heading.Groups[1].Length, heading.Groups[2].Value.Replace("`", "", StringComparison.Ordinal));
            contents.Append(CultureInfo.InvariantCulture,
                $"<li class=\"level{level}\"><a href=\"#{Encode(anchor)}\">{Encode(title)}</a></li>\n");
        }

        body.Append(CultureInfo.InvariantCulture, $"<section class=\"prose\" id=\"{Encode(anchor)}\">{Prose.ToHtml(cell)}</section>\n");
    }

    private static void AddCode(Cell cell, string language, StringBuilder body)
    {
        var count = cell.ExecutionCount?.ToString(CultureInfo.InvariantCulture) ?? " ";
        body.Append(CultureInfo.InvariantCulture, $"<section class=\"code\"><span class=\"count\">[{count}]</span>");
        var source = language == NotebookLanguage.CSharp ? CodeHighlighter.ToHtml(cell.Source) : Encode(cell.Source);
        body.Append(CultureInfo.InvariantCulture, $"<pre class=\"source\">{source}</pre>\n");
        if (NotRun(cell, language) is { } reason)
            body.Append(CultureInfo.InvariantCulture, $"<p class=\"placeholder\">{Encode(reason)}</p>\n");
        foreach (var output in cell.Outputs)
            body.Append(OutputHtml.Render(output));
        body.Append("</section>\n");
    }

    private static string? NotRun(Cell cell, string language)
    {
        if (cell.IsSkipped)
            return $"not run: tagged {Cell.SkipTag}";
        if (cell.ExecutionCount is not null || string.IsNullOrWhiteSpace(cell.Source))
            return null;
        return language == NotebookLanguage.CSharp ? "not run" : $"not run: {language}";
    }

    // As nbconvert does: content for web pages is inserted, other content is shown as text.
    private static string RawHtml(Cell cell) => cell.RawMimeType switch
    {
        "text/html" => $"<section class=\"output\">{cell.Source}</section>\n",
        "text/markdown" => $"<section class=\"prose\">{Prose.ToHtml(cell)}</section>\n",
        _ => $"<pre class=\"raw\">{Encode(cell.Source)}</pre>\n",
    };

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

    private static string Encode(string text) => HtmlText.Encode(text);

    [GeneratedRegex(@"^(#{1,3})\s+(.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
