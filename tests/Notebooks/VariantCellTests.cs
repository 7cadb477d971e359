using System.Text.Json.Nodes;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;

namespace DeviceId.Tests.Notebooks;

/// <summary>The variants of an experiment come from the tagged cell of its notebook.</summary>
public sealed class VariantCellTests : IDisposable
{
    private const string Plain = """
        IReadOnlyList<Variant> Variants(TrialSettings shared) => [new("one", shared), new("two", shared with { Sentences = 2 })];
        """;

    private const string Custom = """
        IReadOnlyList<Variant> Variants(TrialSettings shared)
        {
            var nearest = new CustomClassifier("nearest v1", train => samples => samples.Supervectors.narrow(1, 0, train.Devices.Count));
            return [new("mine", shared with { Classifier = nearest })];
        }
        """;

    private static readonly Experiment Experiment = new("10-mine", "Mine", "Is it?", null, "one");

    private readonly TemporaryFolder _folder = new();

    public VariantCellTests()
    {
        var setup = File.ReadAllText(Path.Combine(TestPaths.Root, "notebooks", "setup.dib"));
        File.WriteAllText(_folder.File("setup.dib"),
            setup.Replace("../bin/", Path.Combine(TestPaths.Root, "bin") + "/", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AnEvaluatedCellIsCachedUnderItsHashAndReadInsteadOfCompiled()
    {
        Write(Plain);
        var first = Evaluate();
        Assert.Equal(["one", "two"], first.Select(variant => variant.Name));
        Assert.Equal(2, first[1].Settings.Sentences);
        var cached = Assert.Single(CachedFiles());

        // The cached file is read: a name that the cell does not have proves it.
        File.WriteAllText(cached, File.ReadAllText(cached).Replace("\"two\"", "\"cached\"", StringComparison.Ordinal));
        Assert.Equal(["one", "cached"], Evaluate().Select(variant => variant.Name));
        Assert.Equal(Json.WriteKey(first[0].Settings), Json.WriteKey(Evaluate()[0].Settings));

        // Another text and other shared settings have other hashes, and a damaged entry is compiled again.
        Write(Plain.Replace("two", "three", StringComparison.Ordinal));
        Assert.Equal(["one", "three"], Evaluate().Select(variant => variant.Name));
        Assert.Equal(["one", "three"], Evaluate(Profile.Quick.Settings).Select(variant => variant.Name));
        Assert.Equal(3, CachedFiles().Length);
        Array.ForEach(CachedFiles(), path => File.WriteAllText(path, "{"));
        Assert.Equal(["one", "three"], Evaluate().Select(variant => variant.Name));
    }

    [Fact]
    public void ACellWithACustomPartIsCompiledEachTimeAndNeverCached()
    {
        Write(Custom);
        foreach (var _ in new[] { 1, 2 })
            Assert.Empty(Evaluate()[0].Settings.Problems());
        Assert.Equal(["nearest v1"], Evaluate()[0].Settings.CustomVersions);
        Assert.Empty(CachedFiles());
    }

    [Theory]
    [InlineData("var other = 1;", "Variants")]
    [InlineData("IReadOnlyList<Variant> Variants(TrialSettings shared) => [new(elsewhere, shared)];", "elsewhere")]
    [InlineData("IReadOnlyList<Variant> Variants(TrialSettings shared) => [];", "at least one variant")]
    [InlineData("IReadOnlyList<Variant> Variants(TrialSettings shared) => [new(\"a\", shared), new(\"a\", shared)];", "its own name")]
    public void ACellThatNeedsOtherCellsIsRefusedWithTheNotebooksName(string cell, string named)
    {
        Write(cell);
        var error = Assert.Throws<NotebookException>(() => Evaluate());
        Assert.Contains("10-mine.ipynb", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANotebookWithoutTheCellOrWithTwoIsRefused()
    {
        Write();
        Assert.Contains("0 cells tagged", Assert.Throws<NotebookException>(() => Evaluate()).Message, StringComparison.Ordinal);
        Write(Plain, Plain);
        Assert.Contains("2 cells tagged", Assert.Throws<NotebookException>(() => Evaluate()).Message, StringComparison.Ordinal);
        File.Delete(_folder.File("10-mine.ipynb"));
        Assert.Contains("10-mine.ipynb", Assert.Throws<NotebookException>(() => Evaluate()).Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<Variant> Evaluate(TrialSettings? shared = null) =>
        new VariantCell(_folder.Path, _folder.File("cache")).Evaluate(Experiment, shared ?? Profile.Smoke.Settings);

    private string[] CachedFiles() => Directory.Exists(_folder.File("cache")) ? Directory.GetFiles(_folder.File("cache"), "*.json") : [];

    private void Write(params string[] tagged) => new NotebookFile(
        [new Cell(Cell.Code, "throw new Exception(\"no other cell is run\");"),
            .. tagged.Select(Tagged)]).Write(_folder.File("10-mine.ipynb"));

    private static Cell Tagged(string source) =>
        new(Cell.Code, source) { Metadata = new JsonObject { ["tags"] = new JsonArray(VariantCell.Tag) } };
}
