using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Tests.Soak;
using static TorchSharp.torch;

namespace DeviceId.Tests.Experiments.Costs;

[Collection(TensorCollection.Name)]
public sealed class CostStudyTests : IDisposable
{
    private readonly SingleThread _thread = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _thread.Dispose();
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void AllVariantsAreMeasuredEquallyOftenAndHalfATrainingIsHalf()
    {
        var corpus = SimulatedCorpus.Open(SweepProcess.Profile.Simulated, _folder.Path);
        var training = SweepProcess.Profile.Training with { Epochs = 3, LearningRateDecayEpochs = 3 };
        var profile = SweepProcess.Profile with { Training = training, Seeds = [1] };
        Variant[] variants =
        [
            new("PSTNN", profile.Settings), new("half", profile.Settings, TrialOutput.HalfWay(TrialOutput.Deep)),
            new("baseline", profile.Settings.AsBaseline()),
        ];
        var reports = new List<long>();
        var study = new CostStudy(new Pipeline(_folder.File("features"), CPU), corpus) { Progress = new OnWork(reports.Add) };
        var result = study.Measure(ExperimentCatalog.Named("06-systems"), variants, profile, TestContext.Current.CancellationToken);
        Assert.Empty(result.Problems());
        Assert.Equal(variants.Select(variant => variant.Name), result.Rows.Select(row => row.Variant));
        Assert.All(result.Rows, row => Assert.Equal(5, row.SegmentMilliseconds.Count));

        // Two of three epochs, rounded to four decimals; the answers of both outputs take the same time.
        Assert.Equal(result.Rows[0].SegmentMilliseconds, result.Rows[1].SegmentMilliseconds);
        Assert.All(result.Rows[0].TrainingSeconds.Zip(result.Rows[1].TrainingSeconds),
            pair => Assert.Equal(pair.First * 2 / 3, pair.Second, 1e-4));
        Assert.NotEqual(result.Rows[0].TrialKey, result.Rows[2].TrialKey);

        // Five rounds of two systems: the half training is not measured again.
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), reports);
    }

    private sealed class OnWork(Action<long> onDone) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => onDone(value.Done);
    }
}
