using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Tests.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Tests.Training;

/// <summary>A training that takes milliseconds: random samples, whose labels can only be memorised.</summary>
internal static class TrainingSamples
{
    public static PstnnOptions Network { get; } = TinyNetwork.Options;

    /// <summary>Three batches in an epoch, and a learning rate that falls twice in six epochs.</summary>
    public static TrainingOptions Options { get; } = new()
    {
        Epochs = 6, BatchSize = 8, LearningRate = 0.01, LearningRateDecayEpochs = 2, LearningRateDecayFactor = 0.5, Seed = 5,
    };

    public static TrainDataset Make(int samples = 24, long seed = 1)
    {
        Seeds.Set(seed);
        var (supervectors, segments, labels) = TinyNetwork.Batch(samples);
        var devices = Enumerable.Range(0, TinyNetwork.Shape.Devices).Select(d => $"device {d}").ToList();
        var recordings = Enumerable.Range(0, samples)
            .Select(i => new Recording($"/{i}.wav", devices[i % devices.Count], $"{i}", $"{i}", 32000, 1)).ToList();
        return new TrainDataset(supervectors, segments, labels, [.. Enumerable.Range(0, samples)], devices, recordings);
    }

    /// <summary>All weights and statistics of a network trained from its seed, as bytes.</summary>
    public static byte[] Trained(TrainDataset data, TrainingOptions options, Checkpoints? checkpoints = null)
    {
        using var network = Pstnn.Create(Network, TinyNetwork.Shape, options.Seed);
        Fit(network, data, options, checkpoints: checkpoints);
        return State(network);
    }

    /// <summary>Trains on the CPU and stops when the test is cancelled.</summary>
    public static TrainingLog Fit(
        Pstnn network, TrainDataset data, TrainingOptions? options = null, Action<EpochReport>? onReport = null,
        Checkpoints? checkpoints = null)
    {
        var progress = onReport is null ? null : new OnReport(onReport);
        var cancelled = TestContext.Current.CancellationToken;
        using var result = new Trainer(network, options ?? Options, CPU).Fit(data, progress, checkpoints, cancellationToken: cancelled);
        return result.Log;
    }

    /// <summary>Writes a checkpoint after every batch, which stays when the training ends; any problem with it fails the test.</summary>
    public static Checkpoints AfterEveryBatch(string path) =>
        new(path, notice => Assert.Fail(notice)) { Interval = TimeSpan.Zero, RemoveAtEnd = false };

    /// <summary>All weights and statistics, as bytes.</summary>
    public static byte[] State(Pstnn network)
    {
        using var scope = NewDisposeScope();
        return [.. network.state_dict().SelectMany(entry => entry.Value.detach().cpu().contiguous().bytes.ToArray())];
    }
}

/// <summary>Reports synchronously, on the trainer's thread; <see cref="Progress{T}"/> would use another.</summary>
internal sealed class OnReport(Action<EpochReport> action) : IProgress<EpochReport>
{
    public void Report(EpochReport value) => action(value);
}
