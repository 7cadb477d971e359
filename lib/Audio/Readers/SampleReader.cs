using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace DeviceId.Audio;

/// <summary>Decodes bytes into samples with full scale = 1.</summary>
internal static class SampleReader
{
    private static readonly float[] ALawValues = [.. Enumerable.Range(0, 256).Select(code => FromALaw((byte)code) / 32768f)];
    private static readonly float[] MuLawValues = [.. Enumerable.Range(0, 256).Select(code => FromMuLaw((byte)code) / 32768f)];

    /// <summary>Size of one sample (bytes).</summary>
    public static int Bytes(SampleFormat format) => format switch
    {
        SampleFormat.Unsigned8 or SampleFormat.Signed8 or SampleFormat.ALaw or SampleFormat.MuLaw => 1,
        SampleFormat.Signed16 => 2,
        SampleFormat.Signed24 => 3,
        SampleFormat.Float64 => 8,
        _ => 4,
    };

    /// <summary>The format in words, such as "24-bit integer in 4 bytes".</summary>
    public static string Describe(SampleFormat format) => format switch
    {
        SampleFormat.Unsigned8 => "8-bit unsigned integer",
        SampleFormat.Signed8 => "8-bit integer",
        SampleFormat.Signed16 => "16-bit integer",
        SampleFormat.Signed24 => "24-bit integer",
        SampleFormat.Signed24In4 => "24-bit integer in 4 bytes",
        SampleFormat.Signed32 => "32-bit integer",
        SampleFormat.Float32 => "32-bit float",
        SampleFormat.Float64 => "64-bit float",
        _ => "8-bit logarithmic",
    };

    /// <summary>Decodes as many samples as <paramref name="samples"/> holds.</summary>
    /// <param name="data">The bytes, exactly those of the samples.</param>
    /// <param name="format">Encoding of the samples.</param>
    /// <param name="bigEndian">Whether the most significant byte comes first.</param>
    /// <param name="samples">Receives the samples in the order of the file.</param>
    public static void Decode(ReadOnlySpan<byte> data, SampleFormat format, bool bigEndian, Span<float> samples)
    {
        if (format == SampleFormat.Signed16 && BitConverter.IsLittleEndian != bigEndian)
        {
            // Most recordings are 16-bit: this path is vectorised. Multiplying by 2^-15 is as exact as dividing by 2^15.
            TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, short>(data)[..samples.Length], samples);
            TensorPrimitives.Multiply(samples, 1 / 32768f, samples);
            return;
        }

        var size = Bytes(format);
        for (int i = 0, offset = 0; i < samples.Length; i++, offset += size)
            samples[i] = One(data.Slice(offset, size), format, bigEndian);
    }

    private static float One(ReadOnlySpan<byte> bytes, SampleFormat format, bool bigEndian) => format switch
    {
        SampleFormat.Unsigned8 => (bytes[0] - 128) / 128f,
        SampleFormat.Signed8 => (sbyte)bytes[0] / 128f,
        SampleFormat.Signed16 => ReadInt16(bytes, bigEndian) / 32768f,
        SampleFormat.Signed24 => ReadInt24(bytes, bigEndian) / 8388608f,
        SampleFormat.Signed24In4 => ReadInt24(bigEndian ? bytes[1..] : bytes[..3], bigEndian) / 8388608f,
        SampleFormat.Signed32 => ReadInt32(bytes, bigEndian) / 2147483648f,
        SampleFormat.Float32 => bigEndian ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes),
        SampleFormat.ALaw => ALawValues[bytes[0]],
        SampleFormat.MuLaw => MuLawValues[bytes[0]],
        _ => (float)(bigEndian ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
    };

    private static short ReadInt16(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadInt16BigEndian(bytes) : BinaryPrimitives.ReadInt16LittleEndian(bytes);

    private static int ReadInt24(ReadOnlySpan<byte> bytes, bool bigEndian) => bigEndian
        ? (sbyte)bytes[0] << 16 | bytes[1] << 8 | bytes[2]
        : (sbyte)bytes[2] << 16 | bytes[1] << 8 | bytes[0];

    private static int ReadInt32(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);

    /// <summary>ITU-T G.711 µ-law to 16-bit linear: sign, 3-bit exponent, 4-bit mantissa, all bits inverted.</summary>
    private static int FromMuLaw(byte code)
    {
        var bits = ~code;
        var magnitude = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
        return (bits & 0x80) != 0 ? -magnitude : magnitude;
    }

    /// <summary>ITU-T G.711 A-law to 16-bit linear: sign, 3-bit exponent, 4-bit mantissa, every second bit inverted.</summary>
    private static int FromALaw(byte code)
    {
        var bits = code ^ 0x55;
        var (exponent, mantissa) = ((bits >> 4) & 7, ((bits & 15) << 4) + 8);
        var magnitude = exponent == 0 ? mantissa : (mantissa + 256) << (exponent - 1);
        return (bits & 0x80) != 0 ? magnitude : -magnitude;
    }
}
