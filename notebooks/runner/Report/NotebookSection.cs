using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DeviceId.Foundation;
using DeviceId.Notebooks.Format;
using DeviceId.Reporting;

namespace DeviceId.Notebooks.Report;

/// <summary>A notebook as a folded section of the report: the summary is its title and outcome, its code is folded once more.</summary>
internal sealed partial class NotebookSection
{
    private readonly NotebookFile _notebook;

    /// <param name="result">The notebook's outcome.</param>
    public NotebookSection(NotebookResult result)
    {
        Result = result;
        _notebook = result.Executed is { } executed ? NotebookFile.Read(executed) : new NotebookFile([]);
        Digests = [.. Html().SelectMany(ExperimentDigest.In)];
        Title = _notebook.Cells.Where(cell => cell.Type == Cell.Markdown).Select(cell => Heading().Match(cell.Source))
            .FirstOrDefault(match => match.Success) is { } first ? Plain(first.Groups[2].Value) : result.Name;
    }

    /// <summary>The experiments that notebooks show, each once.</summary>
    public static IReadOnlyList<ExperimentDigest> Experiments(IEnumerable<NotebookSection> sections) => [.. sections
        .SelectMany(section => section.Digests)
        .DistinctBy(digest => $"{digest.Id} {digest.Title} {string.Join(' ', digest.Variants.Select(variant => variant.Identity))}")];

    /// <summary>The notebook's outcome.</summary>
    public NotebookResult Result { get; }

    /// <summary>The first heading of the notebook; its name if there is none.</summary>
    public string Title { get; }

    /// <summary>The experiments that its tables show.</summary>
    public IReadOnlyList<ExperimentDigest> Digests { get; }

    /// <summary>All result tables.</summary>
    public IEnumerable<ResultTable> Tables => ResultTable.In(_notebook);

    /// <summary>Whether a table says that its recordings were simulated.</summary>
    public bool IsSimulated => Tables
        .Any(table => table.Note?.Contains(ResultTables.SimulatedWords, StringComparison.Ordinal) == true);

    /// <summary>The section's part of the contents.</summary>
    public string Contents()
    {
        var headings = _notebook.Cells.Select((cell, i) => (Cell: cell, Anchor: Anchor(i))).Where(pair => pair.Cell.Type == Cell.Markdown)
            .Select(pair => (Match: Heading().Match(pair.Cell.Source), pair.Anchor)).Where(pair => pair.Match.Success)
            .Select(pair => $"<li class=\"level{pair.Match.Groups[1].Length}\"><a href=\"#{Encode(pair.Anchor)}\">"
                + $"{Encode(Plain(pair.Match.Groups[2].Value))}</a></li>\n");
        return $"<li><a href=\"#{Encode(Result.Name)}\">{Encode(Result.Name)}</a><ul>\n{string.Concat(headings)}</ul></li>\n";
    }

    /// <summary>The section in HTML.</summary>
    /// <param name="shown">Confusion matrices shown so far, to which this section adds its own: anchor by identity of the answers.</param>
    /// <param name="isOpen">Whether the section is unfolded.</param>
    public string ToHtml(IDictionary<string, string> shown, bool isOpen)
    {
        var html = new StringBuilder($"<details class=\"experiment\" id=\"{Encode(Result.Name)}\"{(isOpen ? " open" : "")}>");
        html.Append(CultureInfo.InvariantCulture, $"<summary><h2>{Encode(Title)}</h2>{Outcome()}</summary>\n");
        foreach (var (cell, index) in _notebook.Cells.Select((c, i) => (c, i)))
        {
            html.Append(cell.Type switch
            {
                Cell.Markdown => $"<section class=\"prose\" id=\"{Encode(Anchor(index))}\">{Prose.ToHtml(cell, IsTitle(cell))}</section>\n",
                Cell.Raw => RawHtml(cell),
                _ => CodeHtml(cell, Anchor(index), shown),
            });
        }

        return html.Append("</details>\n").ToString();
    }

