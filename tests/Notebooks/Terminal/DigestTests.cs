using DeviceId.Experiments;
using DeviceId.Notebooks.Process;
using DeviceId.Notebooks.Report;
using DeviceId.Notebooks.Terminal;
using DeviceId.Reporting;
using DeviceId.Tests.Reporting.Article;

namespace DeviceId.Tests.Notebooks.Terminal;

public sealed class DigestTests
{
    private static readonly ExperimentDigest Tested = Digests.Experiment("one", -10, 1e-6,
        Digests.Claim("one variant", "one reference", -66, VerdictKind.ConfirmedInDirection),
        Digests.Claim("one variant", "one reference", null, VerdictKind.CannotTell));

    [Fact]
    public void AGoodRunIsFiveLines()
    {
        var lines = Digest([Result("a", 65), Result("b", 130)], [Tested]).Lines(width: null).ToList();
        string[] expected =
        [
            "Ran       2 notebooks, size quick: all ok",
            "Verdicts  of 2 statements of the paper: 1 confirmed in direction, not in size, 1 cannot tell",
            "Report    results/latest/report.html",
            "Took      3 min 20 s, longest b (2 min 10 s); peak memory 512 MB",
            "Next      open the report",
        ];
        Assert.Equal(expected, lines);
    }

    [Fact]
    public void OneStatementIsNotPluralAndNoneIsSaid()
    {
        string Verdicts(params ExperimentDigest[] experiments) => Digest([Result("a", 1)], experiments).Lines(width: null).ElementAt(1);
        Assert.Equal("Verdicts  of 1 statement of the paper: 1 cannot tell", Verdicts(Tested with { Claims = [Tested.Claims[1]] }));
        Assert.Equal("Verdicts  no statement of the paper was tested", Verdicts());
    }

    [Fact]
    public void AFailureAndAStopSayWhatToDo()
    {
        var failed = Digest([Result("a", 5), Result("b", 5, ExitCode.CellFailed)], []).Lines(width: null).ToList();
        Assert.Equal("Ran       2 notebooks, size quick: 1 ok, 1 failed", failed[0]);
        Assert.Equal("Next      see the error of b above, mend it, and run it again", failed[4]);
        var stopped = Digest([Result("a", 5), Result("b", 0, ExitCode.Interrupted)], []).Lines(width: null).ToList();
        Assert.Equal("Ran       2 notebooks, size quick: 1 ok, 1 stopped or not reached", stopped[0]);
        Assert.StartsWith("Next      the same command again", stopped[4], StringComparison.Ordinal);
    }

    [Fact]
    public void At80ColumnsLinesAreBrokenBetweenWordsUnderTheirText()
    {
        var lines = Digest([Result("a", 65), Result("b", 130)], [Tested]).Lines(80).ToList();
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.StartsWith("          ", lines[2], StringComparison.Ordinal);
    }

    private static Digest Digest(IReadOnlyList<NotebookResult> results, IReadOnlyList<ExperimentDigest> experiments) => new(
        "2 notebooks, size quick", results, experiments, Path.Combine(Environment.CurrentDirectory, "results", "latest", "report.html"),
        TimeSpan.FromSeconds(200), "open the report");

    private static NotebookResult Result(string name, int seconds, int code = ExitCode.Success) =>
        new(name, null, code, TimeSpan.FromSeconds(seconds), 512L << 20);
}
