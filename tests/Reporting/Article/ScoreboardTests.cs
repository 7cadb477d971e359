using DeviceId.Experiments;
using DeviceId.Reporting;
using static DeviceId.Tests.Reporting.Article.Digests;

namespace DeviceId.Tests.Reporting.Article;

/// <summary>The scoreboard: every claim once, with its verdict and its reason, and the picture with the same numbers.</summary>
public sealed class ScoreboardTests
{
    private static readonly Scoreboard Board = new(
    [
        Experiment("one", -10, 1e-6, Claim("a", "b", -66, VerdictKind.ConfirmedInDirection, "b is 66 points above a")),
        Experiment("two", -10, 1e-6, Claim("c", "d", null, VerdictKind.CannotTell), Claim("e <i>", "f", -4, VerdictKind.Contradicted),
            Claim("g", "h", 0, VerdictKind.CannotTell)),
        Experiment("none", -10),
    ]);

    [Fact]
    public void EveryClaimHasItsRowWithThePapersNumberOursTheVerdictAndTheReason()
    {
        var table = Board.Table();
        Assert.Equal(["1", "2", "3", "4"], table.Rows.Select(row => row[0]));
        string[] first =
            ["1", "b is 66 points above a", "a − b", "-5.0 [-7.0, -3.0]", "confirmed in direction, not in size", "a reason", "-66", "1"];
        Assert.Equal(first, table.Rows[0]);
        Assert.Equal(["-66", "below 0", "-4", "0"], table.Rows.Select(row => row[6]));
    }

    [Fact]
    public void TheVerdictsAreCounted()
    {
        Assert.Equal("4 statements of the paper can be tested here: 1 confirmed in direction, not in size, 1 contradicted, 2 cannot tell.",
            Board.Summary());
        Assert.Contains("<span class=\"open\" style=\"flex:2\">2</span>", Board.Bar(), StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"confirmed\"", Board.Bar(), StringComparison.Ordinal);
        Assert.StartsWith("1 statement of", new Scoreboard([Experiment("x", 1, 1, Claim("a", "b", 1, VerdictKind.Confirmed))]).Summary(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ThePictureHasARowForEachClaimAndThePapersDifferencesOnTheSameAxis()
    {
        var html = Board.Forest().ToHtml();
        foreach (var label in new[] { "a − b  1", "c − d  2", "g − h  4" })
            Assert.Contains(label, html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", html, StringComparison.Ordinal);
        // The square roots of 5, 66 and 4.
        foreach (var position in new[] { "-2.2361", "-8.124", "-2.0" })
            Assert.Contains(position, html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-66, -8.124)]
    [InlineData(0.25, 0.5)]
    [InlineData(0, 0)]
    public void TheAxisKeepsSignAndZero(double points, double position) => Assert.Equal(position, ForestPlot.Scale(points), 4);
}
