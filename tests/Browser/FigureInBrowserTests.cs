using DeviceId.Reporting;
using Microsoft.Playwright;

namespace DeviceId.Tests.Browser;

/// <summary>A chart's HTML in a browser, with and without plotly.js, and on paper.</summary>
[Trait("Speed", "Slow")]
public sealed class FigureInBrowserTests
{
    private static readonly Series Line = new("y", [0, 1, 2], [0, 1, 4]);

    // A title that a page of 600 pixels must wrap.
    private static readonly INotebookValue Chart =
        Charts.Lines(string.Join(' ', Enumerable.Repeat("a long title", 12)), "x (s)", "y (m)", [Line, Line with { Name = "z" }]);

    [Fact]
    public async Task WithoutPlotlyThePictureStands()
    {
        await using var chromium = await Chromium.StartAsync();
        var watched = await chromium.OpenAsync(600, offline: true);
        await watched.Page.SetContentAsync(Chart.ToHtml());
        Assert.True(await watched.Page.Locator(".deviceid-picture").IsVisibleAsync());
        Assert.False(await watched.Page.Locator(".deviceid-chart").IsVisibleAsync());
        var width = await watched.Page.EvaluateAsync<int>("() => document.querySelector('.deviceid-picture').naturalWidth");
        Assert.True(width > 0, "the picture is not decoded");
        Assert.True(await watched.OverflowAsync() <= 0);
        Assert.Empty(watched.Errors);
    }

    [Fact]
    public async Task PlotlyReplacesThePictureUntilThePageIsPrintedAndTheTitleIsAboveTheToolbar()
    {
        await using var chromium = await Chromium.StartAsync();
        var watched = await chromium.OpenAsync(600, offline: true);
        await watched.Page.SetContentAsync(PlotlyScript.ForThisHost().ToHtml() + Chart.ToHtml());
        Assert.Equal(1, await watched.ChartsDrawnAsync());
        Assert.False(await watched.Page.Locator(".deviceid-picture").IsVisibleAsync());
        var (title, toolbar) = (await BoxAsync(watched.Page, "figcaption"), await BoxAsync(watched.Page, ".modebar"));
        Assert.True(title.Height > 30, "the title is not wrapped");
        Assert.True(title.Y + title.Height <= toolbar.Y, $"the title ends at {title.Y + title.Height}, the toolbar begins at {toolbar.Y}");

        await watched.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.True(await watched.Page.Locator(".deviceid-picture").IsVisibleAsync());
        Assert.False(await watched.Page.Locator(".deviceid-chart").IsVisibleAsync());
        Assert.Empty(watched.Errors);
        Assert.Empty(watched.Requests);
    }

    private static async Task<LocatorBoundingBoxResult> BoxAsync(IPage page, string selector) =>
        await page.Locator(selector).First.BoundingBoxAsync() ?? throw new InvalidOperationException($"{selector} is not on the page");
}
