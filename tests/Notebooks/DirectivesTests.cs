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
    public void WhatCannotBeUsedIsNamedWithItsLine(string source, string named)
    {
        var problem = Assert.Throws<NotebookException>(() => Directives.Parse(source));
        Assert.Contains(named, problem.Message);
        var line = Array.FindIndex(source.Split('\n'), l => l.StartsWith('#')) + 1;
        Assert.StartsWith($"line {line}:", problem.Message);
    }

    [Fact]
    public void LinesInsideStringsCommentsAndProseAreNoDirectives()
    {
        var parts = Directives.Parse("#!csharp\nvar s = \"\"\"\n    #!bogus\n    \"\"\";\n/*\n#!other\n*/\n"
            + "#!markdown\n# Title\n#!bogus2 is prose");
        Assert.Equal([typeof(CodePart.Script), typeof(CodePart.Markdown)], parts.Select(p => p.GetType()));
    }

    [Fact]
    public void CodeBeforeAnImportRunsBeforeItAndKeepsItsLines()
    {
        var parts = Directives.Parse("var a = 1;\n#!import \"x.dib\"\n#r \"y.dll\"\na");
        Assert.Equal("var a = 1;", Assert.IsType<CodePart.Script>(parts[0]).Code.Trim());
        Assert.Equal("x.dib", Assert.IsType<CodePart.Import>(parts[1]).Path);
        var last = Assert.IsType<CodePart.Script>(parts[2]);
        Assert.Equal("\n\n\na", last.Code);
        Assert.Equal(["y.dll"], last.References);
    }

    [Fact]
    public void SectionsOfOtherKernelsKeepTheirDirectiveAndLine()
    {
        var parts = Directives.Parse("var a = 1;\n#!set --name b --value @value:c\nb\n#!html\n<b>\n\n#!value --name c\n#!csharp\na");
        Assert.Equal([new CodePart.Submission("#!set --name b --value @value:c", 2), new CodePart.Submission("#!html\n<b>", 4),
            new CodePart.Submission("#!value --name c", 7)], parts.OfType<CodePart.Submission>());
        Assert.Equal(3, parts.OfType<CodePart.Script>().Count());
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("var a = 1;\n\n// sum\na\n  + 1\n", 4)]
    [InlineData("#!import \"x.dib\"\nx", 2)]
    public void TheResultIsOnTheLineOfTheLastStatement(string source, int line) => Assert.Equal(line, Directives.ResultLine(source));

    [Fact]
    public void TheCompilersOwnDirectivesStayInTheCode()
    {
        var script = Assert.IsType<CodePart.Script>(Assert.Single(Directives.Parse("#nullable enable\n#region r\nvar a = 1;\n#endregion")));
        Assert.Contains("#nullable enable", script.Code);
    }
}
