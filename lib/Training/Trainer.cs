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
/// All randomness follows from (seed, epoch, batch): the samples of a batch (<see cref="BatchSampler"/>), and libtorch's generators, which
/// are seeded before each batch; dropout uses them on every device. A training that was cancelled or killed and resumed ends with the same
/// weights, log (except times) and stored tensors, bit for bit on the CPU.
/// </remarks>
/// <param name="network">The network, trained in place.</param>
/// <param name="options">Settings.</param>
/// <param name="device">The device that computes; network and samples are moved there.</param>
internal sealed class Trainer(DeviceNetwork network, TrainingOptions options, Device device)
{
    /// <summary>A training evaluates held-out samples this often, evenly spaced, for its learning curve.</summary>
    private const int Evaluations = 8;

    /// <summary>Receives each finished epoch; those before the training was resumed first.</summary>
    public IProgress<EpochResult>? Epochs { get; init; }

    /// <summary>
    /// Returns the network's accuracy on held-out samples, in [0, 1]. Called after some of the epochs, the last among them; the training
    /// itself does not use it. Null for no evaluation.
    /// </summary>
    public Func<double>? HeldOutAccuracy { get; init; }

    /// <summary>Trains the network.</summary>
    /// <param name="data">The training samples.</param>
    /// <param name="progress">Receives a report after each batch.</param>
    /// <param name="checkpoints">Where the state is saved and resumed from; null for no checkpoints.</param>
    /// <param name="afterEpoch">
    /// Called after each epoch with the number of finished epochs; may call Predict on the network. The tensors that it returns are copied
    /// (tensors that it created are freed), stored with the checkpoints, and returned at the end; null stores none.
    /// </param>
    /// <param name="cancellationToken">Stops between two batches, after writing a checkpoint.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    /// <exception cref="ArgumentException">There are too few samples, or the network is for another number of devices.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="NotFiniteNumberException">The loss of a batch is NaN or infinite.</exception>
    public TrainingResult Fit(
        TrainDataset data, IProgress<EpochReport>? progress = null, Checkpoints? checkpoints = null,
        Func<int, IReadOnlyDictionary<string, Tensor>?>? afterEpoch = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        if (data.Count < 2)
            throw new ArgumentException($"There are {data.Count} training samples: batch normalisation needs at least 2.", nameof(data));
        if (data.Devices.Count != network.Shape.Devices)
            throw new ArgumentException(
                $"The network has {network.Shape.Devices} classes, but the samples come from {data.Devices.Count} devices.", nameof(data));

        network.to(device);
        network.train();
        using var optimiser = new Adam(network.parameters());
        using var samples = new SamplesOnDevice(data, device);
        var writer = checkpoints is null ? null
            : new CheckpointWriter(checkpoints, network, optimiser, options, data, cancellationToken);
        using var state = writer?.Restore() ?? new TrainingState();
        var report = new Reporter(progress, options.Epochs, state);
        state.Log.ForEach(epoch => Epochs?.Report(epoch));
        try
        {
            SetPrecision(options.Precision);
            while (state.Log.Count < options.Epochs)
            {
                RunRemainingBatches(state, samples, optimiser, report, writer, cancellationToken);
                FinishEpoch(state, afterEpoch);
                Epochs?.Report(state.Log[^1]);
            }
        }
        catch (OperationCanceledException)
        {
            writer?.Write(state);
            throw;
        }
        finally
        {
            SetPrecision(MatmulPrecision.Single);
        }

        writer?.End(state);
        return state.ToResult();
    }

    private void SetPrecision(MatmulPrecision precision)
    {
        ComputeDevice.AllowTensorFloat32(precision != MatmulPrecision.Single);
        foreach (var layer in network.modules().OfType<AcceleratedLinear>())
            layer.InBFloat16 = precision == MatmulPrecision.BFloat16;
    }

    /// <summary>Runs the remaining batches of the current epoch.</summary>
    private void RunRemainingBatches(
        TrainingState state, SamplesOnDevice samples, Adam optimiser, Reporter report, CheckpointWriter? writer,
        CancellationToken cancellationToken)
    {
        var loss = options.Loss.Create();
        var sampler = new BatchSampler(samples.Count, options.BatchSize, options.Seed, options.SamplesPerEpoch);
        var singleThreadedLibtorch = Kernels.KernelsDoAllLargeProducts(network, device, options.BatchSize);
        var (secondsBefore, clock) = (state.Epoch.Seconds, Stopwatch.StartNew());
        foreach (var batch in sampler.Batches(state.Log.Count).Skip(state.Epoch.Batches))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using (ComputeScope.Enter(singleThreadedLibtorch))
            {
                var sums = Step(state, batch, samples, loss, optimiser);
                state.Epoch = sums with { Seconds = secondsBefore + clock.Elapsed.TotalSeconds };
            }

            report.Batch(state, sampler.BatchCount);
            writer?.WriteIfDue(state);
        }
    }

    /// <summary>Trains on one batch: forward, backward, optimiser step.</summary>
    private EpochSums Step(TrainingState state, long[] batch, SamplesOnDevice samples, ILoss loss, Adam optimiser)
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

    /// <summary>
    /// Evaluates and calls <paramref name="afterEpoch"/>, then logs the epoch: if a call is cancelled, the epoch is not finished yet.
    /// </summary>
    private void FinishEpoch(TrainingState state, Func<int, IReadOnlyDictionary<string, Tensor>?>? afterEpoch)
    {
        var (epoch, sums) = (state.Log.Count, state.Epoch);
        using (NewDisposeScope())
            state.StoreTensors(afterEpoch?.Invoke(epoch + 1) ?? new Dictionary<string, Tensor>());
        state.Log.Add(new EpochResult(epoch + 1, sums.MeanLoss(), sums.Accuracy(), options.LearningRateIn(epoch), sums.Seconds)
        {
            HeldOutAccuracy = IsEvaluatedAfter(epoch + 1) ? HeldOutAccuracy?.Invoke() : null,
        });
        state.Epoch = EpochSums.None;
    }

    private bool IsEvaluatedAfter(int epoch) =>
        epoch == options.Epochs || epoch % ((options.Epochs + Evaluations - 1) / Evaluations) == 0;

    /// <summary>Reports the progress of the training, and the time left at the speed since it started or was resumed.</summary>
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

    /// <summary>The samples on the network's device: moved there once; batches are selected there.</summary>
    private sealed class SamplesOnDevice(TrainDataset data, Device device) : IDisposable
    {
        private readonly Tensor _supervectors = Move(data.Supervectors, device);
        private readonly Tensor _segments = Move(data.Segments, device);
        private readonly Tensor _labels = Move(data.Labels, device);

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

        private static Tensor Move(Tensor tensor, Device device)
        {
            using var scope = NewDisposeScope();
            return tensor.to(device).alias().DetachFromDisposeScope();
        }
    }
}
