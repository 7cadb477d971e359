using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Training;

/// <summary>The whole state of a training at the end of an epoch, in one file.</summary>
/// <remarks>The random state is no part of it, because every batch begins by seeding from (seed, epoch, batch).</remarks>
internal static class Checkpoint
{
    public const string FileName = "training.checkpoint";

    private const string Kind = "training checkpoint";

    /// <summary>The training that a checkpoint belongs to, its log, and the optimiser's steps.</summary>
    public sealed record Header(string Network, TrainingOptions Training, string Data, IReadOnlyList<EpochResult> Log, long Steps);

    /// <summary>SHA-256 of the devices and of every value of the tensors, so that other features have another fingerprint.</summary>
    public static string Fingerprint(TrainDataset data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', data.Devices)));
        foreach (var tensor in new[] { data.Supervectors, data.Segments, data.Labels })
        {
            // Sample by sample: a span is limited to 2 GB.
            for (var i = 0L; i < data.Count; i++)
            {
                using var scope = NewDisposeScope();
                hash.AppendData(MemoryMarshal.AsBytes(tensor[i].cpu().contiguous().bytes));
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    /// <summary>Writes the state atomically.</summary>
    public static void Write(
        string path, DeviceNetwork network, Adam optimiser, TrainingOptions training, string data, IReadOnlyList<EpochResult> log)
    {
        var header = Json.WriteCompact(new Header(Settings(network), training, data, log, optimiser.Steps));
        TensorFile.Write(path, Kind, header, State(network, optimiser));
    }

    /// <summary>Reads the state into network and optimiser and returns the log; null when there is no checkpoint.</summary>
    /// <exception cref="CheckpointException">The file is damaged, or belongs to another training.</exception>
    public static IReadOnlyList<EpochResult>? Read(
        string path, DeviceNetwork network, Adam optimiser, TrainingOptions training, string data)
    {
        RemoveAbandoned(path);
        if (!File.Exists(path))
            return null;
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (header, stored) = ReadFile(path);
        CheckBelongs(path, header, network, training, data);
        var state = State(network, optimiser);
        if (stored.Count != state.Count)
            throw Foreign(path, "its tensors are not those of this network");
        foreach (var ((name, target), (storedName, tensor)) in state.Zip(stored))
        {
            if (storedName != name || tensor.dtype != target.dtype || !tensor.shape.SequenceEqual(target.shape))
                throw Foreign(path, $"its tensor '{storedName}' does not fit '{name}'");
        }

        foreach (var ((_, target), (_, tensor)) in state.Zip(stored))
            target.copy_(tensor);
        optimiser.Steps = header.Steps;
        return header.Log;
    }

    /// <summary>A process killed while it wrote left its temporary file behind, as large as a checkpoint.</summary>
    private static void RemoveAbandoned(string path)
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (folder.Exists)
            foreach (var file in folder.GetFiles($".{FileName}.*.tmp"))
                file.Delete();
    }

    private static (Header Header, IReadOnlyList<(string Name, Tensor Tensor)> Tensors) ReadFile(string path)
    {
        try
        {
            var (about, tensors) = TensorFile.Read(path, Kind);
            return (Json.Read<Header>(about), tensors);
        }
        catch (Exception error) when (error is ModelFileException or JsonException)
        {
            var reason = error is ModelFileException damaged ? damaged.Reason : error.Message;
            throw new CheckpointException(
                path, $"the checkpoint is damaged or of another version ({reason}): delete it to train from the beginning.");
        }
    }

    /// <summary>The kind of network and everything it was built from, in one line.</summary>
    private static string Settings(DeviceNetwork network) => $"{network.GetName()} {Json.WriteCompact<object>(network.Settings)}";

    private static void CheckBelongs(string path, Header header, DeviceNetwork network, TrainingOptions training, string data)
    {
        if (header.Network != Settings(network))
            throw Foreign(path, $"it was made with the network {header.Network}");
        if (header.Training != training)
            throw Foreign(path, $"it was made with the training {Json.WriteCompact(header.Training)}");
        if (header.Data != data)
            throw Foreign(path, "it was made with other training samples");
    }

    private static CheckpointException Foreign(string path, string difference) =>
        new(path, $"the checkpoint belongs to another training ({difference}): use another folder, or delete the file.");

    private static List<(string Name, Tensor Tensor)> State(DeviceNetwork network, Adam optimiser)
    {
        var state = new List<(string, Tensor)>();
        state.AddRange(network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
        state.AddRange(network.named_buffers().Select(b => (b.name, b.buffer)));
        state.AddRange(optimiser.FirstMoments.Select((moment, i) => ($"first moment {i}", moment)));
        state.AddRange(optimiser.SecondMoments.Select((moment, i) => ($"second moment {i}", moment)));
        return state;
    }
}
