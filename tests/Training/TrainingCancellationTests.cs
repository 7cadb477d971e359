using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Tests.Training;

/// <summary>The paper's network: 16 million weights, a checkpoint of 190 MB.</summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class TrainingCancellationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Pstnn _network = Pstnn.Create(new PstnnOptions(), SampleShape.AsWritten, 1);

    public void Dispose()
    {
        _network.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void CancellationIsNoticedDuringABatchAndACheckpointIsWrittenFirst()
    {
        using var data = Samples(count: 1024);
        var checkpoints = new Checkpoints(_folder.File("checkpoint"), notice => Assert.Fail(notice));
        var trainer = new Trainer(_network, new TrainingOptions(), CPU);
        Cancellation.IsNoticed((CancellationTokenSource stop) =>
        {
            var cancelDuringNextBatch = new OnReport(_ => stop.CancelAfter(TimeSpan.FromMilliseconds(50)));
            trainer.Fit(data, cancelDuringNextBatch, checkpoints, cancellationToken: stop.Token).Dispose();
        });
        Assert.InRange(new FileInfo(checkpoints.Path).Length, 150_000_000, 250_000_000);
    }

    [Fact]
    public void CancellationIsNoticedWhileTheSamplesAreHashedForTheCheckpoint()
    {
        using var data = Samples(count: 60_000, repeated: true);
        Cancellation.IsNoticed(token => Checkpoint.Fingerprint(data, token));
    }

    [Fact]
    public void CancellationIsNoticedDuringPredictionAndForAttentionWeights()
    {
        using var data = Samples(count: 20_000, repeated: true);
        Cancellation.IsNoticed(token => _network.Predict(data.Supervectors, data.Segments, cancellationToken: token).Dispose());
        Cancellation.IsNoticed(token => _network.AttentionWeights(data.Supervectors, data.Segments, cancellationToken: token)!.Dispose());
    }

    /// <summary>Random samples; a single repeated sample costs no memory.</summary>
    private static TrainDataset Samples(int count, bool repeated = false)
    {
        using var scope = NewDisposeScope();
        var options = SampleShape.AsWritten;
        var different = repeated ? 1 : count;
        var devices = Enumerable.Range(0, options.Devices).Select(d => $"{d}").ToList();
        var recordings = devices.Select(device => new Recording($"/{device}.wav", device, "1", device, 32000, 1)).ToList();
        return new TrainDataset(
            randn(different, options.SupervectorLength).expand(count, -1),
            randn(different, options.Frames, options.Coefficients).expand(count, -1, -1),
            arange(count, ScalarType.Int64).remainder(devices.Count), [.. Enumerable.Range(0, count).Select(i => i % devices.Count)],
            devices, recordings);
    }
}
