using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Tests.Soak;
using static TorchSharp.torch;

namespace DeviceId.Tests.Experiments;

/// <summary>Outputs after half of the epochs, and reuse of stored features.</summary>
[Collection(TensorCollection.Name)]
public sealed class TrialRunnerTests : IDisposable
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
    public void HalfOfAnOddNumberOfEpochsIsRoundedUp()
    {
        // A training of two epochs is the beginning of one of three: the same seeds, and a learning rate that has not decayed yet.
        var (three, two) = (Run(epochs: 3), Run(epochs: 2));
        Assert.Equal(Json.Write(two.Outputs[TrialOutput.Deep]), Json.Write(three.Outputs[TrialOutput.HalfWay(TrialOutput.Deep)]));
        Assert.NotEqual(Json.Write(two.Outputs[TrialOutput.Deep]), Json.Write(two.Outputs[TrialOutput.HalfWay(TrialOutput.Deep)]));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void ATrialWithStoredFeaturesReadsNoRecording()
    {
        var (corpus, first) = Trial(epochs: 1);
        foreach (var recording in corpus.Recordings)
            File.Delete(recording.Path);
        var again = Trial(corpus, epochs: 1);
        Assert.Equal(Json.Write(first.Outputs), Json.Write(again.Outputs));
        Assert.True(again.Times.SampleMilliseconds > 0);
    }

    private TrialResult Run(int epochs) => Trial(epochs).Result;

    private (Corpus Corpus, TrialResult Result) Trial(int epochs)
    {
        var corpus = SimulatedCorpus.Open(SweepProcess.Profile.Simulated, _folder.Path);
        return (corpus, Trial(corpus, epochs));
    }

    private TrialResult Trial(Corpus corpus, int epochs)
    {
        var training = SweepProcess.Profile.Training with { Epochs = epochs, LearningRateDecayEpochs = 3 };
        var profile = SweepProcess.Profile with { Training = training, Seeds = [1] };
        using var runner = new TrialRunner(corpus, new Pipeline(_folder.File("features"), CPU));
        var trial = Experiment.Trials(new Variant("PSTNN", profile.Settings), profile, corpus)[0];
        return runner.Run(trial, profile.Splits(corpus)[0]).Result;
    }
}
