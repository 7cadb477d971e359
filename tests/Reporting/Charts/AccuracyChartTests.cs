using DeviceId.Experiments;
using DeviceId.Reporting;
using DeviceId.Tests.Notebooks;

namespace DeviceId.Tests.Reporting;

public sealed class AccuracyChartTests
{
    [Fact]
    public void VariantsAfterHalfOfTheEpochsAreComparedWithTheirOwnTrainingInASecondPanel()
    {
        var variant = NotebookVariants.Of("05-attention", Profile.Standard)[0];
        var half = variant with { Name = "half", Output = TrialOutput.HalfWay(variant.Output) };
        var trial = Result(variant);
        var result = new ExperimentResult(
            ExperimentCatalog.Named("05-attention"), [new VariantResult(variant, [trial]), new VariantResult(half, [trial])]);
        var panels = AccuracyChart.Draw(result).Panels;
        Assert.Equal(2, panels.Count);
        // By segment: three of four are right after all of the epochs, two after half of them.
        var points = panels[1].Marks.OfType<PointsMark>().ToList();
        Assert.Equal([("segments, half the epochs", 50.0), ("segments", 75.0)], points.Select(mark => (mark.Name, mark.X[0])));
        Assert.Equal([50, 75], Assert.Single(panels[1].Marks.OfType<LineMark>()).X);
        Assert.Equal(variant.Name, Assert.Single(panels[0].Y.Ticks!).Label);
        Assert.Single(AccuracyChart.Draw(result with { Variants = [result.Variants[0]] }).Panels);
    }

    private static TrialResult Result(Variant variant) => new()
    {
        Key = "key", LibraryVersion = Trial.LibraryVersion, Settings = variant.Settings, CorpusName = "by hand",
        Corpus = "0123456789abcdef", IsSimulated = false, Split = "one", Seed = 1, Finished = DateTime.UnixEpoch,
        Environment = new("machine", "cpu", 1, "system", "runtime", "torch"), Epochs = [], Parameters = 1, Devices = ["a", "b"],
        Recordings = ["r0", "r1"], Truth = [0, 1], RecordingOf = [0, 0, 1, 1], Times = new(1, 2, 3),
        Outputs = new Dictionary<string, OutputAnswers>
        {
            [variant.Output] = new([0, 0, 1, 0], [0, 1]), [TrialOutput.HalfWay(variant.Output)] = new([0, 0, 0, 0], [0, 0]),
        },
    };
}
