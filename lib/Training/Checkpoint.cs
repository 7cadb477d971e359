using System.Buffers.Binary;
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
/// <remarks>
/// Layout: magic, length of the header, header (JSON: options, data, log, names and shapes), all tensors as little-endian bytes in the header's
/// order, SHA-256 of all before it. Data only: nothing in the file names a type or is executed, and sizes are checked against the network in hand.
/// The random state is no part of it, because every epoch begins by seeding from (seed, epoch).
/// </remarks>
internal static class Checkpoint
{
    public const string FileName = "training.checkpoint";

    private static ReadOnlySpan<byte> Magic => "DIDCKPT1"u8;

    /// <summary>What a checkpoint belongs to, and how far it has come.</summary>
    public sealed record Header(PstnnOptions Network, TrainingOptions Training, string Data, IReadOnlyList<EpochResult> Log, long Steps, IReadOnlyList<Entry> Tensors);

    /// <summary>A tensor of the state.</summary>
    public sealed record Entry(string Name, string Type, IReadOnlyList<long> Shape);

    /// <summary>What tells training samples apart: the devices and every value of the tensors, so that other features of the same recordings are other samples.</summary>
    public static string Fingerprint(TrainDataset data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', data.Devices)));
        foreach (var tensor in new[] { data.Supervectors, data.Segments, data.Labels })
        {
            // Sample by sample: a span reaches no further than 2 GB.
            for (var i = 0L; i < data.Count; i++)
            {
                using var scope = NewDisposeScope();
                hash.AppendData(MemoryMarshal.AsBytes(tensor[i].cpu().contiguous().bytes));
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }

    /// <summary>Writes the state, whole or not at all.</summary>
    public static void Write(string path, Pstnn network, Adam optimiser, TrainingOptions training, string data, IReadOnlyList<EpochResult> log)
    {
        var tensors = State(network, optimiser);
        var entries = tensors.Select(t => new Entry(t.Name, t.Tensor.dtype.ToString(), t.Tensor.shape)).ToList();
        var header = Encoding.UTF8.GetBytes(Json.WriteCompact(new Header(network.Options, training, data, log, optimiser.Steps, entries)));
        AtomicFile.Write(path, stream =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            void Put(ReadOnlySpan<byte> bytes)
            {
                hash.AppendData(bytes);
                stream.Write(bytes);
            }

            Put(Magic);
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
            Put(length);
            Put(header);
            foreach (var (_, tensor) in tensors)
            {
                using var scope = NewDisposeScope();
                Put(MemoryMarshal.AsBytes(tensor.detach().cpu().contiguous().bytes));
            }

            stream.Write(hash.GetHashAndReset());
        });
    }

    /// <summary>Reads the state into network and optimiser and returns the log; null when there is no checkpoint.</summary>
    /// <exception cref="CheckpointException">The file is damaged, or belongs to another training.</exception>
    public static IReadOnlyList<EpochResult>? Read(string path, Pstnn network, Adam optimiser, TrainingOptions training, string data)
    {
        RemoveAbandoned(path);
        if (!File.Exists(path))
            return null;
        var bytes = File.ReadAllBytes(path);
        var end = bytes.Length - SHA256.HashSizeInBytes;
        if (end < Magic.Length + 4 || !bytes.AsSpan().StartsWith(Magic) || !SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
            throw new CheckpointException(path, "the checkpoint is damaged: delete it to train from the beginning.");
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(Magic.Length));
        var start = Magic.Length + 4;
        if (length < 0 || length > end - start)
            throw new CheckpointException(path, "the checkpoint's header is damaged: delete it to train from the beginning.");
        var header = ReadHeader(path, bytes.AsSpan(start, length));
        CheckBelongs(path, header, network, training, data);

        var offset = start + length;
        var tensors = State(network, optimiser);
        if (header.Tensors.Count != tensors.Count)
            throw Foreign(path, "its tensors are not those of this network");
        using var gradients = no_grad();
        foreach (var ((name, target), entry) in tensors.Zip(header.Tensors))
        {
            var size = (int)(target.numel() * target.element_size());
            if (entry.Name != name || entry.Type != target.dtype.ToString() || !entry.Shape.SequenceEqual(target.shape) || size > end - offset)
                throw Foreign(path, $"its tensor '{entry.Name}' does not fit '{name}'");
            using var host = empty(target.shape, target.dtype);
            bytes.AsSpan(offset, size).CopyTo(MemoryMarshal.AsBytes(host.bytes));
            target.copy_(host);
            offset += size;
        }

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

    private static Header ReadHeader(string path, ReadOnlySpan<byte> json)
    {
        try
        {
            return Json.Read<Header>(Encoding.UTF8.GetString(json));
        }
        catch (JsonException error)
        {
            throw new CheckpointException(path, $"the checkpoint's header cannot be read ({error.Message}): it may be of another version; delete it to train from the beginning.");
        }
    }

    private static void CheckBelongs(string path, Header header, Pstnn network, TrainingOptions training, string data)
    {
        if (header.Network != network.Options)
            throw Foreign(path, $"it was made with the network {Json.WriteCompact(header.Network)}");
        if (header.Training != training)
            throw Foreign(path, $"it was made with the training {Json.WriteCompact(header.Training)}");
        if (header.Data != data)
            throw Foreign(path, "it was made with other training samples");
    }

    private static CheckpointException Foreign(string path, string difference) =>
        new(path, $"the checkpoint belongs to another training ({difference}): use another folder, or delete the file.");

    private static List<(string Name, Tensor Tensor)> State(Pstnn network, Adam optimiser)
    {
        var state = new List<(string, Tensor)>();
        state.AddRange(network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
        state.AddRange(network.named_buffers().Select(b => (b.name, b.buffer)));
        state.AddRange(optimiser.FirstMoments.Select((moment, i) => ($"first moment {i}", moment)));
        state.AddRange(optimiser.SecondMoments.Select((moment, i) => ($"second moment {i}", moment)));
        return state;
    }
}
