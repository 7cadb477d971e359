using System.Text;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Reporting;

namespace DeviceId.Fuzz;

/// <summary>Stored results: shown as tables, or reported as damaged; no input may stop a sweep.</summary>
internal sealed class ResultTarget() : FuzzTarget("result")
{
    private static readonly Variant Variant = new("16 Gaussians", Profile.Smoke.Settings);

    private static readonly Trial Trial = new(Variant.Settings, "f", "s", 1);

    public override IEnumerable<byte[]> Seeds()
    {
        var result = new TrialResult
        {
            Key = Trial.Key, LibraryVersion = DeviceId.Experiments.Trial.LibraryVersion, Settings = Variant.Settings,
            CorpusName = "c", Corpus = "f", IsSimulated = true,
            Split = "s", Seed = 1, Finished = DateTime.UnixEpoch, Environment = new("m", "cpu", 1, "s", "r", "t"),
            Epochs = [new(1, 2.5, 0.5, 0.001, 1.5)],
            Devices = ["a", "b"], Recordings = ["a/1", "b/1"], Truth = [0, 1], RecordingOf = [0, 0, 1],
            Outputs = new Dictionary<string, OutputAnswers> { [TrialOutput.Deep] = new([0, 1, 1], [0, 1]) },
            Attention = [[0.25f, 0.5f], [0.75f, 1]], Times = new(1, 2, 3),
        };
        yield return Encoding.UTF8.GetBytes(Json.WriteCompact(result));
        yield return Encoding.UTF8.GetBytes(Json.WriteCompact(result with { Attention = null, Epochs = [], Parameters = 5 }));
    }

    protected override void Read(byte[] input) => WithFile(Trial.Key + ".json", input, path =>
    {
        var store = new TrialStore(Path.GetDirectoryName(path)!);
        if (store.Find(Trial) is not { } result)
        {
            Require(store.Damaged.Count == 1, "a result that cannot be used was not reported");
            return;
        }

        foreach (var output in result.Outputs.Keys)
            Require(result.Segments(output).Count() == result.RecordingOf.Count
                && result.WholeRecordings(output).Count() <= result.Recordings.Count, "predictions were lost");
        Require(Json.Read<TrialResult>(Json.WriteCompact(result)).Key == Trial.Key, "the result cannot be written again");
        foreach (var experiment in new StoredExperiments([result], Profile.Smoke, _ => _ => [Variant]).All())
        {
            var comparison = new PaperComparison(experiment);
            foreach (var value in new INotebookValue?[] { comparison.Table(), comparison.Accuracies(), comparison.LearningCurves(),
                comparison.Costs(), comparison.Findings(), comparison.Confusion(experiment.Reference.Variant.Name) })
                Show(value);
        }
    });

    // Without the charts' pictures: each takes tens of megabytes, whatever the input is.
    private static void Show(INotebookValue? value) =>
        _ = value is Figure figure ? PlotlyRendering.Draw(figure).GetPlottingJS() : value?.ToHtml();
}
