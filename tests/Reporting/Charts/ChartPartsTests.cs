using System.Globalization;
using System.Text.RegularExpressions;
using DeviceId.Reporting;

namespace DeviceId.Tests.Reporting;

/// <summary>Axes, colours, numbers and labels of charts.</summary>
public sealed class ChartPartsTests
{
    [Theory]
    [InlineData("#ffffff")]
    [InlineData("#15191d")] // the report's dark page
    public void EveryLineHasAContrastOfThreeToOneWithThePage(string page)
    {
        Assert.Contains(page, ResourceText("report.css") + "#ffffff", StringComparison.Ordinal);
        Assert.All(ChartColours.Lines.Append(ChartColours.Reference), colour =>
            Assert.True(Contrast(colour, page) >= 3, $"{colour} on {page}: {Contrast(colour, page):0.00}"));
    }

    [Theory]
    [InlineData(0.03, 4, "0.05 0.1 0.2 0.5 1 2")]
    [InlineData(1, 10, "1 2 5 10")]
    [InlineData(0.001, 1000, "0.001 0.01 0.1 1 10 100 1000")]
    public void TicksOfALogarithmicAxisAreRoundNumbers(double from, double to, string expected)
    {
        var ticks = Axis.LogarithmicTicks((from, to));
        Assert.Equal(expected, string.Join(' ', ticks.Select(tick => tick.Label)));
        Assert.All(ticks, tick => Assert.Equal(double.Parse(tick.Label, CultureInfo.InvariantCulture), tick.Position, 1e-9));
    }

    [Theory]
    [InlineData(-0.5, "\u22120.5")]
    [InlineData(0, "0")]
    [InlineData(0.30000000000000004, "0.3")]
    [InlineData(12000, "12000")]
    [InlineData(-0.00002, "\u22122e\u22125")]
    public void NumbersHaveMinusSignsAndNoRoundingErrors(double value, string expected) => Assert.Equal(expected, ChartNumber.Text(value));

    [Fact]
    public void AnAxisFitsItsValuesAndIgnoresThoseThatItCannotShow()
    {
        var (from, to) = new Axis("x").RangeOf([1, double.NaN, 3, double.PositiveInfinity], padding: 0.5);
        Assert.Equal((0, 4), (from, to));
        (from, to) = new Axis("x") { IsLogarithmic = true }.RangeOf([-1, 0, 1, 100], padding: 0.5);
        Assert.Equal(0.1, from, 1e-9);
        Assert.Equal(1000, to, 1e-9);
        Assert.Equal((0, 1), new Axis("x").RangeOf([], padding: 0.5));
        (from, to) = new Axis("x").RangeOf([7, 7], padding: 0.5);
        Assert.True(from < 7 && to > 7);
    }

