using DeviceId.Notebooks.Report;
using DeviceId.Notebooks.Terminal;

namespace DeviceId.Tests.Notebooks.Terminal;

public sealed class TextTableTests
{
    private static readonly ResultTable Comparison = new(
        "PSTNN among other systems: the paper's Table 9 and ours",
        ["variant", "paper (%)", "segments (%)", "recordings (%)", "difference (points), p", "verdict on the paper"],
        [
            ["PSTNN", "97.5 [97.1, 97.9]", "96.3 [94.7, 97.6]", "100.0 [97.9, 100.0]", "reference", ""],
            ["2020 multi-feature CNN (reconstruction)", "not stated", "95.6 [94.0, 97.2]", "99.4 [96.9, 99.9]",
                "-0.5 [-1.7, +0.6], p = 1.000", "cannot tell: needs about 3,600 test recordings"],
            ["GMM-UBM", "97.0 [96.1, 97.9]", "95.8 [93.9, 97.3]", "98.9 [96.0, 99.7]", "-0.5 [-1.9, +0.8], p = 1.000",
                "contradicted: so large a difference would have shown"],
        ],
        "Intervals: 95 %; ours for segments and differences by bootstrap over whole recordings, for recordings by Wilson's formula.");

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(132)]
    public void NoLineIsWiderThanTheTerminalNoWordIsBrokenAndEveryColumnIsShownOrNamed(int width)
    {
        var lines = TextTable.Lines(Comparison, width);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        var words = string.Join(' ', Comparison.Columns.Concat(Comparison.Rows.SelectMany(row => row)).Append(Comparison.Note!))
            .Split(' ').ToHashSet();
        var printed = lines.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var allowed = words.Concat([.. Comparison.Title.Split(' '), .. "Not shown in columns:".Split(' '), $"{width}"])
            .SelectMany(word => new[] { word, word + ";", word + "." }).ToHashSet();
        Assert.DoesNotContain(printed, word => !allowed.Contains(word) && word.Trim('-').Length > 0);
        var all = string.Join('\n', lines);
        Assert.All(Comparison.Columns, column => Assert.Contains(column.Split(' ')[0], all, StringComparison.Ordinal));
    }

    [Fact]
    public void At80ColumnsTheVerdictStaysAndColumnsOfNumbersAreLeftOutFromTheRight()
    {
        var lines = TextTable.Lines(Comparison, 80);
        Assert.Equal("Not shown in 80 columns: recordings (%); difference (points), p.", lines[^1]);
        Assert.Equal(["variant", "paper (%)", "segments (%)", "verdict on the paper"],
            lines[1].Split("  ", StringSplitOptions.RemoveEmptyEntries).Select(heading => heading.Trim()));
    }

    [Fact]
    public void NumbersStandOnTheRightAndTextOnTheLeft()
    {
        var table = new ResultTable("T", ["name", "x"], [["a", "5"], ["long", "12.5"], ["c", "not stated"], ["", "-3"]], "");
        Assert.Equal(["T", "name           x", "----  ----------", "a              5", "long        12.5", "c     not stated",
            "              -3"], TextTable.Lines(table, 80));
    }

    [Fact]
    public void AFileGetsAllColumnsInOneLineEach()
    {
        var lines = TextTable.Lines(Comparison, width: null);
        Assert.Equal(3 + Comparison.Rows.Count + 1, lines.Count);
        Assert.DoesNotContain("Not shown", lines[^1], StringComparison.Ordinal);
        Assert.Contains("contradicted: so large a difference would have shown", lines[5], StringComparison.Ordinal);
    }

    [Fact]
    public void ATableWithoutRowsOrWithShortRowsIsPrinted()
    {
        Assert.Equal(["T", "a  b", "-  -"], TextTable.Lines(new ResultTable("T", ["a", "b"], [], null), 80));
        Assert.Equal("x", TextTable.Lines(new ResultTable("T", ["a", "b"], [["x"]], null), 80)[3]);
    }

    [Fact]
    public void AFirstColumnThatIsTooWideAloneIsStillPrinted() =>
        Assert.Contains("/a/path/without/spaces", TextTable.Lines(
            new ResultTable("T", ["file", "n"], [["/a/path/without/spaces", "1"]], null), 10));
}
