using System.Diagnostics;
using DeviceId.Acceleration;
using DeviceId.Acceleration.Layers;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>Trains a network on training samples, and on nothing else.</summary>
/// <remarks>
/// All randomness follows from (seed, epoch, batch): the samples of a batch (<see cref="BatchSampler"/>), and libtorch's generators, seeded
/// before each batch, with dropout on every device. A run that was killed and resumed ends with the same weights, bit for bit on the CPU.
/// </remarks>
/// <param name="network">The network; trained in place.</param>
/// <param name="options">Settings.</param>
/// <param name="device">Where the arithmetic runs; network and samples are moved there.</param>
public sealed class Trainer(DeviceNetwork network, TrainingOptions options, Device device)
{
    /// <summary>Trains.</summary>
    /// <param name="data">The training samples.</param>
    /// <param name="progress">Reports after each batch.</param>
    /// <param name="checkpointFolder">Where the state is saved after each epoch and resumed from; null for no checkpoints.</param>
    /// <param name="afterEpoch">Called after each epoch with the number of epochs done; may call Predict on the network.</param>
    /// <param name="cancellationToken">Stops between two batches; the last checkpoint stays.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    /// <exception cref="ArgumentException">Too few samples, or a network for another number of devices.</exception>
    /// <exception cref="CheckpointException">The checkpoint is damaged or of another training.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="NotFiniteNumberException">The loss of a batch is NaN or infinite.</exception>
    public TrainingLog Fit(
        TrainDataset data, IProgress<EpochReport>? progress = null, string? checkpointFolder = null, Action<int>? afterEpoch = null,
        CancellationToken cancellationToken = default)
    {
        options.Validate();
        if (data.Count < 2)
            throw new ArgumentException($"There are {data.Count} training samples: batch normalisation needs two at least.", nameof(data));
        if (data.Devices.Count != network.Devices)
            throw new ArgumentException(
                $"The network tells {network.Devices} devices apart, the samples come from {data.Devices.Count}.", nameof(data));

        network.to(device);
        network.train();
        using var optimiser = new Adam(network.parameters());
        using var samples = new OnDevice(data, device);
        var path = checkpointFolder is null ? null : Path.Combine(checkpointFolder, Checkpoint.FileName);
        var fingerprint = path is null ? "" : Checkpoint.Fingerprint(data);
        var log = new List<EpochResult>(path is null ? [] : Checkpoint.Read(path, network, optimiser, options, fingerprint) ?? []);
        var clock = Stopwatch.StartNew();
        var first = log.Count;
        try
        {
            MultiplyIn(options.Precision);
            for (var epoch = first; epoch < options.Epochs; epoch++)
            {
                log.Add(RunEpoch(epoch, first, samples, optimiser, clock, progress, cancellationToken));
                if (path is not null)
                    Checkpoint.Write(path, network, optimiser, options, fingerprint, log);
                afterEpoch?.Invoke(epoch + 1);
            }
        }
        finally
        {
            MultiplyIn(ProductPrecision.Single);
        }

        return new TrainingLog(log);
    }

    private void MultiplyIn(ProductPrecision precision)
    {
        ComputeDevice.AllowTensorFloat32(precision != ProductPrecision.Single);
        foreach (var layer in network.modules().OfType<AcceleratedLinear>())
            layer.InBFloat16 = precision == ProductPrecision.BFloat16;
    }

    private EpochResult RunEpoch(
        int epoch, int first, OnDevice samples, Adam optimiser, Stopwatch clock, IProgress<EpochReport>? progress,
        CancellationToken cancellationToken)
    {
        var loss = new DeepAndShallowLoss(options.LossWeights);
        var sampler = new BatchSampler(samples.Count, options.BatchSize, options.Seed, options.SamplesPerEpoch);
        var rate = options.LearningRateIn(epoch);
        var began = clock.Elapsed;
        double lossSum = 0;
        long seen = 0, right = 0;
        var batches = 0;
        var libtorchAlone = Kernels.LeaveLibtorchLittle(network, device, options.BatchSize);
        foreach (var batch in sampler.Batches(epoch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Seeds.Set(Seeds.Derive(options.Seed, $"epoch {epoch} batch", batches));
            using var work = ComputeScope.Enter(libtorchAlone);
            using var scope = NewDisposeScope();
            var (supervectors, segments, labels) = samples.Take(batch);
            using var output = network.call(supervectors, segments);
            var batchLoss = loss.Of(output, labels);
            optimiser.ZeroGradients();
            batchLoss.backward();
            optimiser.Step(rate);

            var value = batchLoss.item<float>();
            if (!float.IsFinite(value))
                throw new NotFiniteNumberException(
                    $"The loss is {value} in epoch {epoch + 1}, batch {batches + 1}: look for values that are not finite "
                    + $"among the samples, or lower LearningRate ({rate}).", value);
            lossSum += value * batch.Length;
            right += output.Deep.argmax(1).eq(labels).sum().item<long>();
            seen += batch.Length;
            batches++;
            var done = (epoch - first + batches / (double)sampler.BatchCount) / (options.Epochs - first);
            progress?.Report(new EpochReport(
                epoch + 1, options.Epochs, batches, sampler.BatchCount, lossSum / seen, right / (double)seen, clock.Elapsed,
                clock.Elapsed * ((1 - done) / done)));
        }

        return new EpochResult(epoch + 1, lossSum / seen, right / (double)seen, rate, (clock.Elapsed - began).TotalSeconds);
    }

    /// <summary>The samples on the network's device: moved once, batches are selected there.</summary>
    private sealed class OnDevice(TrainDataset data, Device device) : IDisposable
    {
        private readonly Tensor _supervectors = Moved(data.Supervectors, device);
        private readonly Tensor _segments = Moved(data.Segments, device);
        private readonly Tensor _labels = Moved(data.Labels, device);

        public int Count => data.Count;

        public (Tensor Supervectors, Tensor Segments, Tensor Labels) Take(long[] indices)
        {
            var index = tensor(indices, device: _labels.device);
            return (_supervectors.index_select(0, index), _segments.index_select(0, index), _labels.index_select(0, index));
        }

        public void Dispose()
        {
            _supervectors.Dispose();
            _segments.Dispose();
            _labels.Dispose();
        }

        private static Tensor Moved(Tensor tensor, Device device)
        {
            using var scope = NewDisposeScope();
            return tensor.to(device).alias().DetachFromDisposeScope();
        }
    }
}