    [Fact]
    public void AnOutlierIsAnArrowAndDoesNotSqueezeTheAxis()
    {
        var figure = Charts.Ranking("t", "accuracy (%)", ["a", "b", "c", "d", "e"],
            [new("segments", [90, 91, 92, 10.25, 93], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1])]);
        var panel = Assert.Single(figure.Panels);
        Assert.InRange(panel.XRange.From, 88, 89);
        Assert.InRange(panel.XRange.To, 94, 95);
        var points = panel.Marks.OfType<PointsMark>().ToList();
        Assert.Equal([90, 91, 92, 93], points[0].X);
        Assert.Equal("\u2190 10.25", Assert.Single(points[1].Labels!));
        Assert.Equal(3, Assert.Single(points[1].Y));
        Assert.Contains("\u2190 10.25", figure.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void ValuesThatAreMerelySpreadAreNoOutliers()
    {
        (double, double)[] Intervals(double[] values) => [.. values.Select(value => (value - 1, value + 1))];
        double[] spread = [10, 30, 50, 70, 90];
        Assert.Null(AxisWithoutOutliers.Ends(spread, Intervals(spread)));
        // Two of four would be half of the values.
        double[] halves = [10, 11, 90, 91];
        Assert.Null(AxisWithoutOutliers.Ends(halves, Intervals(halves)));
        Assert.Null(AxisWithoutOutliers.Ends([], []));
        Assert.Null(AxisWithoutOutliers.Ends([5, 5, 5, 5], [(5, 5), (5, 5), (5, 5), (5, 5)]));
        double[] below = [1, 80, 81, 82, 83], above = [80, 81, 82, 83, 400];
        Assert.True(AxisWithoutOutliers.Ends(below, Intervals(below))!.Value.From > 70);
        Assert.True(AxisWithoutOutliers.Ends(above, Intervals(above))!.Value.To < 90);
    }

    [Fact]
    public void LabelsAvoidTheEdgeAndEachOther()
    {
        Assert.Equal([LabelSide.Right], LabelPlacement.Place([(0.1, 0.5, 0.4, 0.6)], ["a name"]));
        Assert.Equal([LabelSide.Left], LabelPlacement.Place([(0.99, 0.5, 0.4, 0.6)], ["a name"]));
        // The second point is where the first one's label would be on the right.
        var sides = LabelPlacement.Place([(0.4, 0.5, 0.5, 0.5), (0.45, 0.5, 0.5, 0.5)], ["a name", "another"]);
        Assert.Equal([LabelSide.Left, LabelSide.Right], sides);
        Assert.Empty(LabelPlacement.Place([], []));
    }

    [Fact]
    public void ManyLinesHaveAPanelEachWithTheSameAxesAndTheFirstLineInGrey()
    {
        Series Line(int i) => new($"net {i}", [1, 2], [i, 2 * i]);
        var few = (Figure)Charts.Lines("t", "x", "y", [.. Enumerable.Range(1, 6).Select(Line)]);
        Assert.Single(few.Panels);
        var many = (Figure)Charts.Lines("t", "x", "y", [.. Enumerable.Range(1, 8).Select(Line)]);
        Assert.Equal(["net 2", "net 3", "net 4", "net 5", "net 6", "net 7", "net 8"], many.Panels.Select(panel => panel.Title));
        Assert.Single(many.Panels.Select(panel => (panel.XRange, panel.YRange)).Distinct());
        Assert.All(many.Panels, panel => Assert.Equal(("net 1", ChartColours.Reference), (panel.Marks[0].Name, panel.Marks[0].Colour)));
        Assert.Equal("net 1", Assert.Single(many.Legend).Name);
        Assert.Contains("\"xaxis7\"", many.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheReliabilityChartShowsHowManyAnswersEachBinHas()
    {
        var panels = ExampleFigures.All["reliability"].Panels;
        var bars = Assert.IsType<BarsMark>(Assert.Single(panels[1].Marks));
        Assert.Equal([1, 1, 2], bars.Heights);
        // The bin of 0.9 is the 14th of 15.
        Assert.Equal(90, bars.X[^1], 1e-9);
    }

    [Fact]
    public void ChanceIsALineInTheChartOfAccuracies()
    {
        var line = Assert.Single(ExampleFigures.All["accuracies"].Panels[0].Marks.OfType<LineMark>());
        Assert.Equal(("chance", 10, 10), (line.Name, line.X[0], line.X[1]));
        Assert.Empty(((Figure)Charts.Accuracies("t", [("a", new(9, 10))])).Panels[0].Marks.OfType<LineMark>());
    }

    private static string ResourceText(string name) =>
        File.ReadAllText(Path.Combine(TestPaths.Root, "notebooks", "runner", "Report", name));

    /// <summary>Contrast ratio of two colours as in the WCAG.</summary>
    private static double Contrast(string one, string other)
    {
        var luminances = new[] { one, other }.Select(Luminance).Order().ToArray();
        return (luminances[1] + 0.05) / (luminances[0] + 0.05);
    }

    private static double Luminance(string colour)
    {
        var parts = Regex.Matches(colour, "[0-9A-Fa-f]{2}").Select(part => Convert.ToInt32(part.Value, 16) / 255.0)
            .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4)).ToArray();
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }
}
