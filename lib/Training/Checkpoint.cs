using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>The whole state of a training between two batches, in one file.</summary>
/// <remarks>The random state is no part of it, because every batch begins by seeding from (seed, epoch, batch).</remarks>
internal static class Checkpoint
{
    private const string Kind = "training checkpoint";

    /// <summary>Format of the file: raised when its contents change their meaning. Format 1 had no number.</summary>
    private const int Version = 2;

    private const string KeptPrefix = "kept ";

    /// <summary>The training that a checkpoint belongs to, how far it has come, and the optimiser's steps.</summary>
    public sealed record Header(
        int Version, string Network, TrainingOptions Training, string Data, IReadOnlyList<EpochResult> Log, EpochSums Epoch, long Steps);

    /// <summary>SHA-256 of the devices and of every value of the tensors, so that other features have another fingerprint.</summary>
    /// <param name="data">The training samples.</param>
    /// <param name="cancellationToken">Asked for each sample: there are gigabytes of them at the paper's size.</param>
    public static string Fingerprint(TrainDataset data, CancellationToken cancellationToken = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', data.Devices)));
        foreach (var tensor in new[] { data.Supervectors, data.Segments, data.Labels })
        {
            // Sample by sample: a span is limited to 2 GB.
            for (var i = 0L; i < data.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                hash.AppendData(MemoryMarshal.AsBytes(tensor[i].cpu().contiguous().bytes));
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    /// <summary>Writes the state, whole or not at all.</summary>
    public static void Write(string path, DeviceNetwork network, Adam optimiser, TrainingOptions training, string data, TrainingState state)
    {
        var header = new Header(Version, Settings(network), training, data, state.Log, state.Epoch, optimiser.Steps);
        TensorFile.Write(path, Kind, Json.WriteCompact(header),
            [.. Tensors(network, optimiser), .. state.Kept.Select(kept => (KeptPrefix + kept.Key, kept.Value))]);
    }

    /// <summary>Reads the tensors into network and optimiser and returns the rest; null when there is no checkpoint.</summary>
    /// <exception cref="CheckpointException">The file cannot be used. Network and optimiser are then as before.</exception>
    public static TrainingState? Read(string path, DeviceNetwork network, Adam optimiser, TrainingOptions training, string data)
    {
        if (!File.Exists(path))
            return null;
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (header, stored) = ReadFile(path);
        CheckBelongs(path, header, network, training, data);
        var targets = Tensors(network, optimiser);
        CheckFits(path, targets, stored);
        var state = new TrainingState { Log = [.. header.Log], Epoch = header.Epoch };
        state.Keep(stored.Skip(targets.Count).Select(kept => KeyValuePair.Create(kept.Name[KeptPrefix.Length..], kept.Tensor)));
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
            // InvalidOperationException: a name with half a surrogate pair.
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

    /// <summary>The kind of network and everything it was built from, in one line.</summary>
    private static string Settings(DeviceNetwork network) => $"{network.GetName()} {Json.WriteCompact<object>(network.Settings)}";

    private static void CheckBelongs(string path, Header header, DeviceNetwork network, TrainingOptions training, string data)
    {
        if (header.Network != Settings(network))
            throw Foreign(path, $"with the network {header.Network}");
        if (Json.WriteCompact(header.Training) != Json.WriteCompact(training))
            throw Foreign(path, $"with the training {Json.WriteCompact(header.Training)}");
        if (header.Data != data)
            throw Foreign(path, "with other training samples");
        var finite = header.Log.All(e => double.IsFinite(e.Loss + e.Accuracy + e.LearningRate + e.Seconds));
        if (header.Log.Count > training.Epochs || !finite || !header.Epoch.IsPossible() || header.Steps < 0)
            throw new CheckpointException(path, "no training can have come to the numbers in it");
    }

    private static CheckpointException Foreign(string path, string difference) =>
        new(path, $"it belongs to another training ({difference})");

    private static void CheckFits(
        string path, List<(string Name, Tensor Tensor)> targets, IReadOnlyList<(string Name, Tensor Tensor)> stored)
    {
        var kept = stored.Skip(targets.Count).Select(tensor => tensor.Name).ToList();
        if (stored.Count < targets.Count || kept.Distinct().Count() < kept.Count
            || !kept.All(name => name.StartsWith(KeptPrefix, StringComparison.Ordinal)))
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
