using DeviceId.Experiments;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Report;
using DeviceId.Reporting;
using DeviceId.Tests.Reporting.Article;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Notebooks.Report;

/// <summary>The report as an article, from executed notebooks that carry digests of experiments.</summary>
public sealed class ArticleTests : IDisposable
{
    private static readonly ExperimentDigest One = Digests.Experiment("one", -10, 1e-6,
        Digests.Claim("one variant", "one reference", -66, VerdictKind.ConfirmedInDirection, "the reference is 66 points above"));

    private static readonly ExperimentDigest Two = Digests.Experiment("two", 30, 1e-6,
        Digests.Claim("two variant", "two reference", null, VerdictKind.CannotTell));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TitleQuestionScoreboardDifferencesFindingsExperimentsAndCostsFollowInThisOrder()
    {
        var html = Render(Notebook("01-one", One), Notebook("02-two", Two));
        var places = new[]
        {
            "<h1>Which phone made this recording?</h1>", "<strong>Question.</strong>", "id=\"scoreboard\"",
            "2 statements of the paper can be tested here: 1 confirmed in direction, not in size, 1 cannot tell.",
            "<td style=\"text-align:left\">the reference is 66 points above</td>", "id=\"differences\"", "class=\"deviceid-chart\"",
            "id=\"findings\"", "<li>two: two variant identifies more", "<li>one: one variant identifies fewer",
            "<details class=\"experiment\" id=\"01-one\"><summary><h2>Notebook 01-one</h2>", "<details class=\"experiment\" id=\"02-two\">",
            "id=\"appendix\"", "Costs: one", "Costs: two",
        }.Select(text => html.IndexOf(text, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public void AnExperimentThatTwoNotebooksShowCountsOnce() => Assert.Contains(
        "1 statement of the paper can be tested here", Render(Notebook("01-one", One), Notebook("02-again", One)));

    [Fact]
    public void CodeIsFoldedExceptWhereItFailed()
    {
        var failed = Code("throw null;");
        failed.Outputs.Add(new Output.Error("E", "m", ["trace"]));
        var html = Render(Written("a", Prose("# A"), Code("var a = 1;")), Written("b", Prose("# B"), failed));
        Assert.Contains("<details class=\"source\"><summary>code [ ]</summary><pre><span class=\"k\">var</span>", html);
        Assert.Contains("<details class=\"source\" open><summary>code [ ]</summary><pre><span class=\"k\">throw</span>", html);
    }

    [Fact]
    public void AConfusionMatrixIsShownOnceAndCostsAreInTheAppendix()
    {
        var other = One with { Id = "other", Title = "other" };
        Cell[] Cells(string text) => [Shown("comparison.Confusion(\"one reference\")", text), Shown("comparison.Costs()", text + " costs")];
        var html = Render(Notebook("01-one", One, Cells("first matrix")), Notebook("02-other", other, Cells("second matrix")),
            Notebook("03-two", Two, Shown("comparison.Confusion(\"two reference\")", "third matrix")));
        Assert.Contains("first matrix", html);
        Assert.Contains("third matrix", html);
        Assert.DoesNotContain("second matrix", html);
        Assert.Contains("<a href=\"#01-one-3\">this confusion matrix</a>", html);
        Assert.DoesNotContain("matrix costs", html);
        Assert.Contains("The costs are in <a href=\"#appendix\">the appendix</a>", html);
    }

    [Fact]
    public void ThatRecordingsAreSimulatedIsSaidFirst()
    {
        const string Warning =
            "<p class=\"warning\">The recordings are simulated: nothing on this page says anything about real phones.</p>";
        var simulated = One with { Corpus = One.Corpus with { IsSimulated = true } };
        var html = Render(Notebook("01-one", simulated));
        Assert.InRange(html.IndexOf(Warning, StringComparison.Ordinal), 1, html.IndexOf("<strong>Question.", StringComparison.Ordinal));
        var table = new DeviceId.Reporting.ResultTable("T", "a").Row("x").WithNote("Simulated recordings (4 devices): a stand-in.");
        Assert.Contains(Warning, Render(Written("00", Prose("# Tour"), Shown("table", table.ToHtml()))));
        Assert.DoesNotContain("class=\"warning\"", Render(Notebook("01-one", One)));
        Assert.Contains("The recordings of 01-one are simulated: these sections say nothing about real phones.",
            Render(Notebook("01-one", simulated), Notebook("02-two", Two)));
    }

    [Fact]
    public void ASingleNotebookWithoutExperimentIsUnfoldedAndHasNoScoreboard()
    {
        var html = Render(Written("own", Prose("# My `own` notebook\n\ntext"), Code("1")));
        Assert.Contains("<h1>My own notebook</h1>", html);
        Assert.Contains("<details class=\"experiment\" id=\"own\" open>", html);
        foreach (var absent in new[] { "id=\"scoreboard\"", "id=\"findings\"", "Question." })
            Assert.DoesNotContain(absent, html);
    }

    [Fact]
    public void WithoutASignificantDifferenceTheReportSaysSo() =>
        Assert.Contains("No variant differs significantly from the reference of its experiment.",
            Render(Notebook("01", Digests.Experiment("one", 0.5))));

    [Fact]
    public void ANotebookThatFailedIsUnfoldedAndSaysSo()
    {
        var (good, bad) = (Notebook("01-one", One), Notebook("02-two", Two) with { ExitCode = 1 });
        var html = Render(good, bad);
        Assert.Contains("<details class=\"experiment\" id=\"01-one\">", html);
        Assert.Contains("<details class=\"experiment\" id=\"02-two\" open>", html);
        Assert.Contains("<span class=\"status bad\">02-two: ", html);
    }

    private static string Render(params NotebookResult[] results) => HtmlReport.Render(results);

    private NotebookResult Notebook(string name, ExperimentDigest digest, params Cell[] cells) =>
        Written(name, [Prose($"# Notebook {name}"), Shown("comparison.Table()", digest.ToHtml()), .. cells]);

    private NotebookResult Written(string name, params Cell[] cells) =>
        new(name, Write(_folder, name + ".ipynb", cells), 0, TimeSpan.FromSeconds(1), 1 << 20);

    private static Cell Shown(string source, string html)
    {
        var cell = Code(source);
        cell.Outputs.Add(new Output.Data(new Dictionary<string, string> { ["text/html"] = html }, IsResult: true));
        return cell;
    }
}
