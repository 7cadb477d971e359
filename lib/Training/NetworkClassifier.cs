using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>A network and its training as one system; its scores are the probabilities of the deep output.</summary>
/// <param name="network">The network; disposed of with the classifier.</param>
/// <param name="options">How it is trained.</param>
/// <param name="device">Where the arithmetic runs.</param>
public sealed class NetworkClassifier(DeviceNetwork network, TrainingOptions options, Device device) : IDeviceClassifier
{
    private const string Kind = "network";

    /// <summary>The network.</summary>
    public DeviceNetwork Network { get; } = network;

    /// <summary>The training, once there was one; null before.</summary>
    public TrainingLog? Log { get; private set; }

    /// <summary>Called with the number of epochs done, after each.</summary>
    public Action<int>? AfterEpoch { get; init; }

    /// <summary>Told after each batch.</summary>
    public IProgress<EpochReport>? Training { get; init; }

    /// <inheritdoc/>
    public void Fit(TrainDataset train, IProgress<WorkProgress>? progress = null) =>
        Log = new Trainer(Network, options, device).Fit(train, Training, afterEpoch: AfterEpoch);

    /// <inheritdoc/>
    public Tensor Scores(SampleBatch samples)
    {
        if (Log is null)
            throw new InvalidOperationException("The network has not been trained: call Fit first, or Load.");
        using var scope = NewDisposeScope();
        return Network.Predict(samples.Supervectors, samples.Segments, device: device).Deep.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Save(string path)
    {
        var (about, tensors) = Contents();
        TensorFile.Write(path, Kind, about, tensors);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public static NetworkClassifier Load(string path, Device device)
    {
        using var scope = NewDisposeScope();
        var (text, stored) = TensorFile.Read(path, Kind);
        return Restore(path, text, stored, device);
    }

    /// <summary>What a file keeps: a description, and weights and statistics, which stay the network's.</summary>
    internal (string About, IReadOnlyList<(string Name, Tensor Tensor)> Tensors) Contents() => Log is null
        ? throw new InvalidOperationException("The network has not been trained: there is nothing to save.")
        : (Json.WriteCompact(new About((Network as Pstnn)?.Options, (Network as PreviousWork)?.Options, options, Log)), State(Network));

    /// <summary>Builds a trained network from <see cref="Contents"/>.</summary>
    /// <exception cref="ModelFileException">They do not fit together; <paramref name="path"/> is named.</exception>
    internal static NetworkClassifier Restore(string path, string text, IReadOnlyList<(string Name, Tensor Tensor)> stored, Device device)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (network, about) = Rebuild(path, text, stored.Sum(s => s.Tensor.numel()));
        var state = State(network);
        if (!state.Select(Shape).SequenceEqual(stored.Select(Shape)))
        {
            network.Dispose();
            throw new ModelFileException(path, "its tensors are not those of the network that it describes; make it again.");
        }

        foreach (var ((_, target), (_, tensor)) in state.Zip(stored))
            target.copy_(tensor);
        network.to(device);
        return new NetworkClassifier(network, about.Training, device) { Log = about.Log };
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    private static (DeviceNetwork Network, About About) Rebuild(string path, string text, long numbers)
    {
        try
        {
            var about = Json.Read<About>(text);
            about.Pstnn?.Validate();
            about.PreviousWork?.Validate();
            if ((about.Pstnn is { } pstnn ? LeastParameters.Of(pstnn) : 0) > numbers || (about.PreviousWork is { } previous ? LeastParameters.Of(previous) : 0) > numbers)
                throw new ModelFileException(path, "it describes a larger network than it holds; make it again.");
            return about switch
            {
                { Pstnn: { } options } => (Pstnn.Create(options, about.Training.Seed), about),
                { PreviousWork: { } options } => (PreviousWork.Create(options, about.Training.Seed), about),
                _ => throw new ModelFileException(path, "it names no network; make it again."),
            };
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or OptionsException)
        {
            throw new ModelFileException(path, $"its description cannot be used ({error.Message}): it may be of another version; make it again.");
        }
    }

    private static (string, ScalarType, string) Shape((string Name, Tensor Tensor) entry) => (entry.Name, entry.Tensor.dtype, string.Join('x', entry.Tensor.shape));

    private static List<(string Name, Tensor Tensor)> State(DeviceNetwork network) =>
        [.. network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)), .. network.named_buffers().Select(b => (b.name, b.buffer))];

    private sealed record About(PstnnOptions? Pstnn, PreviousWorkOptions? PreviousWork, TrainingOptions Training, TrainingLog Log);
}
