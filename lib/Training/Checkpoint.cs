using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>Reads and writes the whole state of a training between two batches, in one file.</summary>
/// <remarks>The random state is not stored, because every batch starts by seeding from (seed, epoch, batch).</remarks>
internal static class Checkpoint
{
    private const string Kind = "training checkpoint";

    /// <summary>Version of the file format: raised when the meaning of the contents changes. Format 1 had no number.</summary>
    private const int Version = 2;

    /// <summary>Prefix of the tensors returned after epochs; part of the file format.</summary>
    private const string EpochTensorPrefix = "kept ";

    /// <summary>Identifies the training that a checkpoint belongs to, and stores its progress and the optimiser's step count.</summary>
    public sealed record Header(
        int Version, string Network, TrainingOptions Training, string Data, IReadOnlyList<EpochResult> Log, EpochSums Epoch, long Steps);

    /// <summary>SHA-256 of the devices and of every element of the tensors, so that other features give another fingerprint.</summary>
    /// <param name="data">The training samples.</param>
    /// <param name="cancellationToken">Checked for each sample: the samples are gigabytes at the paper's size.</param>
    public static string Fingerprint(TrainDataset data, CancellationToken cancellationToken = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', data.Devices)));
        foreach (var tensor in new[] { data.Supervectors, data.Segments, data.Labels })
        {
            // Sample by sample, because a span is limited to 2 GB.
            for (var i = 0L; i < data.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                hash.AppendData(MemoryMarshal.AsBytes(tensor[i].cpu().contiguous().bytes));
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    /// <summary>Writes the state atomically.</summary>
    public static void Write(string path, DeviceNetwork network, Adam optimiser, TrainingOptions training, string data, TrainingState state)
    {
        var header = new Header(Version, Settings(network), training, data, state.Log, state.Epoch, optimiser.Steps);
        TensorFile.Write(path, Kind, Json.WriteCompact(header),
            [.. Tensors(network, optimiser), .. state.EpochTensors.Select(entry => (EpochTensorPrefix + entry.Key, entry.Value))]);
    }

    /// <summary>Restores the tensors of network and optimiser and returns the rest of the state; null if there is no checkpoint.</summary>
    /// <exception cref="CheckpointException">The file cannot be used. Network and optimiser are unchanged.</exception>
    public static TrainingState? Read(string path, DeviceNetwork network, Adam optimiser, TrainingOptions training, string data)
    {
        if (!File.Exists(path))
            return null;
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var (header, stored) = ReadFile(path);
        CheckBelongs(path, header, network, training, data);
        var targets = Tensors(network, optimiser);
        CheckFits(path, targets, stored);
        var state = new TrainingState { Log = [.. header.Log], Epoch = header.Epoch };
        state.StoreTensors(stored.Skip(targets.Count)
            .Select(entry => KeyValuePair.Create(entry.Name[EpochTensorPrefix.Length..], entry.Tensor)));
        foreach (var ((_, target), (_, tensor)) in targets.Zip(stored))
            target.copy_(tensor);
        optimiser.Steps = header.Steps;
        return state;
    }

    private static (Header Header, IReadOnlyList<(string Name, Tensor Tensor)> Tensors) ReadFile(string path)
    {
        try
        {
            var (about, tensors) = TensorFile.Read(path, Kind);
            CheckVersion(path, about);
            return (Json.Read<Header>(about), tensors);
        }
        catch (ModelFileException error)
        {
            throw new CheckpointException(path, $"it is damaged ({error.Reason})");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name contains half a surrogate pair.
            throw new CheckpointException(path, $"its description cannot be read ({error.Message})");
        }
    }

    private static void CheckVersion(string path, string about)
    {
        using var document = JsonDocument.Parse(about);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("version", out var version)
            || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number != Version)
            throw new CheckpointException(path, $"it was written by another version of this library (its format is not {Version})");
    }

    /// <summary>The kind of network and all its settings, on one line.</summary>
    private static string Settings(DeviceNetwork network) => $"{network.GetName()} {Json.WriteCompact<object>(network.Settings)}";

    private static void CheckBelongs(string path, Header header, DeviceNetwork network, TrainingOptions training, string data)
    {
        if (header.Network != Settings(network))
            throw OtherTraining(path, $"with the network {header.Network}");
        if (Json.WriteCompact(header.Training) != Json.WriteCompact(training))
            throw OtherTraining(path, $"with the training {Json.WriteCompact(header.Training)}");
        if (header.Data != data)
            throw OtherTraining(path, "with other training samples");
        var finite = header.Log.All(e => double.IsFinite(e.Loss + e.Accuracy + e.LearningRate + e.Seconds + (e.HeldOutAccuracy ?? 0)));
        if (header.Log.Count > training.Epochs || !finite || !header.Epoch.IsPossible() || header.Steps < 0)
            throw new CheckpointException(path, "no training can have produced the numbers in it");
    }

    private static CheckpointException OtherTraining(string path, string difference) =>
        new(path, $"it belongs to another training ({difference})");

    private static void CheckFits(
        string path, List<(string Name, Tensor Tensor)> targets, IReadOnlyList<(string Name, Tensor Tensor)> stored)
    {
        var epochTensors = stored.Skip(targets.Count).Select(tensor => tensor.Name).ToList();
        if (stored.Count < targets.Count || epochTensors.Distinct().Count() < epochTensors.Count
            || !epochTensors.All(name => name.StartsWith(EpochTensorPrefix, StringComparison.Ordinal)))
            throw new CheckpointException(path, "its tensors are not those of this network");
        foreach (var ((name, target), (storedName, tensor)) in targets.Zip(stored))
        {
            if (storedName != name || tensor.dtype != target.dtype || !tensor.shape.SequenceEqual(target.shape))
                throw new CheckpointException(path, $"its tensor '{storedName}' does not fit '{name}'");
        }
    }

    private static List<(string Name, Tensor Tensor)> Tensors(DeviceNetwork network, Adam optimiser) =>
    [
        .. network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)),
        .. network.named_buffers().Select(b => (b.name, b.buffer)),
        .. optimiser.FirstMoments.Select((moment, i) => ($"first moment {i}", moment)),
        .. optimiser.SecondMoments.Select((moment, i) => ($"second moment {i}", moment)),
    ];
}
