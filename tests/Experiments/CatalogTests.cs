using System.Text.RegularExpressions;
using DeviceId.Experiments;

namespace DeviceId.Tests.Experiments;

/// <summary>Catalogue, notebooks and published results speak of the same experiments and variants.</summary>
public sealed class CatalogTests
{
    /// <summary>Notebooks whose question is no comparison of variants: they train and test in a way of their own.</summary>
    private static readonly string[] Studies = ["08-your-recordings", "09-robustness"];

    private static readonly Profile Standard = Profile.Standard;

    public static TheoryData<string> Ids => [.. ExperimentCatalog.All.Select(e => e.Id)];

    [Fact]
    public void EveryExperimentHasItsNotebookAndEveryNotebookButTheTourAndTheStudiesItsExperiment()
    {
        var notebooks = Directory.GetFiles(Path.Combine(TestPaths.Root, "notebooks"), "*.ipynb").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(["00-start-here", .. ExperimentCatalog.All.Select(e => e.Id), .. Studies], notebooks);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void TheNotebookRunsItsOwnExperiment(string id)
    {
        var text = File.ReadAllText(Path.Combine(TestPaths.Root, "notebooks", id + ".ipynb"));
        Assert.Equal([id], Regex.Matches(text, """ExperimentCatalog\.Named\(\\"([^"\\]+)""").Select(m => m.Groups[1].Value));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void TheReferenceComesFirstAndNamesAreUniqueAndSettingsUsable(string id)
    {
        var variants = ExperimentCatalog.Named(id).Variants(Standard, devices: 45);
        Assert.Equal(ExperimentCatalog.Named(id).Reference, variants[0].Name);
        Assert.Equal(variants.Count, variants.DistinctBy(v => v.Name).Count());
        Assert.All(variants, v => Assert.Empty(v.Settings.Problems()));
        Assert.Equal(variants.Count, variants.DistinctBy(v => (Trial(v).Key, v.Output)).Count());
    }

    [Theory]
    [InlineData(16)]
    [InlineData(512)]
    public void OtherSegmentsScaleTheTrainingWindowsWithThemAndFitTheNetwork(int frames)
    {
        var settings = ExperimentCatalog.All[0].Variants(Standard, 45)[0].Settings;
        var others = settings.WithSegmentFrames(frames);
        Assert.Equal((frames, frames), (others.FrontEnd.SegmentFrames, others.Network!.Frames));
        var factor = frames / (double)settings.FrontEnd.SegmentFrames;
        Assert.NotEmpty(settings.FrontEnd.TrainingWindows);
        Assert.Equal(
            settings.FrontEnd.TrainingWindows.Select(w => ((int)(w.Frames * factor), (int)(w.HopFrames * factor))),
            others.FrontEnd.TrainingWindows.Select(w => (w.Frames, w.HopFrames)));
    }

    [Fact]
    public void TheReferenceNetworkIsTrainedOnceForAllSevenExperiments()
    {
        var references = ExperimentCatalog.All.Select(e => Trial(e.Variants(Standard, 45)[0]).Key).Distinct();
        Assert.Single(references);
    }

    [Fact]
    public void EveryPublishedNumberAndClaimIsAboutAVariantThatIsRun()
    {
        Assert.NotEmpty(PublishedResults.Named);
        Assert.All(PublishedResults.Named, named =>
            Assert.Contains(named.Variant, ExperimentCatalog.Named(named.Experiment).Variants(Standard, 45).Select(v => v.Name)));
    }

    [Fact]
    public void ThePapersOwnIntervalIsThatOf5760Samples()
    {
        var interval = PublishedResults.IntervalOf("06-systems", "PSTNN")!.Value;
        Assert.Equal((0.9706, 0.9787), (Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
        Assert.Null(PublishedResults.IntervalOf("06-systems", "GMM-UBM"));
    }

    [Fact]
    public void WhereThePaperSaysUpToItNamesNoSize()
    {
        // "The maximum increase is 1.4 %" (Table 6) and "1 %" (Table 7): of one row, and it does not say of which.
        var claims = new[] { "03-networks", "04-loss-weights" }.SelectMany(PublishedResults.Claims).Where(c => c.Statement.Contains("up to", StringComparison.Ordinal)).ToList();
        Assert.Equal(7, claims.Count);
        Assert.All(claims, claim => Assert.Null(claim.Points));
    }

    [Theory]
    [InlineData("03", "03-networks")]
    [InlineData("06-systems", "06-systems")]
    public void ExperimentsAreFoundByIdOrNumber(string asked, string id) => Assert.Equal(id, ExperimentCatalog.Named(asked).Id);

    [Fact]
    public void AnUnknownExperimentIsRefusedWithAListOfAll() =>
        Assert.Contains("01-ubm-size, 02-back-end", Assert.Throws<ArgumentException>(() => ExperimentCatalog.Named("08")).Message, StringComparison.Ordinal);

    [Fact]
    public void SmallProfilesLeaveOutWhatTakesLong()
    {
        var ablations = ExperimentCatalog.Named("07");
        Assert.Equal(3, ablations.Variants(Standard, 45).Count - ablations.Variants(Profile.Quick, 45).Count);
    }

    private static Trial Trial(Variant variant) => new(variant.Settings, "corpus", "split", 1);
}
