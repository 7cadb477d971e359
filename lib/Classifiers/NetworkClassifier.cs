using System.Runtime.InteropServices;
using System.Text.Json;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>A network with its training as a classifier; its scores are the probabilities of the deep output.</summary>
/// <param name="network">The network; disposed of with the classifier.</param>
/// <param name="options">Settings of the training.</param>
/// <param name="device">Compute device.</param>
internal sealed class NetworkClassifier(DeviceNetwork network, TrainingOptions options, Device device) : IDeviceClassifier
{
    private const string Kind = "network";

    /// <summary>Version of the file format: raised when the meaning of its contents or the names of its tensors change.</summary>
    private const int Version = 3;

    /// <summary>The network.</summary>
    public DeviceNetwork Network { get; } = network;

    /// <summary>The training log; null before <see cref="Fit"/>.</summary>
    public TrainingLog? Log { get; private set; }

    /// <summary>
    /// Called after each epoch with the number of epochs done; the tensors that it returns are stored in <see cref="HalfWayOutputs"/>.
    /// </summary>
    public Func<int, IReadOnlyDictionary<string, Tensor>?>? AfterEpoch { get; init; }

    /// <summary>The tensors returned by <see cref="AfterEpoch"/>, by name, on the CPU. Disposed of with the classifier.</summary>
    public IReadOnlyDictionary<string, Tensor> HalfWayOutputs { get; private set; } = new Dictionary<string, Tensor>();

    /// <summary>Checkpoints that the training saves to and resumes from; null for no checkpoints.</summary>
    public Checkpoints? Checkpoints { get; init; }

    /// <summary>Reports progress after each batch.</summary>
    public IProgress<EpochReport>? Training { get; init; }

    /// <summary>Receives each finished epoch, those before the training was resumed first; null for no reports.</summary>
    public IProgress<EpochResult>? Epochs { get; init; }

    /// <summary>Returns the network's accuracy on held-out samples, for the learning curve; null for none.</summary>
    public Func<double>? HeldOutAccuracy { get; init; }

    /// <inheritdoc/>
    public void Fit(TrainDataset train, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var trainer = new Trainer(Network, options, device) { Epochs = Epochs, HeldOutAccuracy = HeldOutAccuracy };
        var result = trainer.Fit(train, Training, Checkpoints, AfterEpoch, cancellationToken);
        DisposeHalfWay();
        (Log, HalfWayOutputs) = (result.Log, result.OutputsByName);
    }

    /// <inheritdoc/>
    public Tensor Scores(SampleBatch samples, CancellationToken cancellationToken = default)
    {
        if (Log is null)
            throw new InvalidOperationException("The network has not been trained: call Fit or Load first.");
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

    /// <summary>Reads a file written by <see cref="Save"/>.</summary>
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public static NetworkClassifier Load(string path, Device device)
    {
        using var scope = NewDisposeScope();
        var (text, stored) = TensorFile.Read(path, Kind);
        return Restore(path, text, stored, device);
    }

    /// <summary>The contents of a file: a description in JSON, and parameters and buffers, which the network owns.</summary>
    internal (string About, IReadOnlyList<(string Name, Tensor Tensor)> Tensors) Contents() => Log is null
        ? throw new InvalidOperationException("The network has not been trained: there is nothing to save.")
        : (Json.WriteCompact(new About(Version, Network.Settings, Network.Shape, options, Log)), State(Network));

    /// <summary>Builds a trained network from <see cref="Contents"/>.</summary>
    /// <exception cref="ModelFileException">Description and tensors do not match; the message names <paramref name="path"/>.</exception>
    internal static NetworkClassifier Restore(string path, string text, IReadOnlyList<(string Name, Tensor Tensor)> stored, Device device)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var about = ReadDescription(path, text);
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
        DisposeHalfWay();
        Network.Dispose();
    }

    private void DisposeHalfWay()
    {
        foreach (var tensor in HalfWayOutputs.Values)
            tensor.Dispose();
        HalfWayOutputs = new Dictionary<string, Tensor>();
    }

    private static About ReadDescription(string path, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var hasVersion = document.RootElement.TryGetProperty("version", out var version);
            if (!hasVersion || !version.TryGetInt32(out var number) || number != Version)
                throw new ModelFileException(
                    path, "it holds a network in the format of another version of this library; this version reads format "
                        + $"{Version}: train the network again and save it.");
            var about = Json.Read<About>(text);
            if (about.Network.Problems().Concat(about.Network.ProblemsWith(about.Shape)).FirstOrDefault() is { } problem)
                throw new ModelFileException(path, $"its network cannot be built ({problem}); train the network again and save it.");
            return about;
        }
        catch (Exception error) when (error is JsonException or OptionsException or InvalidOperationException)
        {
            throw new ModelFileException(
                path, $"its description cannot be read ({error.Message}); it may be of another version of this library: train the network "
                    + "again and save it.");
        }
    }

    /// <summary>Compares the file's tensors with those of the network that it describes, before memory is allocated for them.</summary>
    private static void CheckTensors(string path, About about, IReadOnlyList<(string Name, Tensor Tensor)> stored)
    {
        // libtorch allocates LSTM layers even on the meta device, so the shapes of their weights are checked first.
        bool Holds(long rows, long columns) => stored.Any(s => s.Tensor.shape.SequenceEqual([rows, columns]));
        var lstm = about.Network is PstnnOptions { Temporal: not TemporalNetwork.None } options ? options : null;
        if (lstm is null || (Holds(4L * lstm.LstmUnits[0], about.Shape.Columns) && lstm.LstmUnits.All(units => Holds(4L * units, units))))
        {
            try
            {
                // Tensors on the meta device have shapes but no memory.
                using var shapes = about.Network.Build(about.Shape, META);
                if (State(shapes).Select(Shape).SequenceEqual(stored.Select(Shape)))
                    return;
            }
            catch (ExternalException)
            {
                // The sizes are impossible.
            }
        }

        throw new ModelFileException(
            path, "its tensors do not match the network that it describes; train the network again and save it.");
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
