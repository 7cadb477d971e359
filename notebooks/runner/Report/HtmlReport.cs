using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Report;

/// <summary>
/// Writes the report: an article about all experiments, then every executed notebook as a folded section, in one HTML file that works
/// offline: it contains styles, scripts and plotly.js, and its content security policy forbids loading anything.
/// </summary>
internal static class HtmlReport
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
        IReadOnlyList<NotebookSection> sections = [.. results.Select(result => new NotebookSection(result))];
        var article = new ArticleHtml(sections);
        var shownMatrices = new Dictionary<string, string>(StringComparer.Ordinal);
        var body = article.Front() + string.Concat(sections.Select(section =>
            section.ToHtml(shownMatrices, isOpen: sections.Count == 1 || section.Result.ExitCode != 0))) + article.Appendix();
        var parts = article.Parts().Select(part => $"<li><a href=\"#{part.Anchor}\">{part.Title}</a></li>\n");
        var contents = string.Concat(parts) + string.Concat(sections.Select(section => section.Contents()))
            + "<li><a href=\"#appendix\">Appendix</a></li>\n";
        var plotly = body.Contains("Plotly", StringComparison.Ordinal) ? PlotlyScript() : "";
        return $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark"><meta http-equiv="Content-Security-Policy" content="{Policy}">
            <title>{HtmlText.Encode(article.Title)}</title>
            <style>{Resource("report.css")}</style>
            {plotly}</head><body>
            <nav><strong>DeviceId</strong><ul>
            {contents}</ul></nav><main>
            {body}</main>
            <script>{Resource("report.js")}</script>
            </body></html>

            """;
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
}
