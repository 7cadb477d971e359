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
/// before each batch, with dropout on every device. A run that was cancelled or killed and resumed ends with the same weights,
/// log (but for seconds) and kept tensors, bit for bit on the CPU.
/// </remarks>
/// <param name="network">The network; trained in place.</param>
/// <param name="options">Settings.</param>
/// <param name="device">Where the arithmetic runs; network and samples are moved there.</param>
internal sealed class Trainer(DeviceNetwork network, TrainingOptions options, Device device)
{
    /// <summary>Trains.</summary>
    /// <param name="data">The training samples.</param>
    /// <param name="progress">Reports after each batch.</param>
    /// <param name="checkpoints">Where the state is kept and resumed from; null for no checkpoints.</param>
    /// <param name="afterEpoch">
    /// Called after each epoch with the number of epochs done; may call Predict on the network. The tensors that it returns are copied
    /// (what it made is freed), kept with the checkpoints, and returned at the end; null keeps none.
    /// </param>
    /// <param name="cancellationToken">Stops between two batches, after a checkpoint.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    /// <exception cref="ArgumentException">Too few samples, or a network for another number of devices.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="NotFiniteNumberException">The loss of a batch is NaN or infinite.</exception>
    public TrainingResult Fit(
        TrainDataset data, IProgress<EpochReport>? progress = null, Checkpoints? checkpoints = null,
        Func<int, IReadOnlyDictionary<string, Tensor>?>? afterEpoch = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        if (data.Count < 2)
            throw new ArgumentException($"There are {data.Count} training samples: batch normalisation needs two at least.", nameof(data));
        if (data.Devices.Count != network.Shape.Devices)
            throw new ArgumentException(
                $"The network tells {network.Shape.Devices} devices apart, the samples come from {data.Devices.Count}.", nameof(data));

        network.to(device);
        network.train();
        using var optimiser = new Adam(network.parameters());
        using var samples = new OnDevice(data, device);
        var writer = checkpoints is null ? null
            : new CheckpointWriter(checkpoints, network, optimiser, options, data, cancellationToken);
        using var state = writer?.Restore() ?? new TrainingState();
        var report = new Reporter(progress, options.Epochs, state);
        try
        {
            MultiplyIn(options.Precision);
            while (state.Log.Count < options.Epochs)
            {
                RunEpoch(state, samples, optimiser, report, writer, cancellationToken);
                FinishEpoch(state, afterEpoch);
            }
        }
        catch (OperationCanceledException)
        {
            writer?.Write(state);
            throw;
        }
        finally
        {
            MultiplyIn(MatmulPrecision.Single);
        }

        writer?.End(state);
        return state.ToResult();
    }

    private void MultiplyIn(MatmulPrecision precision)
    {
        ComputeDevice.AllowTensorFloat32(precision != MatmulPrecision.Single);
        foreach (var layer in network.modules().OfType<AcceleratedLinear>())
            layer.InBFloat16 = precision == MatmulPrecision.BFloat16;
    }

    /// <summary>The batches of an epoch that are still to be done.</summary>
    private void RunEpoch(
        TrainingState state, OnDevice samples, Adam optimiser, Reporter report, CheckpointWriter? writer,
        CancellationToken cancellationToken)
    {
        var loss = options.Loss.Create();
        var sampler = new BatchSampler(samples.Count, options.BatchSize, options.Seed, options.SamplesPerEpoch);
        var libtorchAlone = Kernels.LeaveLibtorchLittle(network, device, options.BatchSize);
        var (before, clock) = (state.Epoch.Seconds, Stopwatch.StartNew());
        foreach (var batch in sampler.Batches(state.Log.Count).Skip(state.Epoch.Batches))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using (ComputeScope.Enter(libtorchAlone))
            {
                var sums = Step(state, batch, samples, loss, optimiser);
                state.Epoch = sums with { Seconds = before + clock.Elapsed.TotalSeconds };
            }

            report.Batch(state, sampler.BatchCount);
            writer?.WriteIfDue(state);
        }
    }

    /// <summary>One batch: forward, backward, step.</summary>
    private EpochSums Step(TrainingState state, long[] batch, OnDevice samples, ILoss loss, Adam optimiser)
    {
        var (epoch, sums) = (state.Log.Count, state.Epoch);
        Seeds.Set(Seeds.Derive(options.Seed, $"epoch {epoch} batch", sums.Batches));
        using var scope = NewDisposeScope();
        var (supervectors, segments, labels) = samples.Take(batch);
        using var output = network.call(supervectors, segments);
        var batchLoss = loss.Compute(output, labels);
        optimiser.ZeroGradients();
        batchLoss.backward();
        optimiser.Step(options.LearningRateIn(epoch));

        var value = batchLoss.item<float>();
        if (!float.IsFinite(value))
            throw new NotFiniteNumberException(
                $"The loss is {value} in epoch {epoch + 1}, batch {sums.Batches + 1}: look for values that are not finite "
                + $"among the samples, or lower LearningRate ({options.LearningRateIn(epoch)}).", value);
        return sums with
        {
            Batches = sums.Batches + 1,
            Loss = sums.Loss + (value * batch.Length),
            Right = sums.Right + output.Deep.argmax(1).eq(labels).sum().item<long>(),
            Seen = sums.Seen + batch.Length,
        };
    }

    /// <summary>The call after the epoch, then its entry in the log: cancelled within the call, the epoch is not over yet.</summary>
    private void FinishEpoch(TrainingState state, Func<int, IReadOnlyDictionary<string, Tensor>?>? afterEpoch)
    {
        var (epoch, sums) = (state.Log.Count, state.Epoch);
        using (NewDisposeScope())
            state.Keep(afterEpoch?.Invoke(epoch + 1) ?? new Dictionary<string, Tensor>());
        state.Log.Add(new EpochResult(epoch + 1, sums.MeanLoss(), sums.Accuracy(), options.LearningRateIn(epoch), sums.Seconds));
        state.Epoch = EpochSums.None;
    }

    /// <summary>Tells how far the training is, and the time left at the pace since it began or was resumed.</summary>
    private sealed class Reporter(IProgress<EpochReport>? progress, int epochs, TrainingState start)
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private readonly (int Epochs, int Batches) _start = start.Position;

        public void Batch(TrainingState state, int batches)
        {
            double Epochs((int Epochs, int Batches) position) => position.Epochs + (position.Batches / (double)batches);
            var done = (Epochs(state.Position) - Epochs(_start)) / (epochs - Epochs(_start));
            progress?.Report(new EpochReport(
                state.Log.Count + 1, epochs, state.Epoch.Batches, batches, state.Epoch.MeanLoss(), state.Epoch.Accuracy(), _clock.Elapsed,
                _clock.Elapsed * ((1 - done) / done)));
        }
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
