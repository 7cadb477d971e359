using Microsoft.Playwright;

namespace DeviceId.Tests.Browser;

/// <summary>A browser page that records errors and network requests.</summary>
internal sealed class WatchedPage
{
    private readonly List<string> _errors = [];
    private readonly List<string> _requests = [];

    public WatchedPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _errors.Add(message.Text);
        };
        page.PageError += (_, error) => _errors.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                _requests.Add(request.Url);
        };
    }

    public IPage Page { get; }

    /// <summary>Console errors and exceptions.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Requests that are not for local files.</summary>
    public IReadOnlyList<string> Requests => _requests;

    /// <summary>Waits until all charts of the page are drawn, and returns their number.</summary>
    public async Task<int> ChartsDrawnAsync()
    {
        await Page.WaitForFunctionAsync("() => [...document.querySelectorAll('.deviceid-chart')].every(c => c.querySelector('.main-svg'))",
            null, new() { Timeout = 60_000 });
        return await Page.Locator(".deviceid-chart").CountAsync();
    }

    /// <summary>How much wider the page is than the window (pixels).</summary>
    public Task<int> OverflowAsync() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth");
}
