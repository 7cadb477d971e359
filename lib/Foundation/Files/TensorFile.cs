using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>Named tensors and a description in one file: the format of every trained model and checkpoint.</summary>
/// <remarks>
/// Layout: "DIDTENS1"; length of the header (int32); header (JSON: kind, about, names, types, shapes); the tensors in the header's order,
/// little-endian; SHA-256 of everything before it. A file holds data only: no type names and no code. Sizes are checked before memory is
/// allocated.
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

    /// <summary>Whether a file begins as one of this format does.</summary>
    public static bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith(Magic);

    /// <summary>Writes a file atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">Kind of content, such as "training checkpoint".</param>
    /// <param name="about">Description of the content, such as the settings; its format depends on the kind.</param>
    /// <param name="tensors">float32, float64 or int64.</param>
    public static void Write(string path, string kind, string about, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        var entries = tensors.Select(t => new Entry(t.Name, Types.First(type => type.Value == t.Tensor.dtype).Key, t.Tensor.shape))
            .ToList();
        var header = Encoding.UTF8.GetBytes(Json.WriteCompact(new Header(kind, about, entries)));
        AtomicFile.Write(path, stream =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            void Append(ReadOnlySpan<byte> bytes)
            {
                hash.AppendData(bytes);
                stream.Write(bytes);
            }

            Append(Magic);
            Span<byte> length = stackalloc byte[LengthBytes];
            BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
            Append(length);
            Append(header);
            foreach (var (_, tensor) in tensors)
            {
                using var scope = NewDisposeScope();
                if (tensor.numel() > 0)
                    Append(MemoryMarshal.AsBytes(tensor.detach().cpu().contiguous().bytes));
            }

            stream.Write(hash.GetHashAndReset());
        });
    }

    /// <summary>Reads a file of <see cref="Write"/>; the tensors belong to the caller's dispose scope, if there is one.</summary>
    /// <exception cref="ModelFileException">The file is missing, damaged, or of another kind.</exception>
    public static (string About, IReadOnlyList<(string Name, Tensor Tensor)> Tensors) Read(string path, string kind)
    {
        ComputeDevice.Load();
        var bytes = ReadBytes(path);
        var end = bytes.Length - SHA256.HashSizeInBytes;
        var start = Magic.Length + LengthBytes;
        if (end < start || !bytes.AsSpan().StartsWith(Magic))
            throw new ModelFileException(path, $"this is not a {kind} file (its first bytes are not DIDTENS1).");
        if (!SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
            throw new ModelFileException(path, "the checksum does not match: the file is damaged; create it again.");
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(Magic.Length));
        if (length < 0 || length > end - start)
            throw new ModelFileException(path, "the header is damaged; create the file again.");
        var header = ReadHeader(path, bytes.AsSpan(start, length));
        if (header.Kind != kind)
            throw new ModelFileException(path, $"this is a {header.Kind}, not a {kind}.");
        return (header.About, ReadTensors(path, header, bytes.AsSpan(start + length, end - start - length)));
    }

    private static byte[] ReadBytes(string path)
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
                $"the header cannot be read ({error.Message}): another version may have written the file; create it again.");
        }
    }

    private static List<(string Name, Tensor Tensor)> ReadTensors(string path, Header header, ReadOnlySpan<byte> data)
    {
        using var scope = NewDisposeScope();
        var tensors = new List<(string, Tensor)>();
        foreach (var entry in header.Tensors)
        {
            if (!Types.TryGetValue(entry.Type, out var type) || entry.Shape.Any(axis => axis < 0)
                || Product(1, entry.Shape.Select(axis => Math.Max(axis, 1))) > int.MaxValue)
                throw new ModelFileException(path, $"tensor '{entry.Name}' has no usable type or shape; create the file again.");
            var size = Product(type == ScalarType.Float32 ? 4 : 8, entry.Shape);
            if (size > data.Length)
                throw new ModelFileException(path, $"tensor '{entry.Name}' reaches beyond the end of the file; create the file again.");
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

    /// <summary>In double: exact for every size that a file can have, and without overflow above.</summary>
    private static double Product(double bytes, IEnumerable<long> axes) => axes.Aggregate(bytes, (product, axis) => product * axis);
}
