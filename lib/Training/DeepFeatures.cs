using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>
/// Deep features of frames: the bottleneck of a network over stacked frames, trained to name devices or to reproduce its input.
/// </summary>
/// <remarks>
/// Each coefficient is standardised over the training frames. The ends of a recording are continued with its first and last frame, so that
/// there are as many deep features as frames. A constant channel moves the input, and is kept as far as the network tells it apart.
/// </remarks>
internal sealed class DeepFeatures : IDisposable
{
    private const string Kind = "deep features";
    private const int Version = 1;
    private const int ChunkFrames = 4096;
    private const float MinStandardDeviation = 1e-6f;
    private const double FinalRateFactor = 0.1;

    private readonly StackedFramesNetwork _network;
    private readonly Tensor _mean;
    private readonly Tensor _scale;
    private readonly Device _device;
    private readonly About _about;

    private DeepFeatures(About about, Tensor mean, Tensor scale, Device device)
    {
        (_about, _device) = (about, device);
        _mean = mean.to(device).alias().DetachFromDisposeScope();
        _scale = scale.to(device).alias().DetachFromDisposeScope();
        _network = CreateNetwork(about, device);
    }

    /// <summary>Number of deep features of a frame.</summary>
    public int Dimension => _about.Options.Bottleneck;

    /// <summary>Mean loss of each epoch: cross-entropy (nats), or mean squared error in units of the standardised coefficients.</summary>
    public IReadOnlyList<double> Losses { get; private set; } = [];