    private string Outcome()
    {
        var html = new StringBuilder();
        if (Result.ExitCode != 0)
            html.Append(CultureInfo.InvariantCulture, $"<span class=\"status bad\">{Encode($"{Result.Name}: {Result.Status}")}</span>");
        if (Digests.FirstOrDefault() is not { } digest)
            return html.ToString();
        var claims = digest.Claims.Count == 0 ? ""
            : $"{SentenceList.Count(digest.Claims.Count, "statement")} tested: {Scoreboard.Counts(digest.Claims)}";
        var table = digest.PaperTable is { } paperTable ? $"the paper's {paperTable}" : "not in the paper";
        var outcome = string.Join("; ", new[] { table, claims }.Where(part => part.Length > 0));
        return html.Append(CultureInfo.InvariantCulture, $"<span class=\"outcome\">{Encode(outcome)}</span>").ToString();
    }

    private string CodeHtml(Cell cell, string anchor, IDictionary<string, string> shown)
    {
        var language = _notebook.LanguageOf(cell);
        var count = cell.ExecutionCount?.ToString(CultureInfo.InvariantCulture) ?? " ";
        var source = language == NotebookLanguage.CSharp ? CodeHighlighter.ToHtml(cell.Source) : Encode(cell.Source);
        var isOpen = cell.Outputs.Any(output => output is Output.Error) ? " open" : "";
        var html = new StringBuilder($"<section class=\"code\" id=\"{Encode(anchor)}\">");
        html.Append(CultureInfo.InvariantCulture, $"<details class=\"source\"{isOpen}><summary>code [{count}]</summary>");
        html.Append(CultureInfo.InvariantCulture, $"<pre>{source}</pre></details>\n");
        if (NotRun(cell, language) is { } reason)
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"placeholder\">{Encode(reason)}</p>\n");
        if (ShownElsewhere(cell, anchor, shown) is { } reference)
            html.Append(reference);
        else
            foreach (var output in cell.Outputs)
                html.Append(OutputHtml.Render(output));
        return html.Append("</section>\n").ToString();
    }

    /// <summary>
    /// Where the report shows the output of a cell, if it is not here: costs in the appendix, and each confusion matrix once. Null
    /// otherwise.
    /// </summary>
    private string? ShownElsewhere(Cell cell, string anchor, IDictionary<string, string> shown)
    {
        if (Digests.Count > 0 && CostsCall().IsMatch(cell.Source))
            return "<p class=\"placeholder\">The costs are in <a href=\"#appendix\">the appendix</a>.</p>\n";
        if (ConfusionCall().Match(cell.Source) is not { Success: true } call
            || Digests.SelectMany(digest => digest.Variants).FirstOrDefault(v => v.Name == call.Groups[1].Value) is not { } variant)
            return null;
        if (shown.TryAdd(variant.Identity, anchor))
            return null;
        var first = Encode(shown[variant.Identity]);
        return $"<p class=\"placeholder\">The same answers as in <a href=\"#{first}\">this confusion matrix</a>.</p>\n";
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
        "text/markdown" => $"<section class=\"prose\">{Prose.ToHtml(cell, withoutTitle: false)}</section>\n",
        _ => $"<pre class=\"raw\">{Encode(cell.Source)}</pre>\n",
    };

    /// <summary>Whether a cell begins with the heading that is the section's title.</summary>
    private bool IsTitle(Cell cell) => cell == _notebook.Cells.FirstOrDefault(c => c.Type == Cell.Markdown)
        && Heading().Match(cell.Source) is { Success: true, Index: 0 };

    private IEnumerable<string> Html() => _notebook.CodeCells.SelectMany(cell => cell.Outputs.OfType<Output.Data>())
        .Select(data => data.Mime.GetValueOrDefault("text/html", ""));

    private string Anchor(int index) => string.Create(CultureInfo.InvariantCulture, $"{Result.Name}-{index + 1}");

    private static string Plain(string heading) => heading.Replace("`", "", StringComparison.Ordinal);

    private static string Encode(string text) => HtmlText.Encode(text);

    [GeneratedRegex(@"^(#{1,3})\s+(.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*\w+\.Costs\(\);?\s*$")]
    private static partial Regex CostsCall();

    [GeneratedRegex(@"^\s*\w+\.Confusion\(""([^""]+)""\);?\s*$")]
    private static partial Regex ConfusionCall();
}
