using System.Buffers.Binary;
using DeviceId.Audio;
using static DeviceId.Tests.Audio.SoundFiles;

namespace DeviceId.Tests.Audio;

public sealed class NativeReaderTests
{
    private static readonly byte[] BigEndianSamples = [0, 0, 0x40, 0, 0x80, 0];
    private static readonly byte[] LittleEndianSamples = Bytes16(0, 16384, -32768);

    public static TheoryData<string, byte[]> EncodingsOfOneSound() => new()
    {
        { "block align 0", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16, 0)), Chunk("data", LittleEndianSamples)) },
        { "block align 1", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16, 1)), Chunk("data", LittleEndianSamples)) },
        { "block align 4", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16, 4)), Chunk("data", LittleEndianSamples)) },
        { "12 bits in 16", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 12, 2)), Chunk("data", LittleEndianSamples)) },
        { "20 bits in 24", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 20, 3)), Chunk("data", [0, 0, 0, 0, 0, 0x40, 0, 0, 0x80])) },
        { "24 bits low in 4 bytes", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 24, 4)),
            Chunk("data", [0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0x80, 0xFF])) },
        { "24 bits high in 4 bytes", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 24, 4)),
            Chunk("data", [0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0x80])) },
        { "BW64", Container("BW64", Chunk("ds64", [.. BitConverter.GetBytes(90UL), .. BitConverter.GetBytes(6UL), .. new byte[12]]),
            Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", LittleEndianSamples, 0xFFFFFFFF)) },
        { "RIFX", Rifx() },
        { "two data chunks", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", Bytes16(0)), Chunk("note", [1]),
            Chunk("data", Bytes16(16384, -32768))) },
        { "ID3 before RIFF", [.. "ID3"u8, 3, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4,
            .. Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", LittleEndianSamples))] },
        { "Wave64", Wave64(LittleEndianSamples) },
        { "AIFF", Aiff("AIFF", 16, "", BigEndianSamples) },
        { "AIFF of 8 bits", Aiff("AIFF", 8, "", [0, 0x40, 0x80]) },
        { "AIFF-C, NONE, 24 bits", Aiff("AIFC", 24, "NONE", [0, 0, 0, 0x40, 0, 0, 0x80, 0, 0]) },
        { "AIFF-C, sowt", Aiff("AIFC", 16, "sowt", LittleEndianSamples) },
        { "AIFF-C, fl32", Aiff("AIFC", 32, "fl32", [0, 0, 0, 0, 0x3F, 0, 0, 0, 0xBF, 0x80, 0, 0]) },
        { "AU", [.. ".snd"u8, 0, 0, 0, 24, 0, 0, 0, 6, 0, 0, 0, 3, 0, 0, 0x1F, 0x40, 0, 0, 0, 1, .. BigEndianSamples] },
        { "SPHERE, real rate", Sphere(LittleEndianSamples, "sample_rate -r 8000.000000") },
    };

    [Theory]
    [MemberData(nameof(EncodingsOfOneSound))]
    public void EveryEncodingOfTheSameSoundReadsTheSame(string what, byte[] file)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("sound.bin");
        File.WriteAllBytes(path, file);
        var clip = AudioFile.Read(path);
        Assert.Equal(8000, clip.SampleRate);
        Assert.True(clip.Samples.SequenceEqual([0, 0.5f, -1]), $"{what}: {string.Join(' ', clip.Samples)}");
        Assert.Null(FileKind.Lossy(clip.Info!));
    }

    [Fact]
    public void CompandedSamplesFollowTheTablesOfG711()
    {
        // ITU-T G.711: the largest, smallest and zero codes, as 16-bit values (14-bit and 13-bit values of the standard, scaled).
        byte[] Companded(int coding, params byte[] codes) => Riff(Chunk("fmt ", Format(coding, 1, 8000, 8)), Chunk("data", codes));
        Assert.Equal([-32124, 32124, 0, 0, 8], Integers(WaveFile.Parse("x", Companded(7, 0x00, 0x80, 0x7F, 0xFF, 0xFE))));
        Assert.Equal([-5504, 5504, 8, -8, 32256], Integers(WaveFile.Parse("x", Companded(6, 0x00, 0x80, 0xD5, 0x55, 0xAA))));
    }

    [Fact]
    public void ASizeThatWrappedAtFourGibibytesIsCompletedWithAWarning()
    {
        var header = Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", [], 1000));
        using var source = WaveFile.OpenBytes("long.wav", new LongFile(header, (1L << 32) + header.Length + 1000));
        Assert.Equal(((1L << 32) + 1000) / 2, source.Length);
    }

    [Fact]
    public void ANamedPipeIsRefusedWithoutBeingOpened()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("named pipes are recognised on Linux");
        using var folder = new TemporaryFolder();
        using (var make = System.Diagnostics.Process.Start("mkfifo", folder.File("x.wav")))
            make.WaitForExit();
        Assert.Contains("named pipe", Assert.Throws<AudioException>(() => AudioFile.Read(folder.File("x.wav"))).Reason,
            StringComparison.Ordinal);
        Assert.Contains("a device", Assert.Throws<AudioException>(() => AudioFile.Read("/dev/zero")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatGrowsIsReadAsItWasWhenItWasOpened()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("growing.wav");
        var before = Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", LittleEndianSamples, 0xFFFFFFFF));
        File.WriteAllBytes(path, before);
        using var reader = AudioFile.Open(path);
        File.AppendAllBytes(path, new byte[100]);
        var samples = new float[100];
        Assert.Equal((3, 0), (reader.Read(samples), reader.Read(samples)));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(before)), reader.Info.Hash);
        Assert.Contains(reader.Info.Warnings, warning => warning.Contains("grew", StringComparison.Ordinal));
    }

    private static int[] Integers(AudioClip clip) => [.. clip.Samples.Select(sample => (int)(sample * 32768))];

    private static byte[] Rifx() =>
    [
        .. "RIFX"u8, 0, 0, 0, 42, .. "WAVEfmt "u8, 0, 0, 0, 16, 0, 1, 0, 1, 0, 0, 0x1F, 0x40, 0, 0, 0x3E, 0x80, 0, 2, 0, 16,
        .. "data"u8, 0, 0, 0, 6, .. BigEndianSamples,
    ];

    private static byte[] Wave64(byte[] data)
    {
        byte[] tail = [0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0x00, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A];
        byte[] riff = [0x72, 0x69, 0x66, 0x66, 0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0x00, 0x00];
        return [.. riff, .. BitConverter.GetBytes(112L), .. "wave"u8, .. tail, .. "fmt "u8, .. tail, .. BitConverter.GetBytes(40L),
            .. Format(Pcm, 1, 8000, 16), .. "data"u8, .. tail, .. BitConverter.GetBytes(24L + data.Length), .. data];
    }

    private static byte[] Aiff(string form, short bits, string type, byte[] data)
    {
        // 8000 = 0xFA00 x 2^-3: exponent 16383 + 12.
        byte[] rate = [0x40, 0x0B, 0xFA, 0, 0, 0, 0, 0, 0, 0];
        byte[] common = [0, 1, 0, 0, 0, 3, (byte)(bits >> 8), (byte)bits, .. rate, .. System.Text.Encoding.ASCII.GetBytes(type)];
        byte[] sound = [0, 0, 0, 0, 0, 0, 0, 0, .. data];
        return [.. "FORM"u8, 0, 0, 0, 0, .. System.Text.Encoding.ASCII.GetBytes(form), .. BigChunk("COMM", common),
            .. BigChunk("SSND", sound)];
    }

    private static byte[] BigChunk(string name, byte[] body)
    {
        var chunk = Chunk(name, body);
        BinaryPrimitives.WriteInt32BigEndian(chunk.AsSpan(4), body.Length);
        return chunk;
    }

    /// <summary>A header, then zeros.</summary>
    private sealed class LongFile(byte[] header, long length) : FileBytes
    {
        public override long Length => length;

        public override int Read(long first, Span<byte> buffer)
        {
            buffer.Clear();
            if (first < header.Length)
                header.AsSpan((int)first, (int)Math.Min(buffer.Length, header.Length - first)).CopyTo(buffer);
            return (int)Math.Clamp(length - first, 0, buffer.Length);
        }
    }
}
