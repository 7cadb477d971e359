using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>
/// The mixture's file: "DIDGMM01" | components, dimension (int32) | weights, means, variances (float64) | SHA-256 of all before. Little-endian, data only.
/// </summary>
internal static class DiagonalGmmFile
{
    private const int HeaderBytes = 16;
    private static ReadOnlySpan<byte> Magic => "DIDGMM01"u8;

    public static void Write(string path, DiagonalGmm model)
    {
        var bytes = new byte[Length(model.Components, model.Dimension)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), model.Components);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), model.Dimension);
        double[] numbers = [.. model.Weights.data<double>(), .. model.Means.data<double>(), .. model.Variances.data<double>()];
        MemoryMarshal.AsBytes(numbers.AsSpan()).CopyTo(bytes.AsSpan(HeaderBytes));
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes), bytes.AsSpan(bytes.Length - SHA256.HashSizeInBytes));
        AtomicFile.WriteBytes(path, bytes);
    }

    public static DiagonalGmm Read(string path)
    {
        ComputeDevice.Load();
        try
        {
            using var stream = File.OpenRead(path);
            var header = new byte[HeaderBytes];
            if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.AsSpan(0, 8).SequenceEqual(Magic))
                throw new MixtureException(path, "this is no mixture file (DIDGMM01).");
            var components = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8));
            var dimension = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12));
            // Sizes are checked against the file before anything of their size is allocated.
            if (components <= 0 || dimension <= 0 || Length(components, dimension) != stream.Length)
                throw new MixtureException(path, $"the header says {components} x {dimension}, which does not fit a file of {stream.Length} bytes; make it again.");
            var bytes = new byte[stream.Length];
            stream.Position = 0;
            stream.ReadExactly(bytes);
            var body = bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes);
            if (!SHA256.HashData(body).AsSpan().SequenceEqual(bytes.AsSpan(body.Length)))
                throw new MixtureException(path, "the checksum does not match: the file is damaged; make it again.");
            return Assemble(MemoryMarshal.Cast<byte, double>(body[HeaderBytes..]).ToArray(), components, dimension);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new MixtureException(path, error.Message, error);
        }
    }

    private static DiagonalGmm Assemble(double[] numbers, int components, int dimension)
    {
        using var scope = NewDisposeScope();
        var all = tensor(numbers);
        var size = (long)components * dimension;
        return new DiagonalGmm(all.narrow(0, 0, components), all.narrow(0, components, size).view(components, dimension),
            all.narrow(0, components + size, size).view(components, dimension));
    }

    private static long Length(long components, long dimension) => HeaderBytes + (8 * components * (1 + (2 * dimension))) + SHA256.HashSizeInBytes;
}
