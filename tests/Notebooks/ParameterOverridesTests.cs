using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;
using static DeviceId.Tests.Notebooks.NotebookBuilder;

namespace DeviceId.Tests.Notebooks;

public sealed class ParameterOverridesTests
{
    private const string Declarations = """
        var epochs = 5;
        var rate = 1e-3;
        string? data = null;
        bool fast = false;
        int[] seeds = { 1, 2 };
        var names = new[] { "a" };
        """;

    [Theory]
    [InlineData("epochs", "7", "epochs = 7;")]
    [InlineData("rate", "0.5", "rate = 0.5d;")]
    [InlineData("data", "C:\\new \"x\"", "data = \"C:\\\\new \\\"x\\\"\";")]
    [InlineData("fast", "True", "fast = true;")]
    [InlineData("seeds", "[3, 4]", "seeds = new int[] { 3, 4 };")]
    [InlineData("names", "x,y", "names = new string[] { \"x\", \"y\" };")]
    [InlineData("names", "\"a, b\", c", "names = new string[] { \"a, b\", \"c\" };")]
    [InlineData("names", "[\"a, b\", \"say \\\"c\\\"\", \"[d]\"]", "names = new string[] { \"a, b\", \"say \\\"c\\\"\", \"[d]\" };")]
    [InlineData("names", "\"say \"\"a\"\"\",\"\",it's", "names = new string[] { \"say \\\"a\\\"\", \"\", \"it's\" };")]
    [InlineData("names", "[]", "names = new string[] {  };")]
    public void AValueBecomesAnAssignmentOfTheDeclaredTypeBehindTheCell(string name, string value, string expected)
    {
        var notebook = new NotebookFile([Code("var before = 1;"), Parameters(Declarations), Code("epochs")]);
        ParameterOverrides.Apply(notebook, new Dictionary<string, string> { [name] = value });
        Assert.Equal(4, notebook.Cells.Count);
        Assert.Equal(expected, notebook.Cells[2].Source);
        Assert.True(notebook.Cells[2].HasTag(ParameterOverrides.InjectedTag));
    }

    [Theory]
    [InlineData("epochs", "2.5", "int")]
    [InlineData("rate", "fast", "double")]
    [InlineData("fast", "1", "bool")]
    [InlineData("seeds", "1,x", "int")]
    public void AValueThatDoesNotFitIsRefusedWithTheType(string name, string value, string type)
    {
        var notebook = new NotebookFile([Parameters(Declarations)]);
        var problem = Assert.Throws<NotebookException>(() =>
            ParameterOverrides.Apply(notebook, new Dictionary<string, string> { [name] = value }));
        Assert.Contains($"'{name}' is of type {type}", problem.Message);
    }

    [Fact]
    public void AListWithAnOpenQuotationMarkIsRefused()
    {
        var problem = Assert.Throws<NotebookException>(() => ParameterOverrides.Apply(new NotebookFile([Parameters(Declarations)]),
            new Dictionary<string, string> { ["names"] = "a,\"b" }));
        Assert.Contains("a quotation mark without its end", problem.Message);
    }

    [Fact]
    public void AConstantIsNoParameter() =>
        Assert.Empty(ParameterOverrides.Declared(new NotebookFile([Parameters("const int fixedOne = 1;")])));

    [Fact]
    public void AnUnknownNameIsRefusedWithTheKnownOnes()
    {
        var notebook = new NotebookFile([Parameters("var b = 1; var a = 2;")]);
        var problem = Assert.Throws<NotebookException>(() =>
            ParameterOverrides.Apply(notebook, new Dictionary<string, string> { ["c"] = "1" }));
        Assert.Equal("There is no parameter 'c': known are a, b.", problem.Message);
    }
}
