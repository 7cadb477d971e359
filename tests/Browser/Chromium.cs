using Microsoft.Playwright;

namespace DeviceId.Tests.Browser;

/// <summary>Debian's Chromium, driven by Playwright; tests are skipped with a reason if it is not installed.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Executables = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> StartAsync()
    {
        var path = Executables.FirstOrDefault(File.Exists);
        if (path is null)
            Assert.Skip("Chromium is not installed: apt-get install chromium");
        var playwright = await Playwright.CreateAsync();
        string[] arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--no-first-run"];
        return new Chromium(playwright,
            await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Headless = true, Args = arguments }));
    }

    /// <summary>Opens a page that records its errors and requests.</summary>
    /// <param name="width">Width of the window (pixels).</param>
    /// <param name="offline">Whether the network is blocked.</param>
    /// <param name="dark">Whether the user prefers dark pages.</param>
    /// <param name="scripts">Whether the page's scripts are run.</param>
    public async Task<WatchedPage> OpenAsync(int width = 1280, bool offline = false, bool dark = false, bool scripts = true)
    {
        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 }, Offline = offline,
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, JavaScriptEnabled = scripts
        });
        return new WatchedPage(await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
