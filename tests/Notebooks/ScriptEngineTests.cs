using DeviceId.Notebooks.Engine;

namespace DeviceId.Tests.Notebooks;

public sealed class ScriptEngineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CellsShareVariablesMethodsAndUsings()
    {
        var engine = new ScriptEngine(_folder.Path);
        await engine.RunAsync("using System.Globalization;\nvar a = 20;\nint Twice(int x) => 2 * x;", "cell 1");
        Assert.Equal(41, await engine.RunAsync("await Task.Yield();\nTwice(a) + CultureInfo.InvariantCulture.Name.Length + 1", "cell 2"));
    }

    [Fact]
    public async Task OnlyAnExpressionWithoutSemicolonIsAResult()
    {
        var engine = new ScriptEngine(_folder.Path);
        Assert.Null(await engine.RunAsync("var a = 3;\na.ToString();", "cell 1"));
        Assert.Equal("3", await engine.RunAsync("a.ToString()", "cell 2"));
    }

    [Fact]
    public async Task AnExceptionNamesCellLineTypeAndTheUsersFramesOnly()
    {
        var engine = new ScriptEngine(_folder.Path);
        await engine.RunAsync("int Zero() => 0;", "cell 1");
        var problem = await Assert.ThrowsAsync<ScriptException>(() =>
            engine.RunAsync("#r \"" + typeof(Xunit.Assert).Assembly.Location + "\"\n\nvar x = 1 / Zero();", "cell 4"));
        Assert.Equal("cell 4, line 3: DivideByZeroException: Attempted to divide by zero.", problem.Message);
        Assert.Equal("DivideByZeroException", problem.Kind);
        Assert.DoesNotContain(problem.Trace, t => t.Contains("CodeAnalysis", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ACompileErrorNamesCellLineAndColumn()
    {
        var problem = await Assert.ThrowsAsync<ScriptException>(() => new ScriptEngine(_folder.Path)
            .RunAsync("var a = 1;\nint b = nothing;", "cell 2"));
        Assert.StartsWith("cell 2, line 2, column 9: CS0103:", problem.Message);
    }

    [Fact]
    public async Task CellsSpeakTheLanguageOfDotnet10()
    {
        var engine = new ScriptEngine(_folder.Path);
        await engine.RunAsync("""
            class Level { public int Decibel { get => field; set => field = Math.Max(-90, value); } }
            var escape = "\e[0m";
            """, "cell 1");
        await engine.RunAsync("""if (new Level { Decibel = -100 }.Decibel != -90) throw new Exception("field");""", "cell 2");
    }

    [Theory]
    [InlineData("nuget:")]
    [InlineData("nuget: , 1.0")]
    [InlineData("nuget: A Package")]
    [InlineData("nuget: Name, 1.0\\\" Evil")]
    public async Task APackageThatIsNotNamedProperlyIsRefusedBeforeAnythingIsRestored(string reference)
    {
        var problem = await Assert.ThrowsAsync<ScriptException>(() => new ScriptEngine(_folder.Path)
            .RunAsync($"#r \"{reference}\"", "cell 1"));
        Assert.Equal("DirectiveError", problem.Kind);
        Assert.Contains("nuget: Name, Version", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnImportedDibRunsItsCSharpAndHandsOutItsProse()
    {
        File.WriteAllText(_folder.File("setup.dib"), "#!markdown\n\n# Setup\n\n#!csharp\n\nvar fromSetup = 5;\n\n#!import \"more.cs\"\n");
        File.WriteAllText(_folder.File("more.cs"), "int Add(int x) => x + fromSetup;");
        var prose = new List<string>();
        Assert.Equal(7, await new ScriptEngine(_folder.Path).RunAsync("#!import \"setup.dib\"\nAdd(2)", "cell 1", prose.Add));
        Assert.Equal(["# Setup"], prose);
    }

    [Fact]
    public async Task AMissingImportAndAMissingReferenceNameTheFile()
    {
        var engine = new ScriptEngine(_folder.Path);
        Assert.Contains(_folder.File("no.dib"),
            (await Assert.ThrowsAsync<ScriptException>(() => engine.RunAsync("#!import \"no.dib\"", "cell 1"))).Message);
        Assert.Contains(_folder.File("no.dll"),
            (await Assert.ThrowsAsync<ScriptException>(() => engine.RunAsync("#r \"no.dll\"", "cell 1"))).Message);
    }

    [Fact]
    public async Task AnUnknownDirectiveNamesCellAndLine()
    {
        var problem = await Assert.ThrowsAsync<ScriptException>(() => new ScriptEngine(_folder.Path)
            .RunAsync("var a = 1;\n#!sql", "cell 3"));
        Assert.StartsWith("cell 3, line 2: unknown directive '#!sql'", problem.Message);
    }
}
