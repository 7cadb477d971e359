using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using DeviceId.Foundation;

namespace DeviceId.Features;

/// <summary>
/// Reads and writes float32 matrices in NumPy's format 1.0, followed by a SHA-256 checksum of the contents and the identity.
/// </summary>
/// <remarks>
/// NumPy reads as many values as the header states and ignores the rest, so <c>np.load</c> can read these files.
/// </remarks>
internal static partial class NpyFile
{
    private const int Preamble = 10;
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    /// <summary>Writes a matrix (row, column) atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">
    /// Identifies the matrix. It is not stored, but is part of the checksum, so that a file under the wrong name is detected.
    /// </param>
    /// <param name="values">Elements in row-major order.</param>
    /// <param name="rows">Number of rows, at least 0.</param>
    /// <param name="columns">Number of columns.</param>
    public static void Write(string path, string identity, ReadOnlySpan<float> values, int rows, int columns)
    {
        var description = string.Create(CultureInfo.InvariantCulture,
            $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
        var padded = description.PadRight((Preamble + description.Length + 1 + Alignment - 1) / Alignment * Alignment - Preamble - 1)
            + "\n";
        var bytes = new byte[Preamble + padded.Length + 4 * values.Length + SHA256.HashSizeInBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(Magic.Length), (ushort)padded.Length);
        Encoding.ASCII.GetBytes(padded, bytes.AsSpan(Preamble));
        MemoryMarshal.AsBytes(values).CopyTo(bytes.AsSpan(Preamble + padded.Length));
        var length = bytes.Length - SHA256.HashSizeInBytes;
        Checksum(identity, bytes.AsSpan(0, length)).CopyTo(bytes, length);
        AtomicFile.WriteBytes(path, bytes, flushed: false);
    }

    /// <summary>Reads a matrix. Returns null if the file is missing, cannot be opened, is damaged, or holds another matrix.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">The identity with which it was written.</param>
    public static (float[] Values, int Rows, int Columns)? TryRead(string path, string identity)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        var length = bytes.Length - SHA256.HashSizeInBytes;
        if (length < Preamble || !bytes.AsSpan().StartsWith(Magic)
            || !Checksum(identity, bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length)))
            return null;
        var start = Preamble + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(Magic.Length));
        if (start > length)
            return null;
        var shape = Shape().Match(Encoding.ASCII.GetString(bytes, Preamble, start - Preamble));
        if (!shape.Success
            || !int.TryParse(shape.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var rows)
            || !int.TryParse(shape.Groups[2].ValueSpan, CultureInfo.InvariantCulture, out var columns)
            || start + 4L * rows * columns != length)
            return null;
        return (MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start, length - start)).ToArray(), rows, columns);
    }

    private static byte[] Checksum(string identity, ReadOnlySpan<byte> contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(contents);
        hash.AppendData(Encoding.UTF8.GetBytes(identity));
        return hash.GetHashAndReset();
    }

    [GeneratedRegex(@"'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\)")]
    private static partial Regex Shape();
}
