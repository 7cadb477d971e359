using DeviceId.Foundation;
using DeviceId.Notebooks.Engine;

namespace DeviceId.Tests.Foundation;

/// <summary>The hash of a custom part's source, for parts defined in a notebook's cells.</summary>
public sealed class SourceHashTests
{
    private const string Class = "sealed class Mean { public double Of(double[] x) => x.Sum() / (x.Length + 0.0); }";
    private const string Part = "System.Func<double[], double> part = x => new Mean().Of(x);";

    [Fact]
    public async Task TheSameCellsHaveTheSameHashAndOtherCellsInBetweenChangeNothing()
    {
        var hash = await HashOf(Class, Part);
        Assert.Matches("^[0-9a-f]{16}$", hash);
        Assert.Equal(hash, await HashOf(Class, Part));
        Assert.Equal(hash, await HashOf("int unrelated(int x) => x + 1; string also = \"said\";", Class, "var more = unrelated(2);", Part));
    }

    [Theory]
    [InlineData("sealed class Mean { public double Of(double[] x) => x.Sum() / (x.Length + 1.0); }", Part)]
    [InlineData("sealed class Mean { public double Of(double[] x) => x.Max() / (x.Length + 0.0); }", Part)]
    [InlineData(Class, "System.Func<double[], double> part = x => new Mean().Of(x) + 1;")]
    public async Task AChangeOfAConstantOfACallOrOfTheFunctionIsNoticed(string type, string part) =>
        Assert.NotEqual(await HashOf(Class, Part), await HashOf(type, part));

    [Fact]
    public void TheTextCountsButNotItsIndentation()
    {
        Func<int> one = () => 1;
        Assert.NotEqual(SourceHash.Compute(one, "() => 1"), SourceHash.Compute(one, "() => 1 + 0"));
        Assert.Equal(SourceHash.Compute(one, "() =>\n    1"), SourceHash.Compute(one, "() =>\n        1"));
    }

    private static async Task<string> HashOf(params string[] cells)
    {
        var engine = new ScriptEngine(Path.GetTempPath());
        for (var i = 0; i < cells.Length; i++)
            await engine.RunAsync(cells[i], $"cell {i + 1}");
        return SourceHash.Compute((Delegate)(await engine.RunAsync("(System.Delegate)part", "last"))!, "x => new Mean().Of(x)");
    }
}
