using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Tests.Models;
using DeviceId.Tests.Soak;
using static TorchSharp.torch;

namespace DeviceId.Tests.Experiments;

/// <summary>What a trial keeps besides its last answers.</summary>
[Collection(TensorCollection.Name)]
public sealed class LaboratoryTests : IDisposable
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
    public void AnOddNumberOfEpochsIsHalfDoneAfterTheMiddleOne()
    {
        // A training of two epochs is the beginning of one of three: the same seeds, and a learning rate that has not fallen yet.
        var (three, two) = (Run(epochs: 3), Run(epochs: 2));
        Assert.Equal(Json.Write(two.Outputs[TrialOutput.Deep]), Json.Write(three.Outputs[TrialOutput.HalfWay(TrialOutput.Deep)]));
        Assert.NotEqual(Json.Write(two.Outputs[TrialOutput.Deep]), Json.Write(two.Outputs[TrialOutput.HalfWay(TrialOutput.Deep)]));
    }

    [Fact]
    public void WhatIsTimedIsTheFirstRecordingWithAWholeSegmentOrElseTheLongest()
    {
        var options = new FrontEndOptions();
        var segment = options.Mfcc.Grid(8000).Samples(options.SegmentFrames) / 8000.0;
        Recording Lasting(string name, double seconds) => new(name, "d", "s", name, 8000, seconds);
        Recording[] recordings = [Lasting("short", 0.2 * segment), Lasting("almost", segment - 1 / 8000.0), Lasting("exact", segment), Lasting("long", 9 * segment)];
        Assert.Equal("exact", Laboratory.LongEnough(recordings, options).Path);
        Assert.Equal("almost", Laboratory.LongEnough(recordings[..2], options).Path);
    }

    private TrialResult Run(int epochs)
    {
        var profile = SweepProcess.Profile with { Training = SweepProcess.Profile.Training with { Epochs = epochs, LearningRateDecayEpochs = 3 }, Seeds = [1] };
        var corpus = SimulatedCorpus.Open(profile.Simulated, _folder.Path);
        using var laboratory = new Laboratory(corpus, _folder.File("features"), CPU);
        var trial = Experiment.Trials(ExperimentCatalog.Named("05-attention").Variants(profile, corpus.Devices.Count)[0], profile, corpus)[0];
        return laboratory.Run(trial, profile.Splits(corpus)[0]);
    }
}
