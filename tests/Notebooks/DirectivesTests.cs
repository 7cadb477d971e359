using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;

namespace DeviceId.Tests.Notebooks;

public sealed class DirectivesTests
{
    [Theory]
    [InlineData("#!bogus", "#!bogus")]
    [InlineData("var x = 1;\n#!fsharp\nx", "#!fsharp")]
    [InlineData("#i \"nuget:somewhere\"", "#i")]
    [InlineData("#!import", "#!import")]
    public void What_cannot_be_used_is_named_with_its_line(string source, string named)
    {
        var problem = Assert.Throws<NotebookException>(() => Directives.Parse(source));
        Assert.Contains(named, problem.Message);
        var line = Array.FindIndex(source.Split('\n'), l => l.StartsWith('#')) + 1;
        Assert.StartsWith($"line {line}:", problem.Message);
    }

    [Fact]
    public void Lines_inside_strings_comments_and_prose_are_no_directives()
    {
        var parts = Directives.Parse("#!csharp\nvar s = \"\"\"\n    #!bogus\n    \"\"\";\n/*\n#!other\n*/\n#!markdown\n# Title\n#!bogus2 is prose");
        Assert.Equal([typeof(CodePart.Script), typeof(CodePart.Markdown)], parts.Select(p => p.GetType()));
    }

    [Fact]
    public void Code_before_an_import_runs_before_it_and_keeps_its_lines()
    {
        var parts = Directives.Parse("var a = 1;\n#!import \"x.dib\"\n#r \"y.dll\"\na");
        Assert.Equal("var a = 1;", Assert.IsType<CodePart.Script>(parts[0]).Code.Trim());
        Assert.Equal("x.dib", Assert.IsType<CodePart.Import>(parts[1]).Path);
        var last = Assert.IsType<CodePart.Script>(parts[2]);
        Assert.Equal("\n\n\na", last.Code);
        Assert.Equal(["y.dll"], last.References);
    }

    [Fact]
    public void The_compilers_own_directives_stay_in_the_code()
    {
        var script = Assert.IsType<CodePart.Script>(Assert.Single(Directives.Parse("#nullable enable\n#region r\nvar a = 1;\n#endregion")));
        Assert.Contains("#nullable enable", script.Code);
    }
}
