using DeviceId.Notebooks.Format;
using DeviceId.Reporting;
using DeviceId.Tests.Notebooks;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Reporting;

/// <summary>What a figure leaves in an executed notebook.</summary>
[Trait("Speed", "Slow")]
public sealed class FigureFormattersTests : IDisposable
{
    private static readonly string Library = Path.Combine(TestPaths.Root, "bin");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "text/html")]
    [InlineData("1", "image/png")]
    public async Task ANotebookHoldsHtmlAndAPublishedOneAPngWithoutHtml(string? published, string expected)
    {
        var notebook = Write(_folder, "chart.ipynb", Code($$"""
            #r "{{Library}}/FSharp.Core.dll"
            #r "{{Library}}/XPlot.Plotly.dll"
            #r "{{Library}}/DeviceId.Lib.dll"
            using DeviceId.Reporting;
            var parabola = new Series("y", new double[] { 0, 1, 2 }, new double[] { 0, 1, 4 });
            Charts.Lines("A parabola", "x (s)", "y (m)", new[] { parabola })
            """));
        var run = RunnerProcess.Describe(notebook, "--out", _folder.File("out"));
        run.Environment[FigureFormatters.PublishVariable] = published;
        var (exit, output) = await RunnerProcess.RunAsync(run);
        Assert.True(exit == 0, output);
        var executed = NotebookFile.Read(_folder.File("out/chart.ipynb"));
        var data = Assert.IsType<Output.Data>(Assert.Single(Assert.Single(executed.Cells).Outputs));
        Assert.Equal([expected, "text/plain"], data.Mime.Keys.Order());
        Assert.Equal("[chart] A parabola", data.Mime["text/plain"]);
        if (published is not null)
            Assert.True(Convert.FromBase64String(data.Mime["image/png"]).AsSpan(1).StartsWith("PNG"u8));
    }
}
