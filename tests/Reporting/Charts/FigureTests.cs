using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DeviceId.Reporting;
using SkiaSharp;

namespace DeviceId.Tests.Reporting;

public sealed class FigureTests : IDisposable
{
    private const int TitleRows = 60;
    private const int DarkBelow = 100;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => [.. ExampleFigures.All.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryKindOfChartIsAPngInSeveralColoursWithItsTitleAtTheTop(string kind)
    {
        var figure = ExampleFigures.All[kind];
        figure.Save(_folder.File("chart.png"));
        using var picture = SKBitmap.Decode(_folder.File("chart.png"));
        Assert.Equal(2 * StaticRendering.WidthPixels, picture.Width);
        var colours = picture.Pixels.Distinct().Count();
        Assert.True(colours > 20, $"{colours} colours");
        // A title of 13 letters has some hundreds of dark pixels; the control is the same figure without a title.
        var ink = DarkPixels(picture);
        Assert.True(ink > 300, $"{ink} dark pixels where the title is");
        using var untitled = SKBitmap.Decode(StaticRendering.Png(new Figure("", figure.Panels, figure.HeightPixels)));
        Assert.True(picture.Height > untitled.Height);
    }

    [Fact]
    public void TheColoursOfTheLinesAreThoseOfTheDescription()
    {
        using var picture = SKBitmap.Decode(StaticRendering.Png(ExampleFigures.All["lines"]));
        var colours = picture.Pixels.ToHashSet();
        Assert.All(ChartColours.Lines.Take(2), colour => Assert.Contains(SKColor.Parse(colour), colours));
        Assert.DoesNotContain(SKColor.Parse(ChartColours.Lines[2]), colours);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnIntervalExtendsAsFarAsItsEnds(bool isHorizontal)
    {
        // The long side of the interval is at the right, or at the top.
        var point = new PointsMark([0], [0])
        {
            Intervals = ([1], [4]), HasHorizontalIntervals = isHorizontal, Symbol = Symbol.None, Colour = ChartColours.Lines[1],
        };
        var axis = new Axis("") { Range = (-5, 5) };
        using var picture = SKBitmap.Decode(StaticRendering.Png(new Figure("", [new Panel(axis, axis, [point])], 400)));
        var (colour, pixels) = (SKColor.Parse(ChartColours.Lines[1]), picture.Pixels);
        var places = Enumerable.Range(0, picture.Width * picture.Height).Where(i => pixels[i] == colour)
            .Select(i => isHorizontal ? i % picture.Width : picture.Height - (i / picture.Width)).ToList();
        var length = isHorizontal ? picture.Width : picture.Height;
        // The middle of the axes is a bit to the right of, and above, the middle of the picture.
        Assert.InRange(places.Max() - (length / 2), 0.3 * length, 0.5 * length);
        Assert.InRange((length / 2) - places.Min(), 0, 0.15 * length);
    }

    [Fact]
    public void RowZeroOfAHeatMapIsAtTheBottomAndOfAConfusionMatrixAtTheTop()
    {
        var (first, last) = (SKColor.Parse(ChartColours.Viridis[0]), SKColor.Parse(ChartColours.Viridis[^1]));
        using var map = SKBitmap.Decode(StaticRendering.Png(ExampleFigures.All["heat map"]));
        // The lower left cell has the smallest value, the upper right one the largest.
        Assert.Equal(first, map.GetPixel(map.Width / 4, map.Height * 3 / 4));
        Assert.Equal(last, map.GetPixel(map.Width * 3 / 4, map.Height / 4));
        using var matrix = SKBitmap.Decode(StaticRendering.Png(ExampleFigures.All["confusion"]));
        // Correct answers are on the diagonal from the upper left to the lower right.
        Assert.Equal(last, matrix.GetPixel(matrix.Width / 4, matrix.Height / 4));
        Assert.Equal(first, matrix.GetPixel(matrix.Width / 4, matrix.Height * 3 / 4));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryKindOfChartIsAnSvgDocumentWhoseTextIsText(string kind)
    {
        ExampleFigures.All[kind].Save(_folder.File("chart.svg"));
        var document = XDocument.Load(_folder.File("chart.svg"));
        Assert.Equal("svg", document.Root!.Name.LocalName);
        var texts = document.Descendants().Where(element => element.Name.LocalName == "text").ToList();
        Assert.Contains(texts, text => text.Value.Trim() == ExampleFigures.Title);
        // A text in another font would be missing on a machine without fonts.
        Assert.All(texts, text => Assert.StartsWith("Inter,", text.Attribute("font-family")?.Value, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryKindOfChartIsAPdfDocumentOfOnePage(string kind)
    {
        ExampleFigures.All[kind].Save(_folder.File("chart.pdf"));
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(_folder.File("chart.pdf")));
        Assert.StartsWith("%PDF-", text, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(text, @"/Type\s*/Page\b"));
        Assert.Contains("/FontFile2", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chart.jpg")]
    [InlineData("chart")]
    [InlineData("chart.png.txt")]
    public void OtherEndingsAreRefusedWithTheOnesThatThereAre(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => ExampleFigures.All["lines"].Save(_folder.File(name)));
        Assert.Contains("saved as .svg, .pdf or .png", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        Assert.Throws<ArgumentException>(() => ExampleFigures.All["lines"].Save(" "));
    }

    [Fact]
    public void ASentenceInsteadOfAChartIsNotSaved()
    {
        var error = Assert.Throws<ArgumentException>(() => HtmlFragment.Sentence("snow: not tested.").Save(_folder.File("chart.svg")));
        Assert.Contains("not a chart but: snow: not tested.", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void SavingMakesTheFolderReplacesTheFileAndLeavesNothingElse()
    {
        var path = _folder.File("figures/new/chart.PNG");
        ExampleFigures.All["lines"].Save(path);
        var before = File.ReadAllBytes(path);
        ExampleFigures.All["strips"].Save(path);
        Assert.NotEqual(before, File.ReadAllBytes(path));
        Assert.Equal(path, Assert.Single(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories)));
    }

    [Fact]
    public void ThePictureOfAFigureIsTheSameEachTime() =>
        Assert.Equal(StaticRendering.Pdf(ExampleFigures.All["ranking"]), StaticRendering.Pdf(ExampleFigures.All["ranking"]));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryKindOfChartIsInteractiveHtmlWithThePictureInside(string kind)
    {
        var html = ExampleFigures.All[kind].ToHtml();
        Assert.Contains("window.Plotly.newPlot(id, data, dress(layout)", html, StringComparison.Ordinal);
        Assert.Contains($">{ExampleFigures.Title}</figcaption>", html, StringComparison.Ordinal);
        Assert.Contains($"alt=\"{ExampleFigures.Title}\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", Regex.Replace(html, "base64,[^\"]+", ""), StringComparison.OrdinalIgnoreCase);
        var encoded = Regex.Match(html, "src=\"data:image/png;base64,([^\"]+)\"").Groups[1].Value;
        using var picture = SKBitmap.Decode(Convert.FromBase64String(encoded));
        Assert.Equal(1.5 * StaticRendering.WidthPixels, picture.Width);
    }

    [Fact]
    public void TheTextIsInTheFontBesideTheLibrarySoAServerWithoutFontsHasText()
    {
        Assert.True(File.Exists(ShippedFile.Find(StaticFont.FileName)), "the build has not extracted the font");
        Assert.Equal("Inter", StaticFont.Family);
        Assert.All("aZ09 %(),.\u2212\u2190\u2192\u00b1\u00e4\u00df",
            letter => Assert.True(StaticFont.Typeface.ContainsGlyph(letter), $"{letter}"));
    }

    private static int DarkPixels(SKBitmap picture)
    {
        var dark = 0;
        for (var y = 0; y < TitleRows; y++)
            for (var x = 0; x < picture.Width; x++)
                dark += picture.GetPixel(x, y).Red < DarkBelow ? 1 : 0;
        return dark;
    }
}
