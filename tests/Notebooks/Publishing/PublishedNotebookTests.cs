using DeviceId.Notebooks;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Publishing;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Notebooks.Publishing;

/// <summary>Notebooks that are committed with outputs.</summary>
public sealed class PublishedNotebookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void CommittedOutputsBelongToTheirCellsAndResultsAndHoldPicturesButNoSoundAndNoScript()
    {
        foreach (var path in Directory.GetFiles(Repository.NotebookFolder, "*.ipynb"))
        {
            var isFresh = PublishedNotebook.IsFresh(path);
            Assert.True(isFresh != false,
                $"{path} is out of date: dotnet run --project notebooks/runner -- --publish {Path.GetFileName(path)}");
            var outputs = NotebookFile.Read(path).Cells.SelectMany(cell => cell.Outputs).ToList();
            if (isFresh is null)
            {
                Assert.Empty(outputs);
                continue;
            }

            var data = outputs.OfType<Output.Data>().ToList();
            Assert.Contains(data, output => output.Mime.ContainsKey("image/png"));
            Assert.DoesNotContain(data.SelectMany(output => output.Mime.Values), text =>
                text.Contains("<script", StringComparison.Ordinal) || text.Contains("data:audio", StringComparison.Ordinal));
            Assert.InRange(new FileInfo(path).Length, 1, PublishedNotebook.MaxBytes);
        }
    }

    [Fact]
    public void OutputsArePublishedWithoutProgressScriptsAndTheMachinesPaths()
    {
        var (source, executed) = (Notebook("source", []), Notebook("executed",
        [
            Html("<div data-deviceid-progress=\"1\">100 %</div>"),
            Html("<table></table><script type=\"application/json\" class=\"deviceid-table\">{}</script>"),
            new Output.Stream("stdout", $"read from {Repository.Root}/data/results/x.json\n"),
            new Output.Data(new Dictionary<string, string> { ["image/png"] = "AAAA", ["text/plain"] = "[chart]" }, IsResult: true),
        ]));
        PublishedNotebook.Write(source, executed, []);
        var cells = NotebookFile.Read(source).Cells;
        Assert.Equal(2, cells.Count);
        Assert.Equal("The outputs on this page were made with size = 2;\n", Assert.IsType<Output.Stream>(cells[0].Outputs.Single()).Text);
        Assert.Equal(3, cells[1].Outputs.Count);
        Assert.Equal("<table></table>", Assert.IsType<Output.Data>(cells[1].Outputs[0]).Mime["text/html"]);
        Assert.Equal("read from data/results/x.json\n", Assert.IsType<Output.Stream>(cells[1].Outputs[1]).Text);
        Assert.Equal("AAAA", Assert.IsType<Output.Data>(cells[1].Outputs[2]).Mime["image/png"]);
        Assert.True(PublishedNotebook.IsFresh(source));

        var edited = File.ReadAllText(source).Replace("work(size)", "work(3)", StringComparison.Ordinal);
        File.WriteAllText(source, edited);
        Assert.False(PublishedNotebook.IsFresh(source));
    }

    [Theory]
    [InlineData("<audio src=\"data:audio/wav;base64,UklGRg==\">", "hold sound")]
    [InlineData("see {home}/recordings/a.wav", "name ")]
    public void SoundAndPathsOfTheMachineAreRefusedAndTheNotebookStaysAsItIs(string html, string reason)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var (source, executed) = (Notebook("source", []),
            Notebook("executed", [Html(html.Replace("{home}", home, StringComparison.Ordinal))]));
        var before = File.ReadAllText(source);
        var problem = Assert.Throws<NotebookException>(() => PublishedNotebook.Write(source, executed, []));
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(source));
    }

    private static Output Html(string html) =>
        new Output.Data(new Dictionary<string, string> { ["text/html"] = html, ["text/plain"] = "" }, IsResult: false);

    /// <summary>A cell of parameters, in the executed copy the values used, and a cell with outputs.</summary>
    private string Notebook(string name, IEnumerable<Output> outputs)
    {
        var work = Code("work(size)");
        work.Outputs.AddRange(outputs);
        Cell[] cells = name == "source" ? [Parameters("var size = 1;"), work]
            : [Parameters("var size = 1;"), Tagged("injected-parameters", "size = 2;"), work];
        return Write(_folder, name + ".ipynb", cells);
    }
}
