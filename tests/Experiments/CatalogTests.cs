using System.Text.RegularExpressions;
using DeviceId.Experiments;
using DeviceId.Tests.Notebooks;

namespace DeviceId.Tests.Experiments;

/// <summary>Catalogue, notebooks and published results agree in their experiments and variants.</summary>
public sealed class CatalogTests
{
    /// <summary>Notebooks that do not compare variants but have a training and test procedure of their own.</summary>
    private static readonly string[] Studies = ["08-your-recordings", "09-robustness", "12-how-many-phones"];

    private static readonly Profile Standard = Profile.Standard;

    public static TheoryData<string> Ids => [.. ExperimentCatalog.All.Select(e => e.Id)];

    [Fact]
    public void EveryExperimentHasItsNotebookAndEveryNotebookButTheTourAndTheStudiesItsExperiment()
    {
        var notebooks = Directory.GetFiles(Path.Combine(TestPaths.Root, "notebooks"), "*.ipynb").Select(Path.GetFileNameWithoutExtension)
            .Order(StringComparer.Ordinal).ToList();
        string[] expected = ["00-start-here", .. ExperimentCatalog.All.Select(e => e.Id), .. Studies];
        Assert.Equal(expected.Order(StringComparer.Ordinal), notebooks);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void TheNotebookRunsItsOwnExperiment(string id)
    {
        var notebook = File.ReadAllText(Path.Combine(TestPaths.Root, "notebooks", id + ".ipynb"));
        var runs = Regex.Matches(notebook, """session\.(Plan|Compare)\(\\"([^"\\]+)\\", Variants\)""");
        Assert.Equal([("Plan", id), ("Compare", id)], runs.Select(m => (m.Groups[1].Value, m.Groups[2].Value)));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void TheReferenceComesFirstAndNamesAreUniqueAndSettingsUsable(string id)
    {
        var variants = NotebookVariants.Of(id, Standard);
        Assert.Equal(ExperimentCatalog.Named(id).Reference, variants[0].Name);
        Assert.Equal(variants.Count, variants.DistinctBy(v => v.Name).Count());
        Assert.All(variants, v => Assert.Empty(v.Settings.Problems()));
        Assert.Equal(variants.Count, variants.DistinctBy(v => (Trial(v).Key, v.Output)).Count());
    }

    [Theory]
    [InlineData(16)]
    [InlineData(512)]
    public void ChangingTheSegmentLengthScalesTheTrainingWindowsAndTheShape(int frames)
    {
        var frontEnd = Standard.FrontEnd;
        var resized = frontEnd.WithSegmentFrames(frames);
        Assert.Equal((frames, frames), (resized.SegmentFrames, resized.Shape(45).Frames));
        var factor = frames / (double)frontEnd.SegmentFrames;
        Assert.NotEmpty(frontEnd.TrainingWindows);
        Assert.Equal(
            frontEnd.TrainingWindows.Select(w => ((int)(w.Frames * factor), (int)(w.HopFrames * factor))),
            resized.TrainingWindows.Select(w => (w.Frames, w.HopFrames)));
    }

    [Fact]
    public void TheReferenceNetworkIsTrainedOnceForAllSevenExperiments()
    {
        var references = ExperimentCatalog.All.Where(e => !e.IsExploratory)
            .Select(e => Trial(NotebookVariants.Of(e.Id, Standard)[0]).Key).Distinct();
        Assert.Single(references);
    }

    [Fact]
    public void EveryPublishedAccuracyAndClaimIsAboutAVariantThatIsRun()
    {
        Assert.NotEmpty(PublishedResults.Named);
        Assert.All(PublishedResults.Named, named =>
            Assert.Contains(named.Variant, NotebookVariants.Of(named.Experiment, Standard).Select(v => v.Name)));
    }

    [Fact]
    public void ThePapersOwnIntervalIsThatOf5760Samples()
    {
        var interval = PublishedResults.WilsonInterval("06-systems", "PSTNN")!.Value;
        Assert.Equal((0.9706, 0.9787), (Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
        Assert.Null(PublishedResults.WilsonInterval("06-systems", "GMM-UBM"));
    }

    [Fact]
    public void ClaimsOfUpToHaveNoSize()
    {
        // "The maximum increase is 1.4 %" (Table 6) and "1 %" (Table 7) are about one row, and the paper does not say which.
        var claims = new[] { "03-networks", "04-loss-weights" }.SelectMany(PublishedResults.Claims)
            .Where(c => c.Statement.Contains("up to", StringComparison.Ordinal)).ToList();
        Assert.Equal(7, claims.Count);
        Assert.All(claims, claim => Assert.Null(claim.Points));
    }

    [Theory]
    [InlineData("03", "03-networks")]
    [InlineData("06-systems", "06-systems")]
    public void ExperimentsAreFoundByIdOrNumber(string text, string id) => Assert.Equal(id, ExperimentCatalog.Named(text).Id);

    [Fact]
    public void AnUnknownExperimentIsRefusedWithAListOfAll() =>
        Assert.Contains("01-ubm-size, 02-back-end", Assert.Throws<ArgumentException>(() => ExperimentCatalog.Named("08")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void SmallProfilesLeaveOutHeavyVariants()
    {
        Assert.Equal(3, NotebookVariants.Of("07", Standard).Count - NotebookVariants.Of("07", Profile.Quick).Count);
    }

    private static Trial Trial(Variant variant) => new(variant.Settings, "corpus", "split", 1);
}