    /// <summary>Trains a network on the frames of recordings.</summary>
    /// <param name="frames">For each recording (frame, coefficient), finite; empty ones are skipped.</param>
    /// <param name="labels">The class of each recording, from 0: trains a classifier. Null: trains an auto-encoder.</param>
    /// <param name="options">Settings.</param>
    /// <param name="device">Device that computes.</param>
    /// <param name="progress">Reports each epoch.</param>
    /// <param name="cancellationToken">Checked before each batch.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    /// <exception cref="ArgumentException">There are no frames, their shapes differ, or the labels do not fit.</exception>
    /// <exception cref="NotFiniteNumberException">The loss is NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DeepFeatures Fit(
        IReadOnlyList<Tensor> frames, IReadOnlyList<int>? labels, DeepFeatureOptions options, Device device,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        Check(frames, labels);
        using var scope = NewDisposeScope();
        var data = new Stacks(frames, options.Context, device);
        var (mean, scale) = (data.Frames.mean([0]), data.Frames.std(0, unbiased: false).clamp_min(MinStandardDeviation));
        Seeds.Set(Seeds.Derive(options.Seed, "weights"));
        var about = new About(Version, options, (int)data.Frames.shape[1], labels?.Max() + 1);
        var features = new DeepFeatures(about, mean, scale, device);
        try
        {
            features.Train(data, labels is null ? null : data.Label(labels), progress, cancellationToken);
            return features;
        }
        catch
        {
            features.Dispose();
            throw;
        }
    }

    /// <summary>Computes the deep features of one recording.</summary>
    /// <param name="frames">(frame, coefficient).</param>
    /// <param name="cancellationToken">Checked before each chunk of frames.</param>
    /// <returns>(frame, deep feature), float32 on the CPU.</returns>
    /// <exception cref="ArgumentException">The number of coefficients differs from that of the training.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor Compute(Tensor frames, CancellationToken cancellationToken = default)
    {
        if (frames.dim() != 2 || frames.shape[1] != _about.Coefficients)
            throw new ArgumentException(
                $"The frames are ({string.Join(", ", frames.shape)}); they must be (frame, {_about.Coefficients}).", nameof(frames));
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        if (frames.shape[0] == 0)
            return empty([0, Dimension], device: CPU).MoveToOuterDisposeScope();
        var data = new Stacks([frames], _about.Options.Context, _device);
        var parts = new List<Tensor>();
        for (long start = 0; start < data.Count; start += ChunkFrames)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var chunk = NewDisposeScope();
            var index = arange(start, Math.Min(start + ChunkFrames, data.Count), dtype: ScalarType.Int64, device: _device);
            parts.Add(_network.Bottleneck(Standardise(data.Take(index))).cpu().MoveToOuterDisposeScope());
        }

        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    /// <summary>Writes the trained network to a file, atomically; see <see cref="Load"/>.</summary>
    public void Save(string path)
    {
        var (about, tensors) = Contents();
        TensorFile.Write(path, Kind, about, tensors);
    }

    /// <summary>Reads a file of <see cref="Save"/>.</summary>
    /// <exception cref="ModelFileException">The file is missing, damaged or of another kind.</exception>
    public static DeepFeatures Load(string path, Device device)
    {
        using var scope = NewDisposeScope();
        var (text, stored) = TensorFile.Read(path, Kind);
        return Restore(path, text, stored, device);
    }

    /// <summary>The contents of a file: a description in JSON, and the tensors, which still belong to this object.</summary>
    internal (string About, IReadOnlyList<(string Name, Tensor Tensor)> Tensors) Contents() => (Json.WriteCompact(_about),
        [("mean", _mean), ("deviation", _scale), .. _network.named_parameters().Select(p => (p.name, (Tensor)p.parameter))]);

    /// <summary>Restores deep features from <see cref="Contents"/>.</summary>
    /// <exception cref="ModelFileException">Description and tensors do not match; the message names <paramref name="path"/>.</exception>
    internal static DeepFeatures Restore(string path, string text, IReadOnlyList<(string Name, Tensor Tensor)> stored, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var about = ReadDescription(path, text);
        CheckTensors(path, about, stored);
        var features = new DeepFeatures(about, stored[0].Tensor, stored[1].Tensor, device);
        foreach (var (parameter, entry) in features._network.named_parameters().Zip(stored.Skip(2)))
            parameter.parameter.copy_(entry.Tensor);
        return features;
    }

    /// <summary>Frees the network.</summary>
    public void Dispose()
    {
        _network.Dispose();
        _mean.Dispose();
        _scale.Dispose();
    }

    private static StackedFramesNetwork CreateNetwork(About about, Device device) => new(
        about.Options.Context * about.Coefficients, [about.Options.FirstWidth, about.Options.SecondWidth], about.Options.Bottleneck,
        about.Classes, device);

    /// <summary>Compares the file's tensors with those of the network that it describes, before memory is allocated for them.</summary>
    private static void CheckTensors(string path, About about, IReadOnlyList<(string Name, Tensor Tensor)> stored)
    {
        try
        {
            // Tensors on the meta device have shapes but no memory.
            using var shapes = CreateNetwork(about, META);
            var parameters = shapes.named_parameters().Select(p => (p.name, string.Join('x', p.parameter.shape)));
            var scale = $"{about.Coefficients}";
            if (stored.Select(entry => (entry.Name, string.Join('x', entry.Tensor.shape)))
                .SequenceEqual([("mean", scale), ("deviation", scale), .. parameters]))
                return;
        }
        catch (System.Runtime.InteropServices.ExternalException)
        {
            // The sizes are impossible.
        }

        throw new ModelFileException(
            path, "its tensors do not match the network that it describes; train the network again and save it.");
    }

    private static About ReadDescription(string path, string text)
    {
        try
        {
            var about = Json.Read<About>(text);
            if (about.Version == Version && about.Coefficients > 0 && about.Classes is null or > 0 && !about.Options.Problems().Any())
                return about;
        }
        catch (System.Text.Json.JsonException)
        {
            // The same advice.
        }

        throw new ModelFileException(path, "its description cannot be read; it may be of another version of this library: train the "
            + "network again and save it.");
    }

    private static void Check(IReadOnlyList<Tensor> frames, IReadOnlyList<int>? labels)
    {
        if (frames.Count == 0 || frames.All(matrix => matrix.shape[0] == 0))
            throw new ArgumentException("There are no frames to train on.", nameof(frames));
        if (frames.Any(matrix => matrix.dim() != 2 || matrix.shape[1] != frames[0].shape[1]))
            throw new ArgumentException("Every recording must be (frame, coefficient), all with the same coefficients.", nameof(frames));
        if (labels is not null && (labels.Count != frames.Count || labels.Min() < 0))
            throw new ArgumentException(
                $"{frames.Count} recordings need as many labels, from 0; there are {labels.Count}.", nameof(labels));
    }

    private void Train(Stacks data, Tensor? labels, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var options = _about.Options;
        using var gradients = enable_grad();
        using var optimiser = new Adam(_network.parameters());
        var sampler = new BatchSampler((int)data.Count, options.BatchSize, options.Seed, options.FramesPerEpoch);
        var losses = new List<double>();
        _network.train();
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            var (sum, seen) = (0.0, 0L);
            var rate = options.LearningRate * (3 * epoch >= 2 * options.Epochs ? FinalRateFactor : 1);
            foreach (var batch in sampler.Batches(epoch))
            {
                cancellationToken.ThrowIfCancellationRequested();
                (sum, seen) = (sum + (batch.Length * Step(data, labels, batch, optimiser, rate)), seen + batch.Length);
            }

            losses.Add(sum / seen);
            var name = labels is null ? "auto-encoder" : "bottleneck network";
            progress?.Report(new WorkProgress(name, epoch + 1, options.Epochs, FormattableString.Invariant($"loss {sum / seen:0.000}")));
        }

        _network.eval();
        Losses = losses;
    }

    /// <summary>Trains on one batch of frames.</summary>
    /// <returns>The loss before the step.</returns>
    private double Step(Stacks data, Tensor? labels, long[] batch, Adam optimiser, double rate)
    {
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        var index = tensor(batch, device: _device);
        var stacks = Standardise(data.Take(index));
        var output = _network.call(stacks);
        var loss = labels is null ? nn.functional.mse_loss(output, stacks)
            : nn.functional.cross_entropy(output, labels.index_select(0, index));
        optimiser.ZeroGradients();
        loss.backward();
        optimiser.Step(rate);
        var value = loss.item<float>();
        return float.IsFinite(value) ? value
            : throw new NotFiniteNumberException($"The loss is {value}: look for values that are not finite among the frames.", value);
    }

    /// <summary>Stacks (frame, context, coefficient) to (frame, context x coefficient), standardised.</summary>
    private Tensor Standardise(Tensor stacks) => ((stacks - _mean) / _scale).flatten(1);

    /// <summary>Frames of recordings, from which stacks are gathered when they are needed.</summary>
    private sealed class Stacks
    {
        private readonly Tensor _first;
        private readonly Tensor _last;
        private readonly Tensor _offsets;
        private readonly IReadOnlyList<Tensor> _recordings;
        private readonly Device _device;

        public Stacks(IReadOnlyList<Tensor> recordings, int context, Device device)
        {
            (_recordings, _device) = (recordings, device);
            Frames = cat(recordings.ToList(), 0).to(ScalarType.Float32, device);
            var (first, last) = (new List<long>(), new List<long>());
            foreach (var matrix in recordings)
            {
                var (start, count) = (first.Count, (int)matrix.shape[0]);
                first.AddRange(Enumerable.Repeat((long)start, count));
                last.AddRange(Enumerable.Repeat((long)start + count - 1, count));
            }

            _first = tensor(first.ToArray(), [first.Count, 1], device: device);
            _last = tensor(last.ToArray(), [last.Count, 1], device: device);
            _offsets = arange(-(context / 2), (context / 2) + 1, dtype: ScalarType.Int64, device: device);
        }

        /// <summary>All frames (frame, coefficient).</summary>
        public Tensor Frames { get; }

        public long Count => Frames.shape[0];

        /// <summary>The stacks (frame, context, coefficient) around frames.</summary>
        public Tensor Take(Tensor index)
        {
            var around = index.unsqueeze(1) + _offsets;
            var within = around.maximum(_first.index_select(0, index)).minimum(_last.index_select(0, index));
            return Frames.index_select(0, within.flatten()).view(index.shape[0], _offsets.shape[0], -1);
        }

        /// <summary>The class of each frame (frame).</summary>
        public Tensor Label(IReadOnlyList<int> labels) => tensor(
            _recordings.Zip(labels).SelectMany(pair => Enumerable.Repeat((long)pair.Second, (int)pair.First.shape[0])).ToArray(),
            device: _device);
    }

    private sealed record About(int Version, DeepFeatureOptions Options, int Coefficients, int? Classes);
}
