using System.Globalization;
using System.Text;
using DeviceId.Reporting;

namespace DeviceId.Notebooks.Report;

/// <summary>What stands before and after the experiments: title, question, scoreboard, differences, findings, and the appendix.</summary>
/// <param name="sections">All notebooks of the report.</param>
internal sealed class ArticleHtml(IReadOnlyList<NotebookSection> sections)
{
    private readonly IReadOnlyList<ExperimentDigest> _experiments = NotebookSection.Experiments(sections);

    private bool IsReplication => _experiments.Any(experiment => experiment.PaperTable is not null);

    /// <summary>Title of the page.</summary>
    public string Title => IsReplication ? "Which phone made this recording?"
        : sections.Count == 1 ? sections[0].Title : string.Create(CultureInfo.InvariantCulture, $"DeviceId: {sections.Count} notebooks");

    /// <summary>The article up to the experiments.</summary>
    public string Front()
    {
        var html = new StringBuilder($"<h1>{Encode(Title)}</h1>\n");
        if (IsReplication)
            html.Append("<p class=\"subtitle\">The statements of Zeng et al., “Spatial and temporal learning representation for end-to-end "
                + "recording device identification” (EURASIP JASP 2021:41), measured again</p>\n");
        if (Simulated() is { } warning)
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"warning\">{Encode(warning)}</p>\n");
        if (_experiments.Count == 0)
            return html.ToString();
        html.Append(CultureInfo.InvariantCulture, $"<p><strong>Question.</strong> {Encode(Question())}</p>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p><strong>Recordings.</strong> {Encode(Recordings())}</p>\n");
        AddScoreboard(html);
        AddFindings(html);
        return html.ToString();
    }

    /// <summary>The parts of the front with their anchors, for the contents.</summary>
    public IEnumerable<(string Anchor, string Title)> Parts()
    {
        if (_experiments.Any(experiment => experiment.Claims.Count > 0))
        {
            yield return ("scoreboard", "Scoreboard");
            yield return ("differences", "Differences");
        }

        if (_experiments.Count > 0)
            yield return ("findings", "Largest findings");
    }

    /// <summary>The appendix: costs, and how the notebooks ran.</summary>
    public string Appendix()
    {
        var html = new StringBuilder("<section class=\"appendix\" id=\"appendix\"><h2>Appendix: costs and run</h2>\n");
        if (_experiments.Count > 0)
        {
            var costs = new CostTables(_experiments);
            html.Append(CultureInfo.InvariantCulture, $"<p>{Encode(costs.Method())}</p>\n");
            foreach (var table in costs.Tables())
                html.Append(CultureInfo.InvariantCulture, $"<div class=\"output\">{table.ToHtml()}</div>\n");
        }

        html.Append("<h3>The notebooks</h3><ul>\n");
        foreach (var result in sections.Select(section => section.Result))
            html.Append(CultureInfo.InvariantCulture, $"<li>{Encode(Run(result))}</li>\n");
        return html.Append("</ul></section>\n").ToString();
    }

    private void AddScoreboard(StringBuilder html)
    {
        var scoreboard = new Scoreboard(_experiments);
        if (scoreboard.Count == 0)
            return;
        html.Append(CultureInfo.InvariantCulture, $"<h2 id=\"scoreboard\">Scoreboard</h2>\n<p>{Encode(scoreboard.Summary())}</p>\n");
        html.Append(CultureInfo.InvariantCulture, $"{scoreboard.Bar()}\n");
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"output scoreboard\">{scoreboard.Table().ToHtml()}</div>\n");
        html.Append("<section class=\"figure\"><h2 id=\"differences\">Differences</h2>\n<p>The rows have the scoreboard's numbers.</p>\n");
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"output\">{scoreboard.Forest().ToHtml()}</div></section>\n");
    }

    private void AddFindings(StringBuilder html)
    {
        var findings = new LargestFindings(_experiments);
        html.Append("<section class=\"figure\"><h2 id=\"findings\">Largest findings</h2>\n");
        if (findings.Sentences.Count == 0)
            html.Append("<p>No variant differs significantly from the reference of its experiment.</p>\n");
        else
            html.Append(CultureInfo.InvariantCulture,
                $"<ol>{string.Concat(findings.Sentences.Select(sentence => $"<li>{Encode(sentence)}</li>"))}</ol>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p class=\"deviceid-note\"><small>{Encode(findings.Rule)}</small></p></section>\n");
    }

    private string? Simulated()
    {
        var simulated = sections.Where(section => section.IsSimulated || section.Digests.Any(digest => digest.Corpus.IsSimulated)).ToList();
        var real = _experiments.Where(experiment => !experiment.Corpus.IsSimulated).ToList();
        if (simulated.Count == 0)
            return null;
        return real.Count == 0
            ? "The recordings are simulated: nothing on this page says anything about real phones."
            : $"The recordings of {string.Join(", ", simulated.Select(section => section.Result.Name))} are simulated: these sections say "
                + "nothing about real phones.";
    }

    private string Question() => IsReplication
        ? "Can the phone be identified from a short segment of a recording, and do the paper's statements about its network, PSTNN, hold "
            + "for these recordings?"
        : "Which variant identifies more of the recordings?";

    private string Recordings()
    {
        var corpora = _experiments.GroupBy(experiment => (experiment.Corpus.Name, experiment.Corpus.Mark)).Select(group =>
        {
            var corpus = group.MaxBy(experiment => experiment.Corpus.Recordings)!.Corpus;
            var trials = group.SelectMany(experiment => experiment.Variants).SelectMany(variant => variant.Trials)
                .DistinctBy(trial => trial.Key).Count();
            var profiles = string.Join(", ", group.Select(experiment => experiment.Profile).OfType<string>().Distinct());
            return string.Create(CultureInfo.InvariantCulture,
                $"{corpus.Name} (fingerprint {corpus.Mark}): {corpus.Recordings} test recordings of {corpus.Devices} devices, "
                + $"{trials} {(trials == 1 ? "trial" : "trials")}{(profiles.Length > 0 ? $" of the profile {profiles}" : "")}.");
        });
        var main = _experiments.FirstOrDefault(experiment => experiment.PaperTable == "Table 9") ?? _experiments[0];
        var reference = main.Variants[0];
        return string.Join(' ', corpora) + string.Create(CultureInfo.InvariantCulture,
            $" {reference.Name} identifies {reference.Segments:0.0} % of the segments and {reference.Recordings:0.0} % of the recordings "
            + $"correctly.");
    }

    private static string Run(NotebookResult result) => result.PeakBytes == 0 ? $"{result.Name}: {result.Status}"
        : string.Create(CultureInfo.InvariantCulture,
            $"{result.Name}: {result.Status}, {result.Elapsed.TotalSeconds:F1} s, peak memory {result.PeakBytes / 1048576.0:F0} MB");

    private static string Encode(string text) => HtmlText.Encode(text);
}
