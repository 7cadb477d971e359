using System.Globalization;
using System.Text.Json;
using DeviceId.Evaluation;
using DeviceId.Reporting;
using Microsoft.Data.Analysis;

namespace DeviceId.Tests.Reporting;

public sealed class ResultTableTests
{
    private const double Third = 100.0 / 3;

    [Fact]
    public void NumbersArePrintedRoundedAndStoredUnrounded()
    {
        var table = new ResultTable("T", "name", "count", "share (%)", "plain").Row("a", 3, new Number(Third, "0.0"), Third);
        Assert.Equal(["a", "3", "33.3", "33.333333333333336"], table.Rows[0]);
        var frame = table.ToDataFrame();
        Assert.Equal(["name", "count", "share (%)", "plain"], Names(frame));
        Assert.IsType<StringDataFrameColumn>(frame["name"]);
        Assert.Equal(3L, Assert.IsType<Int64DataFrameColumn>(frame["count"])[0]);
        Assert.Equal(Third, Assert.IsType<DoubleDataFrameColumn>(frame["share (%)"])[0]);
        Assert.Equal(Third, Assert.IsType<DoubleDataFrameColumn>(frame["plain"])[0]);
    }

    [Fact]
    public void AnEstimateBecomesThreeColumnsWithTheUnitOfTheHeading()
    {
        var table = new ResultTable("T", "segments (%)").Row(Estimate.FromProportion(1 / 3.0, new Interval(0.3126, 0.35, 0.95)));
        Assert.Equal("33.3 [31.3, 35.0]", table.Rows[0][0]);
        var frame = table.ToDataFrame();
        Assert.Equal(["segments (%)", "segments, low (%)", "segments, high (%)"], Names(frame));
        Assert.Equal([100 * (1 / 3.0), 100 * 0.3126, 100 * 0.35], frame.Rows[0].Cast<double>());
    }

    [Fact]
    public void ATestedDifferenceHasItsPValueInAColumnOfItsOwn()
    {
        var difference = new Estimate(-1.26, -3, 0.54) { Format = Estimate.SignedFormat, PValue = new(0.0341) };
        var table = new ResultTable("T", "difference (points), p").Row(new Missing("reference")).Row(difference)
            .Row(difference with { PValue = new(0.0001), Remark = "by recording" });
        Assert.Equal(
            ["reference", "-1.3 [-3.0, +0.5], p = 0.034", "-1.3 [-3.0, +0.5] by recording, p < 0.001"], table.Rows.Select(row => row[0]));
        var frame = table.ToDataFrame();
        Assert.Equal(["difference (points)", "difference, low (points)", "difference, high (points)", "difference, p"], Names(frame));
        Assert.All(frame.Rows[0], Assert.Null);
        Assert.Equal([-1.26, -3, 0.54, 0.0341], frame.Rows[1].Cast<double>());
        Assert.Equal(0.0001, frame["difference, p"][2]);
    }

