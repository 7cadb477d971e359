using System.Buffers.Binary;

namespace DeviceId.Mixtures;

/// <summary>A file in memory, read with bounds checks whatever addresses it holds. Integers are little-endian.</summary>
/// <param name="bytes">The whole file.</param>
internal sealed class Hdf5Bytes(byte[] bytes)
{
    /// <summary>Length of the file.</summary>
    public int Length => bytes.Length;

    /// <summary>Position of address 0 in the file: MATLAB writes 512 bytes of its own before it.</summary>
    public long Base { get; init; }

    /// <summary>Returns bytes at an address.</summary>
    /// <exception cref="InvalidDataException">They lie outside the file.</exception>
    public ReadOnlySpan<byte> At(long address, long count)
    {
        if (address < 0 || count < 0 || address > bytes.Length - Base || count > bytes.Length - Base - address)
            throw new InvalidDataException($"{count} bytes at address {address} lie outside the file: it is truncated or damaged.");
        return bytes.AsSpan((int)(Base + address), (int)count);
    }

    /// <summary>Returns all bytes from an address to the end, for a name of unknown length.</summary>
    public ReadOnlySpan<byte> From(long address) => At(address, Math.Max(0, bytes.Length - Base - address));

    public byte Byte(long address) => At(address, 1)[0];

    public int Number16(long address) => BinaryPrimitives.ReadUInt16LittleEndian(At(address, 2));

    public long Number32(long address) => BinaryPrimitives.ReadUInt32LittleEndian(At(address, 4));

    /// <summary>Reads an address or a size; values of 2^63 and above become negative, and so lie outside the file.</summary>
    public long Number64(long address) => BinaryPrimitives.ReadInt64LittleEndian(At(address, 8));

    /// <summary>Throws unless a structure's four-letter signature is at an address.</summary>
    public void Expect(long address, ReadOnlySpan<byte> signature)
    {
        if (!At(address, signature.Length).SequenceEqual(signature))
            throw new InvalidDataException(
                $"there is no '{System.Text.Encoding.ASCII.GetString(signature)}' at address {address}: the file is damaged.");
    }
}
