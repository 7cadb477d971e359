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
        var table = watched.Page.Locator("table:has(th)").First;
        var column = table.Locator("th").Nth(2);
        await column.ClickAsync();
        var once = await ColumnAsync(table, 2);
        await column.ClickAsync();
        var twice = await ColumnAsync(table, 2);
        Assert.True(once.Count >= 3);
        Assert.Equal(once.OrderBy(v => v), once);
        Assert.Equal(twice.OrderByDescending(v => v), twice);
    }

    [Fact]
    public async Task TheReportCanBePrinted()
    {
        await using var chromium = await Chromium.StartAsync();
        var watched = await chromium.OpenAsync(offline: true);
        await watched.Page.GotoAsync(await ReportAsync());
        await watched.ChartsDrawnAsync();
        var pdf = await watched.Page.PdfAsync(new() { Format = "A4" });
        Assert.StartsWith("%PDF", System.Text.Encoding.ASCII.GetString(pdf, 0, 4), StringComparison.Ordinal);
        Assert.True(pdf.Length > 50_000, $"{pdf.Length} bytes");
    }

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
