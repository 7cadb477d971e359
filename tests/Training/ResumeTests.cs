using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Tests.Models;

namespace DeviceId.Tests.Training;

[Collection(TensorCollection.Name)]
public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task AProcessKilledRepeatedlyEndsWithTheSameBits()
    {
        // At the first batch, which has no checkpoint yet; in the middle of an epoch; at its end; and once at an arbitrary moment.
        await KillAt((1, 1));
        Assert.False(File.Exists(Checkpoint));
        await KillAt((9, 2));
        Assert.True(File.Exists(Checkpoint));
        await KillAt((20, 3));
        await KillAnywhere();

        // Not earlier: libtorch's thread count belongs to the calling thread, and the code after an await may run on another.
        using var single = new SingleThread();
        using var data = TrainingSamples.Make();
        using var resumed = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingProcess.Options.Seed);
        var trained = 0;
        var log = TrainingSamples.Fit(resumed, data, TrainingProcess.Options, _ => trained++, TrainingSamples.AfterEveryBatch(Checkpoint));
        // Of the three batches in each epoch, the two before (20, 3) were in the checkpoint.
        Assert.InRange(trained, 0, 3 * (TrainingProcess.Options.Epochs - 20) + 1);
        Assert.Equal(Enumerable.Range(1, TrainingProcess.Options.Epochs), log.Epochs.Select(e => e.Epoch));
        Assert.Equal(TrainingSamples.Trained(data, TrainingProcess.Options), TrainingSamples.State(resumed));
    }

    private string Checkpoint => TrainingProcess.CheckpointFile(_folder.Path);

    private async Task KillAt((int Epoch, int Batch) halt)
    {
        var halted = TrainingProcess.HaltedFile(_folder.Path);
        File.Delete(halted);
        using var process = TrainingProcess.Start(_folder.Path, halt);
        await ChildTest.KillHaltedAsync(process, halted);
    }

    /// <summary>Kills a process that keeps running.</summary>
    private async Task KillAnywhere()
    {
        using var process = TrainingProcess.Start(_folder.Path, halt: null);
        await ChildTest.KillAfterAsync(process, steps: 4);
    }
}
