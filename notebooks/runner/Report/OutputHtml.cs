using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Report;

/// <summary>
/// Renders the outputs of a cell. Of the MIME types of a value the richest is shown. A type that a page without other programs cannot show
/// is named, with the begin of its content.
/// </summary>
internal static class OutputHtml
{
    /// <summary>Of content that is not shown as what it is, this many characters are.</summary>
    private const int MaxExcerpt = 2000;

    /// <summary>Of longer console text, this many lines at each end are shown.</summary>
    private const int EndLines = 100;

    // Richest first. "image/*" is any image but SVG, which is text.
    private static readonly string[] Order =
        ["text/html", "text/markdown", "image/svg+xml", "image/*", "video/*", "audio/*", "application/json", "text/*", "text/plain"];

    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Render(Output output) => output switch
    {
        Output.Stream s => $"<pre class=\"stream {HtmlText.Encode(s.Name)}\">{TerminalText.ToHtml(Shorten(s.Text))}</pre>\n",
        Output.Error e => $"<pre class=\"error\">{TerminalText.ToHtml(string.Join('\n', e.Trace))}</pre>\n",
        Output.Data d => Render(d),
        Output.Other o => Placeholder($"an output of the kind {o.Json["output_type"]}", o.Json.ToJsonString(Indented)),
        _ => throw new InvalidOperationException($"No HTML for {output.GetType().Name}."),
    };

    private static string Render(Output.Data data)
    {
        if (data.Mime.Count == 0)
            return "";
        var shown = data.Mime.Keys.Where(t => Rank(t) >= 0).OrderBy(Rank).FirstOrDefault();
        var html = shown is null ? "" : Render(shown, data);

        // Plain text beside a type that cannot be shown is only its substitute.
        if (shown is null or "text/plain")
            html += string.Concat(data.Mime.Where(p => Rank(p.Key) < 0).Select(p => Placeholder(p.Key, p.Value)));
        return html;
    }

    private static int Rank(string type)
    {
        var exact = Array.IndexOf(Order, type);
        return exact >= 0 ? exact : Array.IndexOf(Order, type.Split('/')[0] + "/*");
    }

    private static string Render(string type, Output.Data data)
    {
        var content = data.Mime[type];
        return Order[Rank(type)] switch
        {
            "text/html" when content.Contains("data-deviceid=\"plotly-js\"", StringComparison.Ordinal) => "",
            "text/html" or "image/svg+xml" => Block(content),
            "text/markdown" => $"<div class=\"output prose\">{Prose.ToHtml(content)}</div>\n",
            "image/*" => Block($"<img alt=\"{HtmlText.Encode(type)}\"{Size(type, data)} src=\"{Prose.DataUri(type, content)}\">"),
            "video/*" => Block($"<video controls src=\"{Prose.DataUri(type, content)}\"></video>"),
            "audio/*" => Block($"<audio controls src=\"{Prose.DataUri(type, content)}\"></audio>"),
            "application/json" => Text(JsonNode.Parse(content)?.ToJsonString(Indented) ?? "null"),
            _ => Text(content),
        };
    }

    private static string Block(string html) => $"<div class=\"output\">{html}</div>\n";

    private static string Text(string text) => $"<pre class=\"stream\">{TerminalText.ToHtml(Shorten(text))}</pre>\n";

    /// <summary>Leaves out the middle of a text of very many lines, and says so.</summary>
    private static string Shorten(string text)
    {
        var end = text.EndsWith('\n') ? text.Length - 1 : text.Length;
        var lines = text.AsSpan(0, end).Count('\n') + 1;
        if (lines <= 3 * EndLines)
            return text;
        var (first, last) = (0, end);
        for (var line = 0; line < EndLines; line++)
        {
            first = text.IndexOf('\n', first) + 1;
            last = text.LastIndexOf('\n', last - 1);
        }

        var middle = string.Create(CultureInfo.InvariantCulture,
            $"… {lines - (2 * EndLines):N0} lines are left out here; they are in the executed copy of the notebook …");
        return text[..first] + middle + text[last..];
    }

    private static string Size(string type, Output.Data data) => string.Concat(((string[])["width", "height"])
        .Where(s => (data.Metadata?[type] as JsonObject)?[s] is JsonValue v && v.TryGetValue<double>(out _))
        .Select(s => string.Create(CultureInfo.InvariantCulture, $" {s}=\"{(double)data.Metadata![type]![s]!:F0}\"")));

    private static string Placeholder(string what, string content)
    {
        var excerpt = content.Length > MaxExcerpt ? content[..MaxExcerpt] + "…" : content;
        var size = string.Create(CultureInfo.InvariantCulture, $"{content.Length:N0} characters");
        return $"<details class=\"placeholder\"><summary>{HtmlText.Encode(what)} is not shown in this report ({size})</summary>"
            + $"<pre>{HtmlText.Encode(excerpt)}</pre></details>\n";
    }
}
