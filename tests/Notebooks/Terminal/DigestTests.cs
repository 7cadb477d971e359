using DeviceId.Notebooks.Process;
using DeviceId.Notebooks.Report;
using DeviceId.Notebooks.Terminal;

namespace DeviceId.Tests.Notebooks.Terminal;

public sealed class DigestTests
{
    private static readonly ResultTable Claims = new("The paper's statements", ["the paper says", "compared", "verdict"],
    [
        ["a", "x against y", "confirmed (within 1 point)"], ["b", "x against z", "confirmed in direction, not in size"],
        ["c", "y against z", "contradicted: so large a difference would have shown"], ["d", "y against w", "contradicted"],
        ["e", "y against v", "cannot tell: needs about 3,600 test recordings"], ["f", "y against u", "confirmed"],
    ], "");

    private static readonly ResultTable Other = new("Costs", ["variant", "parameters"], [["PSTNN", "1"]], "");

    [Fact]
    public void AGoodRunIsFiveLines()
    {
        var lines = Digest([Result("a", 65), Result("b", 130)], [Claims, Other]).Lines(width: null).ToList();
        string[] expected =
        [
            "Ran       2 notebooks, size quick: all ok",
            "Verdicts  of 6 statements of the paper: 2 confirmed, 1 in direction only, 2 contradicted, 1 undecided",
            "Report    results/latest/report.html",
            "Took      3 min 20 s, longest b (2 min 10 s); peak memory 512 MB",
            "Next      open the report",
        ];
        Assert.Equal(expected, lines);
    }

    [Fact]
    public void EqualStatementsCountOnceAndOneIsNotPlural()
    {
        var one = Claims with { Rows = [Claims.Rows[0]] };
        Assert.StartsWith("of 1 statement of the paper: 1 confirmed,", Scoreboard.Describe([one, one, Other]), StringComparison.Ordinal);
        Assert.Equal("no statement of the paper was tested", Scoreboard.Describe([Other]));
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
        var lines = Digest([Result("a", 65), Result("b", 130)], [Claims]).Lines(80).ToList();
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.StartsWith("          ", lines[2], StringComparison.Ordinal);
    }

    private static Digest Digest(IReadOnlyList<NotebookResult> results, IReadOnlyList<ResultTable> tables) => new(
        "2 notebooks, size quick", results, tables, Path.Combine(Environment.CurrentDirectory, "results", "latest", "report.html"),
        TimeSpan.FromSeconds(200), "open the report");

    private static NotebookResult Result(string name, int seconds, int code = ExitCode.Success) =>
        new(name, null, code, TimeSpan.FromSeconds(seconds), 512L << 20);
}
