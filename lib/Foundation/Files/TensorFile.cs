using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>Named tensors and a few words about them in one file: what every trained thing is saved as.</summary>
/// <remarks>
/// Layout: "DIDTENS1", length of the header (int32), header (JSON: kind, about, names, types, shapes), all tensors as little-endian bytes
/// in the header's order, SHA-256 of all before it. Data only: nothing in the file names a type or is executed, and sizes are checked
/// before anything of their size is allocated.
/// </remarks>
internal static class TensorFile
{
    private const int LengthBytes = 4;

    private static readonly Dictionary<string, ScalarType> Types = new()
    {
        ["float32"] = ScalarType.Float32, ["float64"] = ScalarType.Float64, ["int64"] = ScalarType.Int64,
    };

    private static ReadOnlySpan<byte> Magic => "DIDTENS1"u8;

    internal sealed record Header(string Kind, string About, IReadOnlyList<Entry> Tensors);

    internal sealed record Entry(string Name, string Type, IReadOnlyList<long> Shape);

    /// <summary>Writes, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What it is: "training checkpoint".</param>
    /// <param name="about">Settings and the like, as the kind likes it.</param>
    /// <param name="tensors">float32, float64 or int64.</param>
    public static void Write(string path, string kind, string about, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        var entries = tensors.Select(t => new Entry(t.Name, Types.First(type => type.Value == t.Tensor.dtype).Key, t.Tensor.shape))
            .ToList();
        var header = Encoding.UTF8.GetBytes(Json.WriteCompact(new Header(kind, about, entries)));
        AtomicFile.Write(path, stream =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            void Put(ReadOnlySpan<byte> bytes)
            {
                hash.AppendData(bytes);
                stream.Write(bytes);
            }

            Put(Magic);
            Span<byte> length = stackalloc byte[LengthBytes];
            BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
            Put(length);
            Put(header);
            foreach (var (_, tensor) in tensors)
            {
                using var scope = NewDisposeScope();
                if (tensor.numel() > 0)
                    Put(MemoryMarshal.AsBytes(tensor.detach().cpu().contiguous().bytes));
            }

            stream.Write(hash.GetHashAndReset());
        });
    }

    /// <summary>Reads what <see cref="Write"/> wrote; the tensors belong to the caller's scope, where there is one.</summary>
    /// <exception cref="ModelFileException">The file is absent, damaged, or of another kind.</exception>
    public static (string About, IReadOnlyList<(string Name, Tensor Tensor)> Tensors) Read(string path, string kind)
    {
        ComputeDevice.Load();
        var bytes = Bytes(path);
        var end = bytes.Length - SHA256.HashSizeInBytes;
        var start = Magic.Length + LengthBytes;
        if (end < start || !bytes.AsSpan().StartsWith(Magic))
            throw new ModelFileException(path, $"this is no file of a {kind} (DIDTENS1).");
        if (!SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
            throw new ModelFileException(path, "the checksum does not match: the file is damaged; make it again.");
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(Magic.Length));
        if (length < 0 || length > end - start)
            throw new ModelFileException(path, "the header is damaged; make the file again.");
        var header = ReadHeader(path, bytes.AsSpan(start, length));
        if (header.Kind != kind)
            throw new ModelFileException(path, $"this is a {header.Kind}, not a {kind}.");
        return (header.About, Tensors(path, header, bytes.AsSpan(start + length, end - start - length)));
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"the file cannot be read: {error.Message}");
        }
    }

    private static Header ReadHeader(string path, ReadOnlySpan<byte> json)
    {
        try
        {
            return Json.Read<Header>(Encoding.UTF8.GetString(json));
        }
        catch (JsonException error)
        {
            throw new ModelFileException(path,
                $"the header cannot be read ({error.Message}): the file may be of another version; make it again.");
        }
    }

    private static List<(string Name, Tensor Tensor)> Tensors(string path, Header header, ReadOnlySpan<byte> data)
    {
        using var scope = NewDisposeScope();
        var tensors = new List<(string, Tensor)>();
        foreach (var entry in header.Tensors)
        {
            if (!Types.TryGetValue(entry.Type, out var type) || entry.Shape.Any(axis => axis < 0)
                || Product(1, entry.Shape.Select(axis => Math.Max(axis, 1))) > int.MaxValue)
                throw new ModelFileException(path, $"tensor '{entry.Name}' has no usable type or shape; make the file again.");
            var size = Product(type == ScalarType.Float32 ? 4 : 8, entry.Shape);
            if (size > data.Length)
                throw new ModelFileException(path, $"tensor '{entry.Name}' reaches beyond the file's end; make the file again.");
            var tensor = empty([.. entry.Shape], type, CPU);
            if (size > 0)
                data[..(int)size].CopyTo(MemoryMarshal.AsBytes(tensor.bytes));
            data = data[(int)size..];
            tensors.Add((entry.Name, tensor));
        }

        foreach (var (_, tensor) in tensors)
            tensor.MoveToOuterDisposeScope();
        return tensors;
    }

    /// <summary>Exact as far as a file reaches, and beyond it large, never wrapped around.</summary>
    private static double Product(double bytes, IEnumerable<long> axes) => axes.Aggregate(bytes, (product, axis) => product * axis);
}
