using DeviceId.Foundation;
using DeviceId.Data;
using DeviceId.Models;
using DeviceId.Tests.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Tests.Training;

[Collection(TensorCollection.Name)]
public sealed class CheckpointTests : IDisposable
{
    private readonly SingleThread _thread = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TrainDataset _data = TrainingSamples.Make();

    private string File => _folder.File(Checkpoint.FileName);

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
        _thread.Dispose();
    }

    [Fact]
    public void KeepingCheckpointsChangesNothing() =>
        Assert.Equal(TrainingSamples.Trained(_data, TrainingSamples.Options), TrainingSamples.Trained(_data, TrainingSamples.Options, _folder.Path));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 1)]
    [InlineData(4, 3)]
    [InlineData(6, 3)]
    public void ACancelledTrainingEndsWithTheSameBitsAndTheWholeLog(int epoch, int batch)
    {
        var undisturbed = TrainingSamples.Trained(_data, TrainingSamples.Options);
        using (var cancelled = Pstnn.Create(TrainingSamples.Network, TrainingSamples.Options.Seed))
        {
            using var stop = new CancellationTokenSource();
            var progress = new OnReport(r => { if ((r.Epoch, r.Batch) == (epoch, batch)) stop.Cancel(); });
            // After the last batch of an epoch there is nothing to cancel until the next one begins.
            var error = Record.Exception(() => new Trainer(cancelled, TrainingSamples.Options, CPU).Fit(_data, progress, _folder.Path, cancellationToken: stop.Token));
            Assert.True((epoch, batch) == (6, 3) ? error is null : error is OperationCanceledException, $"{error}");
        }

        using var resumed = Pstnn.Create(TrainingSamples.Network, TrainingSamples.Options.Seed);
        var log = TrainingSamples.Fit(resumed, _data, checkpointFolder: _folder.Path);
        Assert.Equal(undisturbed, TrainingSamples.State(resumed));
        Assert.Equal([1, 2, 3, 4, 5, 6], log.Epochs.Select(e => e.Epoch));
    }

    [Fact]
    public void AFinishedTrainingIsReadBackAndNotRepeated()
    {
        var first = TrainingSamples.Trained(_data, TrainingSamples.Options, _folder.Path);
        using var network = Pstnn.Create(TrainingSamples.Network, seed: 99);
        var log = TrainingSamples.Fit(network, _data, onReport: r => Assert.Fail($"{r} was trained again"), checkpointFolder: _folder.Path);
        Assert.Equal(6, log.Epochs.Count);
        Assert.Equal(first, TrainingSamples.State(network));
    }

    [Fact]
    public void ADamagedCheckpointIsReportedWhereverItIsDamaged()
    {
        TrainingSamples.Trained(_data, TrainingSamples.Options with { Epochs = 1 }, _folder.Path);
        var whole = System.IO.File.ReadAllBytes(File);
        foreach (var length in new[] { 0, 5, 20, whole.Length / 2, whole.Length - 1 })
            AssertDamaged(whole[..length], $"cut at {length}");
        foreach (var position in new[] { 0, 9, 40, whole.Length / 2, whole.Length - 1 })
        {
            var changed = whole.ToArray();
            changed[position] ^= 1;
            AssertDamaged(changed, $"changed at {position}");
        }

        void AssertDamaged(byte[] bytes, string how)
        {
            System.IO.File.WriteAllBytes(File, bytes);
            using var network = Pstnn.Create(TrainingSamples.Network, 1);
            var before = TrainingSamples.State(network);
            var error = Assert.Throws<CheckpointException>(() => TrainingSamples.Fit(network, _data, TrainingSamples.Options with { Epochs = 1 }, checkpointFolder: _folder.Path));
            Assert.True(error.Message.Contains("damaged", StringComparison.Ordinal) && error.Path == File, $"{how}: {error.Message}");
            Assert.True(before.SequenceEqual(TrainingSamples.State(network)), $"{how}: the weights were touched");
        }
    }

    [Fact]
    public void ACheckpointOfAnotherTrainingIsRefusedWithTheDifference()
    {
        var options = TrainingSamples.Options with { Epochs = 1 };
        TrainingSamples.Trained(_data, options, _folder.Path);
        using var otherSamples = TrainingSamples.Make(seed: 2);
        Assert.Contains("other training samples", Refused(TrainingSamples.Network, options, otherSamples), StringComparison.Ordinal);
        Assert.Contains("\"seed\":5", Refused(TrainingSamples.Network, options with { Seed = 6 }, _data), StringComparison.Ordinal);
        Assert.Contains("\"fusion\":\"attention\"", Refused(TrainingSamples.Network with { Fusion = Fusion.Concatenation }, options, _data), StringComparison.Ordinal);

        string Refused(PstnnOptions networkOptions, TrainingOptions trainingOptions, TrainDataset data)
        {
            using var network = Pstnn.Create(networkOptions, 1);
            return Assert.Throws<CheckpointException>(() => TrainingSamples.Fit(network, data, trainingOptions, checkpointFolder: _folder.Path)).Reason;
        }
    }

    [Fact]
    public void WhatAKilledWriterLeftBehindIsRemoved()
    {
        var abandoned = _folder.File($".{Checkpoint.FileName}.0123.tmp");
        System.IO.File.WriteAllText(abandoned, "half a checkpoint");
        TrainingSamples.Trained(_data, TrainingSamples.Options with { Epochs = 1 }, _folder.Path);
        Assert.Equal([File], Directory.GetFiles(_folder.Path));
    }
}
