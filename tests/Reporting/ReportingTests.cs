using System.Text.RegularExpressions;
using DeviceId.Audio;
using DeviceId.Foundation;
using DeviceId.Reporting;

namespace DeviceId.Tests.Reporting;

[Collection(ConsoleCollection.Name)]
public sealed class ReportingTests
{
    [Fact]
    public void EveryChartWaitsForPlotlyAndNeedsNoNetwork()
    {
        INotebookValue[] charts =
        [
            Charts.Lines("t", "x (s)", "y (dB)", [new Series("a", [1, 2], [3, 4]), new Series("b", [1, 2], [4, 3])], logX: true),
            Charts.Strips("t", "x (s)", "y", [new Series("a", [1, 2], [3, 4]), new Series("b", [1, 2], [4, 3])]),
            Charts.HeatMap("t", "x", "y", [[1, -2], [3, 4]], signed: true),
            Charts.Accuracies("t", [("a", new(9, 10)), ("b", new(5, 10))]),
        ];
        Assert.All(charts, chart =>
        {
            var html = chart.ToHtml();
            Assert.Contains("window.Plotly.newPlot(id, data, dress(layout)", html, StringComparison.Ordinal);
            Assert.DoesNotContain("http", Regex.Replace(html, "base64,[^\"]+", ""), StringComparison.OrdinalIgnoreCase);
            Assert.Contains(">t</figcaption>", html, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void NamesInAChartAreEncoded()
    {
        var html = Charts.Lines("<i>t</i>", "x (s)", "y (dB)", [new Series("a</script><h1>b", [1, 2], [3, 4])]).ToHtml();
        Assert.Equal(html.LastIndexOf("</script>", StringComparison.Ordinal), html.IndexOf("</script", StringComparison.Ordinal));
        Assert.DoesNotContain("<h1>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", html, StringComparison.Ordinal);
        // The browser's JSON parser turns this into text that plotly displays as the name.
        Assert.Contains(@"a\u0026lt;/script>\u0026lt;h1>b", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ALongWaveformKeepsEveryPeak()
    {
        var samples = new float[320_000];
        samples[123_457] = 0.9f;
        samples[200_001] = -0.8f;
        var line = Plots.Waveform("w", new AudioClip(samples, 32_000));
        Assert.InRange(line.X.Count, 1000, 2100);
        Assert.Equal(0.9, line.Y.Max(), 1e-4);
        Assert.Equal(-0.8, line.Y.Min(), 1e-4);
    }

    [Fact]
    public void OutsideANotebookProgressGoesToTheConsoleAndEndsWithTheTimeTaken()
    {
        var console = Console.Out;
        using var captured = new StringWriter();
        Console.SetOut(captured);
        try
        {
            var progress = new LiveProgress();
            progress.Report(new WorkProgress("reading", 1, 2));
            progress.Report(new WorkProgress("reading", 2, 2));
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.Matches(@"^reading: 2 of 2, took \d+:\d\d\s*$", captured.ToString());
    }

    [Theory]
    [InlineData(65, "1:05")]
    [InlineData(7384, "2:03:04")]
    public void TimesReadAsClocks(int seconds, string expected) =>
        Assert.Equal(expected, LiveProgress.Clock(TimeSpan.FromSeconds(seconds)));
}
