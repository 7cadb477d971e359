using System.Buffers.Binary;
using System.Text;

namespace DeviceId.Tests.Audio;

/// <summary>Builds valid and invalid audio files byte by byte.</summary>
internal static class SoundFiles
{
    public const int Pcm = 1;
    public const int Float = 3;

    public static byte[] Chunk(string name, byte[] body, uint? claimed = null)
    {
        var chunk = new byte[8 + body.Length + body.Length % 2];
        Encoding.ASCII.GetBytes(name).CopyTo(chunk, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(4), claimed ?? (uint)body.Length);
        body.CopyTo(chunk, 8);
        return chunk;
    }

    public static byte[] Format(int coding, int channels, int rate, int bits, int? frameBytes = null)
    {
        var format = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(format, (ushort)coding);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(2), (ushort)channels);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(4), rate);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(8), rate * channels * bits / 8);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(12), (ushort)(frameBytes ?? channels * bits / 8));
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(14), (ushort)bits);
        return format;
    }

    /// <summary>The format chunk of WAVE_FORMAT_EXTENSIBLE.</summary>
    public static byte[] Extensible(int coding, int channels, int rate, int bits)
    {
        byte[] tail = [0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];
        return [.. Format(0xFFFE, channels, rate, bits), 22, 0, (byte)bits, 0, 0, 0, 0, 0, (byte)coding, 0, 0, 0, .. tail];
    }

    public static byte[] Riff(params byte[][] chunks) => Container("RIFF", chunks);

    public static byte[] Container(string magic, params byte[][] chunks)
    {
        var body = chunks.SelectMany(c => c).ToArray();
        return [.. Encoding.ASCII.GetBytes(magic), .. BitConverter.GetBytes(body.Length + 4), .. "WAVE"u8.ToArray(), .. body];
    }

    public static byte[] Sphere(byte[] data, params string[] fields)
    {
        var header = "NIST_1A\n   1024\n" + string.Join('\n', fields) + "\nend_head\n";
        return [.. Encoding.ASCII.GetBytes(header.PadRight(1024)), .. data];
    }

    public static byte[] Bytes16(params short[] samples) => [.. samples.SelectMany(BitConverter.GetBytes)];
}