    [Fact]
    public void NumbersStandOnTheRightAndSentencesOnTheLeft()
    {
        var table = new ResultTable("T", "name", "n", "paper (%)").Row("a", 3, new Missing("in words: a good deal better than b"))
            .Row("long", 12, new Number(97.5, "0.0"));
        Assert.Equal(["T", "name   n  paper (%)", "----  --  -----------------------------------",
            "a      3  in words: a good deal better than b", "long  12  97.5"], table.ToString().Split('\n'));
        Assert.Contains("| --- | ---: | --- |", table.ToMarkdown(), StringComparison.Ordinal);
        var html = table.ToHtml();
        Assert.Contains("<th style=\"text-align:left\">name</th><th style=\"text-align:right\">n</th>", html, StringComparison.Ordinal);
        Assert.Contains("<td style=\"text-align:right\">12</td><td style=\"text-align:left\">97.5</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void AnAccuracyHasItsUnitAndTheNumberOfAnswers()
    {
        var accuracy = new Accuracy(9, 10);
        var table = new ResultTable("T", "segments").Row(Estimate.FromAccuracy(accuracy)).Row(new Number(94.16, "0.0") { Unit = "%" });
        Assert.Equal([accuracy.ToString(), "94.2 %"], table.Rows.Select(row => row[0]));
        var frame = table.ToDataFrame();
        Assert.Equal(["segments (%)", "segments, low (%)", "segments, high (%)", "segments, n"], Names(frame));
        Assert.Equal([90.0, 100 * accuracy.Interval.Low, 100 * accuracy.Interval.High, 10L], frame.Rows[0]);
        Assert.Equal([94.16, null, null, null], frame.Rows[1]);
    }

    [Fact]
    public void TheFormatDeterminesHowMidpointsAreRounded()
    {
        var estimate = new Estimate(31.25, -18.7499, 1.5);
        Assert.Equal("31.2 [-18.7, 1.5]", estimate.ToString());
        Assert.Equal("31.3 [-18.7, 1.5]", (estimate with { Format = "0.0" }).ToString());
        Assert.Equal("+31.3 [-18.7, +1.5]", (estimate with { Format = Estimate.SignedFormat }).ToString());
        Assert.Equal("1.250 [-18.750, 0.500]", new Estimate(1.25, -18.75, 0.5) { Format = "0.000" }.ToString());
    }

    [Fact]
    public void AMedianIsPrintedWithMinimumAndMaximum()
    {
        var table = new ResultTable("T", "time (ms)").Row(new MedianWithRange(1.26, 1, 2.04)).Row(new Number(7, "0.0"));
        Assert.Equal(["1.3 (1.0 to 2.0)", "7.0"], table.Rows.Select(row => row[0]));
        var frame = table.ToDataFrame();
        Assert.Equal(["time (ms)", "time, min (ms)", "time, max (ms)"], Names(frame));
        Assert.Equal([1.26, 1.0, 2.04], frame.Rows[0].Cast<double>());
        Assert.Equal([7L, null, null], frame.Rows[1].Select(value => value is double d ? (long?)d : null));
    }

    [Fact]
    public void MissingCellsAreEmptyOrNameTheReasonAndAreNullInTheFrame()
    {
        var table = new ResultTable("T", "count", "paper (%)", "text", "nothing").Row(null, new Missing("not stated"), null, null)
            .Row(new Number(114_765_000, "N0"), new Number(97.5, "0.0"), "x", null);
        Assert.Equal(["", "not stated", "", ""], table.Rows[0]);
        Assert.Equal(["114,765,000", "97.5", "x", ""], table.Rows[1]);
        var frame = table.ToDataFrame();
        Assert.All(frame.Rows[0], Assert.Null);
        Assert.Equal([114_765_000L, 97.5, "x", null], frame.Rows[1]);
    }

    [Fact]
    public void AColumnOfTextAndNumbersBecomesFormattedText()
    {
        var frame = new ResultTable("T", "rate (Hz)", "yes").Row("8000, 16000", true).Row(16000, false).Row(new Number(2.46, "0.0"), null)
            .ToDataFrame();
        Assert.Equal(["8000, 16000", "16000", "2.5"], Assert.IsType<StringDataFrameColumn>(frame["rate (Hz)"]));
        Assert.Equal(["True", "False", null], Assert.IsType<StringDataFrameColumn>(frame["yes"]));
    }

    [Fact]
    public void MixedIntegersBecomeDoublesAndAnEmptyTableHasItsColumns()
    {
        var mixed = new ResultTable("T", "x").Row(1).Row(0.5f).ToDataFrame();
        Assert.Equal([1.0, 0.5], Assert.IsType<DoubleDataFrameColumn>(mixed["x"]).Select(value => value!.Value));
        Assert.Equal(["a", "a 2", ""], Names(new ResultTable("T", "a", "a", "").ToDataFrame()));
    }

    [Fact]
    public void TheCellsOfARowAreCopied()
    {
        object?[] cells = [1];
        var table = new ResultTable("T", "a").Row(cells);
        cells[0] = 2;
        Assert.Equal(1, table.Cells[0][0]);
    }

    [Fact]
    public void ARowOfTheWrongLengthIsRefused()
    {
        var table = new ResultTable("T", "a", "b");
        Assert.Contains("2 columns", Assert.Throws<ArgumentException>(() => table.Row(1)).Message, StringComparison.Ordinal);
        Assert.Contains("3 cells", Assert.Throws<ArgumentException>(() => table.Row(1, 2, 3)).Message, StringComparison.Ordinal);
        Assert.Empty(table.Cells);
    }

    [Fact]
    public void ATableIsAlignedInTextAndEncodedInHtml()
    {
        var table = new ResultTable("T", "a", "long heading").Row("x<y", 1.5).Row("z", null).WithNote("n");
        Assert.Equal("T\na    long heading\n---  ------------\nx<y           1.5\nz\nn", table.ToString());
        Assert.Contains("x&lt;y", table.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("&lt;&nbsp;0.001", new ResultTable("T", "p").Row(new PValue(0)).ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void ATableContainsItsPrintedCellsAsSafelyEncodedJson()
    {
        var html = new ResultTable("T", "a", "b").Row("</script><b>", new Estimate(1, 0.26, 2)).ToHtml();
        const string Start = "<script type=\"application/json\" class=\"deviceid-table\">";
        var from = html.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        var json = html[from..html.LastIndexOf("</script>", StringComparison.Ordinal)];
        Assert.DoesNotContain("</script", json, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json);
        var row = document.RootElement.GetProperty("rows")[0];
        Assert.Equal(["</script><b>", "1.0 [0.3, 2.0]"], row.EnumerateArray().Select(cell => cell.GetString()));
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    public void FormattingDoesNotDependOnTheCulture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            var table = new ResultTable("T", "a", "b", "c", "d (I)", "e", "f", "g").Row(
                1.5, new Number(1234.5, "N1"), new Number(114_765_000, "N0"),
                new Estimate(-1.5, -2, 0.5) { PValue = new(0.25), Answers = 1575 }, new PValue(0.5), new MedianWithRange(1.5, 1, 2),
                new DateTime(2026, 1, 31));
            string[] expected =
            [
                "1.5", "1,234.5", "114,765,000", "-1.5 [-2.0, 0.5], p = 0.250, n = 1575", "0.500", "1.5 (1.0 to 2.0)",
                "01/31/2026 00:00:00",
            ];
            Assert.Equal(expected, table.Rows[0]);
            Assert.Contains("d, low (I)", Names(table.ToDataFrame()));
            Assert.Equal(expected[^1], table.ToDataFrame()["g"][0]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static IEnumerable<string> Names(DataFrame frame) => frame.Columns.Select(column => column.Name);
}
