using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;

namespace DeviceId.Tests.Notebooks;

/// <summary>Cells on the kernels of Microsoft.DotNet.Interactive, with our C# kernel among them.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class CellExecutionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptEngine _engine;

    public CellExecutionTests() => _engine = new ScriptEngine(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ACellShowsWhatTheKernelsOfThePackageMakeOfItsSections()
    {
        var cell = await RunAsync("var a = 2;\n#!html\n<b>1</b>\n#!markdown\n# prose\n#!javascript\nalert(1)\n"
            + "#!mermaid\ngraph TD; A-->B\n#!csharp\na + 1");
        Assert.Equal("<b>1</b>", Mime(cell, 0)["text/html"]);
        Assert.Equal("# prose", Mime(cell, 1)["text/markdown"]);
        Assert.Equal("<script type=\"text/javascript\">alert(1)</script>", Mime(cell, 2)["text/html"]);
        Assert.Equal("graph TD; A-->B", Mime(cell, 3)["text/vnd.mermaid"]);
        Assert.Equal("3", Mime(cell, 4)["text/plain"]);
        Assert.Equal([false, false, false, false, true], cell.Outputs.Cast<Output.Data>().Select(d => d.IsResult));
    }

    [Fact]
    public async Task ADisplayedValueIsReplacedWhereItIsAlsoFromALaterCell()
    {
        var first = await RunAsync("var d = display(\"first\");\n"
            + "var e = KernelInvocationContext.Current.Display(\"<b>1</b>\", \"text/html\");\n"
            + "var f = \"# 1\".Display(\"text/markdown\");\nvar g = new[] { 1 }.Display();\n\"result\"");
        var second = await RunAsync("d.Update(\"second\"); e.Update(\"<b>2</b>\"); f.Update(\"# 2\"); g.Update(new[] { 2 });");
        Assert.Equal("second", Mime(first, 0)["text/plain"]);
        Assert.Equal("<b>2</b>", Mime(first, 1)["text/html"]);
        Assert.Equal("# 2", Mime(first, 2)["text/markdown"]);
        Assert.Equal("[ 2 ]", Mime(first, 3)["text/plain"]);
        Assert.Equal(5, first.Outputs.Count);
        Assert.Empty(second.Outputs);
    }

    [Fact]
    public async Task DisplayCallsStayUnambiguousAfterAReferenceAndWithTheUsingsOfOtherEngines()
    {
        await RunAsync("display(1);");
        await RunAsync($"#r \"{typeof(DeviceId.Foundation.ComputeDevice).Assembly.Location}\"");
        var cell = await RunAsync("using Microsoft.DotNet.Interactive;\ndisplay(2);\n\"x\".Display();\n"
            + "KernelInvocationContext.Current.Display(\"<b>1</b>\", \"text/html\");\nobject o = 3;\no.Display();");
        Assert.Equal("2", Mime(cell, 0)["text/plain"]);
        Assert.Equal("x", Mime(cell, 1)["text/plain"]);
        Assert.Equal("<b>1</b>", Mime(cell, 2)["text/html"]);
        Assert.Contains("3", Mime(cell, 3)["text/html"]);
    }

    [Fact]
    public async Task ValuesGoFromKernelToKernel()
    {
        await RunAsync("#!value --name text\nhello");
        Assert.Equal("hello!", Mime(await RunAsync("#!set --name q --value @value:text\nq + \"!\""), 0)["text/plain"]);
        Assert.Equal("12", Mime(await RunAsync("#!share --name text --from value --as r\n$\"{r.Length + 7}\""), 0)["text/plain"]);
        await RunAsync("var numbers = new[] { 1, 2 };");
        Assert.Contains("numbers = [1,2];",
            Mime(await RunAsync("#!javascript\n#!share --name numbers --from csharp\nalert(numbers)"), 0)["text/html"]);
    }

    [Theory]
    [InlineData("\n#!share --name none --from value", "cell 1, line 2: Value 'none' not found in kernel value")]
    [InlineData("\n#!share --name q --from fsharp",
        "cell 1, line 2: there is no kernel 'fsharp' here (there are csharp, html, javascript, value, mermaid).")]
    [InlineData("#!set --name q --value @sql:rows",
        "cell 1, line 1: there is no kernel 'sql' here (there are csharp, html, javascript, value, mermaid).")]
    [InlineData("#!set --name a-b --value 5", "cell 1, line 1: 'a-b' cannot be the name of a C# variable.")]
    [InlineData("#!set --name q", "cell 1, line 1: Missing required parameter '--value'")]
    public async Task AValueThatCannotBeSharedIsTheCellsErrorWithItsLine(string source, string message) =>
        Assert.Equal(message, Error(await RunAsync(source)).Message);

    [Fact]
    public async Task AResultThatFailsWhileItIsFormattedIsAnOrdinaryErrorWithItsLine()
    {
        await RunAsync("var q = Enumerable.Range(0, 5).Select(i =>\n    10 / (i - 3));");
        var error = Error(await RunAsync("var other = 1;\n\nq", "cell 2"));
        Assert.Equal("cell 2, line 3: DivideByZeroException: Attempted to divide by zero.", error.Message);
        Assert.Equal("DivideByZeroException", error.Name);
        Assert.Contains(error.Trace, line => line.Contains("cell 1:line 2", StringComparison.Ordinal));
        Assert.DoesNotContain(error.Trace, line => line.Contains("Interactive", StringComparison.Ordinal));
        Assert.Equal("cell 3, line 2: DivideByZeroException: Attempted to divide by zero.",
            Error(await RunAsync("other = 2;\ndisplay(q);", "cell 3")).Message);
        Assert.Equal("2", Mime(await RunAsync("other"), 0)["text/plain"]);
    }

    [Fact]
    public async Task WhatACellShowsAfterItWasStoppedIsKeptAndItIsReportedAsStopped()
    {
        using var stop = new CancellationTokenSource();
        AppContext.SetData("DeviceId.Tests.Stop", (Action)stop.Cancel);
        var cell = await RunAsync("((Action)AppContext.GetData(\"DeviceId.Tests.Stop\")!)();\n"
            + "var token = KernelInvocationContext.Current.CancellationToken;\n"
            + "display(token.IsCancellationRequested);\ntoken.ThrowIfCancellationRequested();", stop: stop.Token);
        Assert.Equal("True", Mime(cell, 0)["text/plain"]);
        Assert.Equal("cell 1: stopped by the user", Error(cell).Message);
    }

    [Fact]
    public async Task WhatATaskShowsAfterItsCellAppearsInTheCellThatRuns()
    {
        await RunAsync("var ended = new TaskCompletionSource();\n"
            + "var late = Task.Run(async () => { await ended.Task; display(\"late\").Update(\"later\"); });");
        Assert.Equal("later", Mime(await RunAsync("ended.SetResult();\nawait late;"), 0)["text/plain"]);
    }

    [Fact]
    public async Task ACellThatFailedLeavesNothingBehind()
    {
        await RunAsync("var kept = 1;");
        Error(await RunAsync("var lost = 2;\nthrow new Exception();"));
        Assert.Contains("CS0103", Error(await RunAsync("lost")).Message);
        Assert.Equal("1", Mime(await RunAsync("kept"), 0)["text/plain"]);
    }

    [Fact]
    public async Task TimeAndAboutAreShownAndInputIsRefusedInASentence()
    {
        var cell = await RunAsync("#!time\n#!about\n1");
        Assert.Contains("Microsoft.DotNet.Interactive", Mime(cell, 0)["text/html"]);
        Assert.Equal("1", Mime(cell, 1)["text/plain"]);
        Assert.Matches(@"^Wall time: [0-9.]+ms$", Mime(cell, 2)["text/plain"]);
        Assert.Contains("--set", Error(await RunAsync("await Microsoft.DotNet.Interactive.Kernel.GetInputAsync(\"name\")")).Message);
    }

    [Fact]
    public async Task ACellCanSubmitCodeToAnotherKernelItself()
    {
        var cell = await RunAsync("using Microsoft.DotNet.Interactive.Commands;\n"
            + "await Microsoft.DotNet.Interactive.Kernel.Root.SendAsync(new SubmitCode(\"<i>1</i>\", \"html\"));\n"
            + "await Microsoft.DotNet.Interactive.Kernel.Root.SendAsync(new SubmitCode(\"2 + 3\", \"csharp\"));");
        Assert.Equal("<i>1</i>", Mime(cell, 0)["text/html"]);
        Assert.Equal("5", Mime(cell, 1)["text/plain"]);
    }

    [Fact]
    public async Task TheKernelAnswersTheLanguageCommandsOfThePackage()
    {
        await RunAsync("using System.Globalization;\nvar recordings = new List<string>();");
        var root = _engine.Kernels.Root;
        var completions = await SendAsync<CompletionsProduced>(root, new RequestCompletions("1 + recordings.Ad", new(0, 17)));
        Assert.Contains("AddRange", completions.Completions.Select(c => c.DisplayText));
        Assert.Equal(new LinePosition(0, 15), completions.LinePositionSpan.Start);
        var hover = await SendAsync<HoverTextProduced>(root, new RequestHoverText("recordings.Count", new(0, 12)));
        Assert.Contains("int List<string>.Count", hover.Content.Single().Value);
        var help = await SendAsync<SignatureHelpProduced>(root, new RequestSignatureHelp("recordings.Insert(0, ", new(0, 21)));
        Assert.Equal(1, help.ActiveParameterIndex);
        Assert.Contains("Insert(int index, string item)", help.Signatures[0].Label);
        var diagnostics = await SendAsync<DiagnosticsProduced>(root, new RequestDiagnostics("\nint b = nothing;"));
        Assert.Equal(("CS0103", 1), (diagnostics.Diagnostics.Single().Code, diagnostics.Diagnostics.Single().LinePositionSpan.Start.Line));
    }

    [Fact]
    public async Task AnAssemblyOfAnotherVersionThanTheRunnersIsNamed()
    {
        // An assembly with the name of one of the runner's and the version of this test.
        var other = _folder.File("Spectre.Console.dll");
        await using (var file = File.Create(other))
        {
            Assert.True(CSharpCompilation.Create("Spectre.Console",
                [CSharpSyntaxTree.ParseText("[assembly: System.Reflection.AssemblyFileVersion(\"9.8.7.6\")]")],
                [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(file).Success);
        }

        var said = await ErrorTextAsync(() => RunAsync($"#r \"{other}\"\ntypeof(Spectre.Console.Table).Name"));
        Assert.Matches(@"^Spectre\.Console 0\.[0-9.]+ is used, not 9\.8\.7\.6: the runner has it itself", said);
    }

    [Fact]
    public async Task ImportsAreRelativeToTheImportingFileAndOtherLanguagesAreNamed()
    {
        Directory.CreateDirectory(_folder.File("sub"));
        File.WriteAllText(_folder.File("sub/b.dib"), "#!csharp\n\n#!import \"c.dib\"\nint fromB = fromC + 1;\n\n#!fsharp\n\nlet q = 5\n");
        File.WriteAllText(_folder.File("sub/c.dib"), "#!csharp\n\nint fromC = 41;\n");
        new NotebookFile([new Cell(Cell.Code, "var fromNotebook = 7;"), Other("fsharp", "let q = 5"), Other("html", "<b>2</b>")])
            .Write(_folder.File("sub/d.ipynb"));
        var cell = new Cell(Cell.Code, "");
        var said = await ErrorTextAsync(async () =>
            cell = await RunAsync("#!import \"sub/b.dib\"\n#!import \"sub/d.ipynb\"\nfromB + fromNotebook"));
        Assert.Equal("<b>2</b>", Mime(cell, 0)["text/html"]);
        Assert.Equal("49", Mime(cell, 1)["text/plain"]);
        Assert.Contains("b.dib, line 6: not run, because there is no kernel for fsharp here.", said);
        Assert.Contains("d.ipynb cell 2: not run, because there is no kernel for fsharp here.", said);
    }

    [Theory]
    [InlineData("loop.dib")]
    [InlineData("sub/loop.dib")]
    public async Task AFileThatImportsItselfIsRefusedAndTheCircleIsNamed(string named)
    {
        Directory.CreateDirectory(_folder.File("sub"));
        File.WriteAllText(_folder.File("sub/loop.dib"), "#!csharp\n\n#!import \"between.dib\"\n");
        File.WriteAllText(_folder.File("sub/between.dib"), $"#!csharp\n\n#!import \"{named}\"\nint a = 1;\n");
        var message = Error(await RunAsync("#!import \"sub/loop.dib\"")).Message;
        Assert.Contains("'loop.dib' imports 'between.dib' imports 'loop.dib'", message);
    }

    private static Cell Other(string language, string source) => new(Cell.Code, source)
    {
        Metadata = new() { ["polyglot_notebook"] = new System.Text.Json.Nodes.JsonObject { ["kernelName"] = language } },
    };

    private static async Task<string> ErrorTextAsync(Func<Task> action)
    {
        var before = Console.Error;
        using var captured = new StringWriter();
        Console.SetError(captured);
        try
        {
            await action();
        }
        finally
        {
            Console.SetError(before);
        }

        return captured.ToString();
    }

    private static async Task<T> SendAsync<T>(Kernel kernel, KernelCommand command) =>
        Assert.Single((await kernel.SendAsync(command, TestContext.Current.CancellationToken)).Events.OfType<T>());

    private static IReadOnlyDictionary<string, string> Mime(Cell cell, int index) => Assert.IsType<Output.Data>(cell.Outputs[index]).Mime;

    private static Output.Error Error(Cell cell) => Assert.IsType<Output.Error>(cell.Outputs[^1]);

    private async Task<Cell> RunAsync(string source, string name = "cell 1", CancellationToken stop = default)
    {
        var cell = new Cell(Cell.Code, source);
        var outputs = new CellOutputs(cell);
        await CellExecution.RunAsync(_engine, source, name, outputs, stop);
        outputs.Flush();
        return cell;
    }
}
