using System.Runtime.InteropServices;
using System.Text.Json;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>A network and its training as one system; its scores are the probabilities of the deep output.</summary>
/// <param name="network">The network; disposed of with the classifier.</param>
/// <param name="options">How it is trained.</param>
/// <param name="device">Where the arithmetic runs.</param>
internal sealed class NetworkClassifier(DeviceNetwork network, TrainingOptions options, Device device) : IDeviceClassifier
{
    private const string Kind = "network";

    /// <summary>Format of the file: raised when its contents change their meaning, or its tensors their names.</summary>
    private const int Version = 3;

    /// <summary>The network.</summary>
    public DeviceNetwork Network { get; } = network;

    /// <summary>The training's log; null before <see cref="Fit"/>.</summary>
    public TrainingLog? Log { get; private set; }

    /// <summary>Called with the number of epochs done, after each; the tensors that it returns are <see cref="Kept"/>.</summary>
    public Func<int, IReadOnlyDictionary<string, Tensor>?>? AfterEpoch { get; init; }

    /// <summary>What <see cref="AfterEpoch"/> returned, by name, on the CPU. Freed with the classifier.</summary>
    public IReadOnlyDictionary<string, Tensor> Kept { get; private set; } = new Dictionary<string, Tensor>();

    /// <summary>Where the training keeps its state and resumes from; null for no checkpoints.</summary>
    public Checkpoints? Checkpoints { get; init; }

    /// <summary>Reports progress after each batch.</summary>
    public IProgress<EpochReport>? Training { get; init; }

    /// <inheritdoc/>
    public void Fit(TrainDataset train, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var result = new Trainer(Network, options, device).Fit(train, Training, Checkpoints, AfterEpoch, cancellationToken);
        ForgetKept();
        (Log, Kept) = (result.Log, result.Kept);
    }

    /// <inheritdoc/>
    public Tensor Scores(SampleBatch samples, CancellationToken cancellationToken = default)
    {
        if (Log is null)
            throw new InvalidOperationException("The network has not been trained: call Fit first, or Load.");
        using var scope = NewDisposeScope();
        var outputs = Network.Predict(samples.Supervectors, samples.Segments, device: device, cancellationToken: cancellationToken);
        return outputs.Deep.MoveToOuterDisposeScope();
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

    /// <summary>The contents of a file: a description, and weights and statistics, which the network owns.</summary>
    internal (string About, IReadOnlyList<(string Name, Tensor Tensor)> Tensors) Contents() => Log is null
        ? throw new InvalidOperationException("The network has not been trained: there is nothing to save.")
        : (Json.WriteCompact(new About(Version, Network.Settings, Network.Shape, options, Log)), State(Network));

    /// <summary>Builds a trained network from <see cref="Contents"/>.</summary>
    /// <exception cref="ModelFileException">They do not fit together; <paramref name="path"/> is named.</exception>
    internal static NetworkClassifier Restore(string path, string text, IReadOnlyList<(string Name, Tensor Tensor)> stored, Device device)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var about = Description(path, text);
        CheckTensors(path, about, stored);
        var network = about.Network.Build(about.Shape, CPU);
        foreach (var ((_, target), (_, tensor)) in State(network).Zip(stored))
            target.copy_(tensor);
        network.to(device);
        return new NetworkClassifier(network, about.Training, device) { Log = about.Log };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ForgetKept();
        Network.Dispose();
    }

    private void ForgetKept()
    {
        foreach (var tensor in Kept.Values)
            tensor.Dispose();
        Kept = new Dictionary<string, Tensor>();
    }

    private static About Description(string path, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var hasVersion = document.RootElement.TryGetProperty("version", out var version);
            if (!hasVersion || !version.TryGetInt32(out var number) || number != Version)
                throw new ModelFileException(
                    path, $"it holds a network in the format of another version of this library, this one reads format {Version}: "
                        + "train the network again and save it.");
            var about = Json.Read<About>(text);
            if (about.Network.Problems().Concat(about.Network.ProblemsWith(about.Shape)).FirstOrDefault() is { } problem)
                throw new ModelFileException(path, $"its network cannot be built ({problem}); make it again.");
            return about;
        }
        catch (Exception error) when (error is JsonException or OptionsException or InvalidOperationException)
        {
            throw new ModelFileException(
                path, $"its description cannot be used ({error.Message}): it may be of another version; make it again.");
        }
    }

    /// <summary>Compares the file's tensors with those of the network that it describes, before allocating memory.</summary>
    private static void CheckTensors(string path, About about, IReadOnlyList<(string Name, Tensor Tensor)> stored)
    {
        // libtorch allocates LSTM layers even on the meta device: the file must hold those that it describes.
        bool Holds(long rows, long columns) => stored.Any(s => s.Tensor.shape.SequenceEqual([rows, columns]));
        var lstm = about.Network is PstnnOptions { Temporal: not TemporalNetwork.None } options ? options : null;
        if (lstm is null || (Holds(4L * lstm.LstmUnits[0], about.Shape.Columns) && lstm.LstmUnits.All(units => Holds(4L * units, units))))
        {
            try
            {
                // A tensor on meta has a shape and no memory.
                using var shapes = about.Network.Build(about.Shape, META);
                if (State(shapes).Select(Shape).SequenceEqual(stored.Select(Shape)))
                    return;
            }
            catch (ExternalException)
            {
                // Sizes that no tensor has.
            }
        }

        throw new ModelFileException(path, "its tensors are not those of the network that it describes; make it again.");
    }

    private static (string, ScalarType, string) Shape((string Name, Tensor Tensor) entry) =>
        (entry.Name, entry.Tensor.dtype, string.Join('x', entry.Tensor.shape));

    private static List<(string Name, Tensor Tensor)> State(DeviceNetwork network) =>
    [
        .. network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)),
        .. network.named_buffers().Select(b => (b.name, b.buffer)),
    ];

    private sealed record About(int Version, NetworkOptions Network, SampleShape Shape, TrainingOptions Training, TrainingLog Log);
}
