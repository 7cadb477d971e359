using System.Buffers.Binary;
using DeviceId.Audio;

namespace DeviceId.Fuzz;

/// <summary>WAV files, read with each choice of channel.</summary>
internal sealed class WaveTarget() : FuzzTarget("wave", typeof(AudioException))
{
    public override IEnumerable<byte[]> Seeds()
    {
        yield return WaveFile.ToBytes(new AudioClip([0, 0.5f, -0.5f, 1], 8000));
        yield return Make(1, 2, 16, 8, []);
        yield return Make(3, 1, 64, 16, []);
        yield return Make(1, 3, 24, 18, []);
        yield return Make(0xFFFE, 1, 32, 8,
            [22, 0, 32, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71]);
        byte[] plain = Make(1, 1, 8, 4, []);
        yield return [.. "RF64"u8, .. plain[4..12], .. "ds64"u8, 28, 0, 0, 0, .. new byte[28], .. plain[12..]];
    }

    protected override void Read(byte[] input)
    {
        foreach (var choice in SoundCheck.Choices)
            SoundCheck.Verify(WaveFile.Parse("x", input, choice), input.Length);
    }

    private static byte[] Make(int coding, int channels, int bits, int dataBytes, byte[] extension)
    {
        var format = new byte[16 + extension.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(format, (ushort)coding);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(2), (ushort)channels);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(4), 16000);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(8), 16000 * channels * bits / 8);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(12), (ushort)(channels * bits / 8));
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(14), (ushort)bits);
        extension.CopyTo(format, 16);
        byte[] body = [.. "WAVEfmt "u8, .. BitConverter.GetBytes(format.Length), .. format, .. "data"u8,
            .. BitConverter.GetBytes(dataBytes), .. new byte[dataBytes]];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(body.Length), .. body];
    }
}
