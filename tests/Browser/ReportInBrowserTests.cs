using DeviceId.Tests.Notebooks;
using Microsoft.Playwright;

namespace DeviceId.Tests.Browser;

/// <summary>The HTML report of the committed results, in a browser without network.</summary>
[Trait("Speed", "Slow")]
public sealed class ReportInBrowserTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1280, false)]
    [InlineData(600, true)]
    public async Task WithoutANetworkEveryChartIsDrawnNothingIsRequestedAndNothingOverflows(int width, bool dark)
    {
        await using var chromium = await Chromium.StartAsync();
        var watched = await chromium.OpenAsync(width, offline: true, dark);
        await watched.Page.GotoAsync(await ReportAsync());
        await UnfoldAsync(watched);
        var charts = await watched.ChartsDrawnAsync();
        Assert.True(charts >= 7, $"{charts} charts");
        Assert.Empty(watched.Requests);
        Assert.Empty(watched.Errors);
        Assert.True(await watched.OverflowAsync() <= 0, $"the page is {await watched.OverflowAsync()} pixels too wide");
        // The page follows the preferred colour scheme: mean of the background's red, green and blue.
        var brightness = await watched.Page.EvaluateAsync<double>(
            "() => getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 3");
        Assert.True(dark ? brightness < 80 : brightness > 200, $"background brightness {brightness}");
    }

    [Fact]
    public async Task AClickOnAColumnSortsTheTableAndASecondClickReversesIt()
    {
        await using var chromium = await Chromium.StartAsync();
        var watched = await chromium.OpenAsync(offline: true);
        await watched.Page.GotoAsync(await ReportAsync());
        await UnfoldAsync(watched);
        var table = watched.Page.Locator("details.experiment table:has(th)").First;
        var column = table.Locator("th").Nth(2);
        await column.ClickAsync();
        var once = await ColumnAsync(table, 2);
        await column.ClickAsync();
        var twice = await ColumnAsync(table, 2);
        Assert.True(once.Count >= 3);
        Assert.Equal(once.OrderBy(v => v), once);
        Assert.Equal(twice.OrderByDescending(v => v), twice);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FoldedTheReportIsPrintedOnTwelvePagesAndWhatIsPrintedFitsThePage(bool scripts)
    {
        await using var chromium = await Chromium.StartAsync();
        var watched = await chromium.OpenAsync(offline: true, scripts: scripts);
        await watched.Page.GotoAsync(await ReportAsync());
        if (scripts)
            await watched.ChartsDrawnAsync();
        var pdf = await PrintAsync(watched.Page);
        Assert.True(pdf.Length > 50_000, $"{pdf.Length} bytes");
        if (!scripts)
        {
            // Without scripts the page cannot be asked or changed: these are its pages with the appendix.
            Assert.InRange(Pages(pdf), 3, 12);
            return;
        }

        await watched.Page.AddStyleTagAsync(new() { Content = ".appendix { display: none }" });
        Assert.InRange(Pages(await PrintAsync(watched.Page)), 3, 12);
        // The printed width of A4 within the margins of the style sheet, in pixels of 1/96 inch.
        await watched.Page.SetViewportSizeAsync(680, 900);
        await watched.Page.EmulateMediaAsync(new() { Media = Media.Print });
        var tooWide = await watched.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('table, .deviceid-chart')]"
            + ".filter(e => e.offsetParent && e.getBoundingClientRect().right > 681).map(e => e.innerText.slice(0, 60))");
        Assert.Empty(tooWide);
    }

    [Fact]
    public async Task ALinkIntoAFoldedSectionUnfoldsItAndItsChartsHaveTheSectionsWidth()
    {
        await using var chromium = await Chromium.StartAsync();
        var watched = await chromium.OpenAsync(offline: true);
        await watched.Page.GotoAsync(await ReportAsync() + "#06-systems");
        await watched.ChartsDrawnAsync();
        Assert.True(await watched.Page.Locator("[id='06-systems']").EvaluateAsync<bool>("section => section.open"));
        Assert.False(await watched.Page.Locator("[id='05-attention']").EvaluateAsync<bool>("section => section.open"));
        await watched.Page.WaitForFunctionAsync("() => [...document.querySelectorAll('[id=\"06-systems\"] .deviceid-chart')].every("
            + "chart => Math.abs(chart.querySelector('.main-svg').getBoundingClientRect().width - chart.clientWidth) < 2)");
        Assert.Empty(watched.Errors);
    }

    private static Task UnfoldAsync(WatchedPage watched) =>
        watched.Page.EvaluateAsync("() => document.querySelectorAll('details.experiment').forEach(section => section.open = true)");

    private static async Task<byte[]> PrintAsync(IPage page)
    {
        var pdf = await page.PdfAsync(new() { Format = "A4", PreferCSSPageSize = true });
        Assert.StartsWith("%PDF", System.Text.Encoding.ASCII.GetString(pdf, 0, 4), StringComparison.Ordinal);
        return pdf;
    }

    /// <summary>Number of pages: Chromium writes an uncompressed object for each.</summary>
    private static int Pages(byte[] pdf) =>
        System.Text.RegularExpressions.Regex.Count(System.Text.Encoding.Latin1.GetString(pdf), @"/Type\s*/Page\b");

    /// <summary>The numbers of a column; cells without one, such as those of "file facts only", are left out.</summary>
    private static async Task<IReadOnlyList<double>> ColumnAsync(ILocator table, int column)
    {
        var texts = await table.Locator($"tbody tr td:nth-child({column + 1})").AllInnerTextsAsync();
        return [.. texts.Where(t => char.IsAsciiDigit(t.FirstOrDefault()))
            .Select(t => double.Parse(t.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))];
    }

    private async Task<string> ReportAsync()
    {
        var (exit, output) = await RunnerProcess.RunAsync("report", "--results", _folder.File("none"), "--out", _folder.File("out"));
        Assert.True(exit == 0, output);
        return "file://" + _folder.File("out/report.html");
    }
}
