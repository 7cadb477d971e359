using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Notebooks;

public sealed class RunPlanTests : IDisposable
{
    private const string Python = """{ "language_info": { "name": "python" } }""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void CellsOfOtherLanguagesAndTaggedOnesAreNamedAndNotRun()
    {
        var plan = new RunPlan(new NotebookFile(
            [Prose("# Title"), Code("1"), InLanguage("fsharp", "let x = 1"), Tagged("skip-execution", "2"), InLanguage("C#", "3"),
            InLanguage("pwsh", "ls")]));
        Assert.Equal([1, 4], plan.ToRun.Select(cell => cell.Number));
        Assert.Equal("cell 2 (fsharp), cell 5 (pwsh)", RunPlan.Describe(plan.Foreign));
        Assert.Equal("cell 3", RunPlan.Describe(plan.Tagged));
        Assert.False(plan.IsForeign);
    }

    [Theory]
    [InlineData("""{ "kernelspec": { "display_name": "Python 3", "language": "python", "name": "python3" } }""", "python")]
    [InlineData("""{ "kernelspec": { "name": "python3" } }""", "python")]
    [InlineData("""{ "language_info": { "name": "python" } }""", "python")]
    [InlineData("""{ "kernelspec": { "language": "F#" } }""", "fsharp")]
    [InlineData("""{ "polyglot_notebook": { "kernelInfo": { "defaultKernelName": "fsharp" } } }""", "fsharp")]
    [InlineData("""{ "kernelspec": { "language": "C#" }, "language_info": { "name": "polyglot-notebook" } }""", "csharp")]
    [InlineData("""{ "kernelspec": { "name": ".net-csharp" }, "language_info": { "name": "polyglot-notebook" } }""", "csharp")]
    [InlineData("""{ "kernelspec": 3, "language_info": { "name": 4 } }""", "csharp")]
    [InlineData("{}", "csharp")]
    public void TheLanguageOfANotebookIsThatOfItsMetadata(string metadata, string language)
    {
        var notebook = Notebook(metadata, Code("print(1)"));
        Assert.Equal(language, notebook.Language);
        Assert.Equal(language != "csharp", new RunPlan(notebook).IsForeign);
    }

    [Fact]
    public void ACSharpCellOfAnotherNotebookIsRun()
    {
        var plan = new RunPlan(Notebook(Python, Code("print(1)"), InLanguage("csharp", "1")));
        Assert.Equal([2], plan.ToRun.Select(cell => cell.Number));
        Assert.False(plan.IsForeign);
    }

    [Fact]
    public void ANotebookWithoutCodeIsNotForeign() => Assert.False(new RunPlan(Notebook(Python, Prose("text"))).IsForeign);

    [Fact]
    public void TextOfAnotherLanguageIsPrecededByItsSelector()
    {
        const string Prose = "#!markdown\n# Title";
        var plan = new RunPlan(new NotebookFile([InLanguage("markdown", "# Title"), InLanguage("markdown", Prose), Code("1")]));
        Assert.Equal([Prose, Prose, "1"], plan.ToRun.Select(cell => cell.Source));
    }

    private NotebookFile Notebook(string metadata, params Cell[] cells) =>
        NotebookFile.Read(WriteWithMetadata(_folder, "notebook.ipynb", metadata, cells));
}
