using DeviceId.Audio;
using static DeviceId.Tests.Audio.SoundFiles;

namespace DeviceId.Tests.Audio;

public sealed class WaveFileTests
{
    private static readonly byte[] Three = Bytes16(0, 16384, -32768);

    public static TheoryData<string, byte[]> SameSound() => new()
    {
        { "plain", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", Three)) },
        { "extensible", Riff(Chunk("fmt ", Extensible(Pcm, 1, 8000, 16)), Chunk("data", Three)) },
        { "data before format", Riff(Chunk("data", Three), Chunk("fmt ", Format(Pcm, 1, 8000, 16))) },
        { "odd-sized chunk between", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("note", [1, 2, 3]), Chunk("data", Three)) },
        { "chunk after", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", Three), Chunk("LIST", [1])) },
        { "streaming size", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", Three, 0xFFFFFFFF)) },
        { "size of zero at the end", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", Three, 0)) },
        { "size too large", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", Three, 4_000_000_000)) },
        { "half a sample at the end", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", [.. Three, 7])) },
        { "RF64", Container("RF64", Chunk("ds64", [.. BitConverter.GetBytes(90UL), .. BitConverter.GetBytes(6UL), .. new byte[12]]),
            Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", Three, 0xFFFFFFFF), Chunk("junk", [9, 9])) },
        { "8 bits", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 8)), Chunk("data", [128, 192, 0])) },
        { "24 bits", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 24)), Chunk("data", [0, 0, 0, 0, 0, 0x40, 0, 0, 0x80])) },
        { "32 bits", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 32)),
            Chunk("data", [.. BitConverter.GetBytes(0), .. BitConverter.GetBytes(1 << 30), .. BitConverter.GetBytes(int.MinValue)])) },
        { "float", Riff(Chunk("fmt ", Format(Float, 1, 8000, 32)),
            Chunk("data", [.. BitConverter.GetBytes(0f), .. BitConverter.GetBytes(0.5f), .. BitConverter.GetBytes(-1f)])) },
        { "double", Riff(Chunk("fmt ", Extensible(Float, 1, 8000, 64)),
            Chunk("data", [.. BitConverter.GetBytes(0d), .. BitConverter.GetBytes(0.5), .. BitConverter.GetBytes(-1d)])) },
        { "SPHERE", Sphere(Three, "sample_rate -i 8000", "channel_count -i 1", "sample_n_bytes -i 2", "sample_byte_format -s2 01",
            "sample_coding -s3 pcm") },
        { "SPHERE, big-endian", Sphere([0, 0, 0x40, 0, 0x80, 0], "sample_rate -i 8000", "sample_n_bytes -i 2",
            "sample_byte_format -s2 10") },
        { "SPHERE, count", Sphere([.. Three, 1, 1], "sample_rate -i 8000", "sample_count -i 3") },
    };

    [Theory]
    [MemberData(nameof(SameSound))]
    public void EveryWayToWriteTheSameSoundReadsTheSame(string what, byte[] file)
    {
        var clip = Read(file);
        Assert.Equal(8000, clip.SampleRate);
        Assert.True(clip.Samples.SequenceEqual([0, 0.5f, -1]), $"{what}: {string.Join(' ', clip.Samples)}");
    }

    [Theory]
    [InlineData(ChannelChoice.First, new[] { 0.25f, 0.125f })]
    [InlineData(ChannelChoice.Louder, new[] { -0.5f, 0.5f })]
    [InlineData(ChannelChoice.Mean, new[] { -0.125f, 0.3125f })]
    public void OneChannelIsChosenOfTwo(object choice, float[] expected) =>
        Assert.Equal(expected, Read(Riff(Chunk("fmt ", Format(Pcm, 2, 8000, 16)), Chunk("data", Bytes16(8192, -16384, 4096, 16384))),
            (ChannelChoice)choice).Samples);

    [Fact]
    public void AFirstChannelWithoutSoundGivesWayToTheFirstThatHasSome()
    {
        // Three channels: silence, a constant, sound. The sound begins beyond the first piece that is read.
        const int Frames = 100_000;
        var samples = new short[3 * Frames];
        for (var i = 0; i < Frames; i++)
            (samples[(3 * i) + 1], samples[(3 * i) + 2]) = (100, (short)(i < Frames - 2 ? 0 : 8192));
        float[] expected = [.. new float[Frames - 2], 0.25f, 0.25f];
        var format = Chunk("fmt ", Format(Pcm, 3, 8000, 16));
        Assert.Equal(expected, Read(Riff(format, Chunk("data", Bytes16(samples)))).Samples);
        Assert.Equal(expected, Read(Sphere(Bytes16(samples), "sample_rate -i 8000", "channel_count -i 3")).Samples);
        // Where no channel has any sound it is the first.
        Assert.Equal([0f, 0f], Read(Riff(Chunk("fmt ", Format(Pcm, 2, 8000, 16)), Chunk("data", Bytes16(0, 7, 0, 7)))).Samples);
    }

    [Fact]
    public void AStreamOfSizeZeroIsReadWhateverItsSamplesLookLike()
    {
        // Silence looks like nameless chunks of no size, and "LIST" is a sample like any other where its size leads beyond the end.
        var format = Chunk("fmt ", Format(Pcm, 1, 8000, 16));
        Assert.Equal(new float[8], Read(Riff(format, Chunk("data", new byte[16], 0))).Samples);
        Assert.Equal(6, Read(Riff(format, Chunk("data", [.. "LIST"u8, 100, 0, 0, 0, 1, 2, 3, 4], 0))).Samples.Length);
    }

    [Fact]
    public void WhatIsWrittenReadsTheSameAndClipsAtFullScale()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a b (1) ä.wav");
        WaveFile.Write(path, new AudioClip([0, 1 / 32768f, -1, 0.99999f, 2, -3], 44100));
        Assert.Equal([0, 1 / 32768f, -1, 32767 / 32768f, 32767 / 32768f, -1], WaveFile.Read(path).Samples);
        Assert.Equal(44100, AudioFile.Read(path).SampleRate);
        Assert.Throws<ArgumentException>(() => WaveFile.Write(path, new AudioClip([float.NaN], 8000)));
    }

    [Fact]
    public void AFileIsReadAtTheRateThatIsAskedFor()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("tone.wav");
        WaveFile.Write(path, new AudioClip([.. Enumerable.Range(0, 32000)
            .Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * 1000 * i / 32000)))], 32000));
        var clip = AudioFile.Read(path, sampleRate: 16000);
        Assert.Equal((16000, 16000), (clip.SampleRate, clip.Samples.Length));
        // The same tone: 16 samples a period now. The resampler's own error and sixteen bits stay below a thousandth, but for the edges.
        for (var i = 100; i < clip.Samples.Length - 100; i++)
            Assert.Equal(0.5 * Math.Sin(2 * Math.PI * i / 16), clip.Samples[i], 1e-3);
    }

    [Fact]
    public void TheRealRecordingsReadWhole()
    {
        var files = Directory.GetFiles(TestPaths.RealData("ccnu-mobile"), "*.wav");
        Assert.NotEmpty(files);
        foreach (var file in files.Take(12))
        {
            var clip = AudioFile.Read(file);
            Assert.Equal(32000, clip.SampleRate);
            // The chunks, walked through by hand: bytes of the data over bytes of a frame.
            var bytes = File.ReadAllBytes(file);
            var (at, frame, data) = (12, 0, 0);
            for (; at + 8 <= bytes.Length && data == 0; at += 8 + BitConverter.ToInt32(bytes, at + 4)
                + (BitConverter.ToInt32(bytes, at + 4) & 1))
            {
                var name = System.Text.Encoding.ASCII.GetString(bytes, at, 4);
                frame = name == "fmt " ? BitConverter.ToInt16(bytes, at + 20) : frame;
                data = name == "data" ? BitConverter.ToInt32(bytes, at + 4) : data;
            }

            Assert.Equal(data / frame, clip.Samples.Length);
        }
    }

    private static AudioClip Read(byte[] file, ChannelChoice choice = ChannelChoice.First)
    {
        using var folder = new TemporaryFolder();
        // The name must not matter: TIMIT's SPHERE files are called .WAV.
        var path = folder.File("sound.WAV");
        File.WriteAllBytes(path, file);
        return AudioFile.Read(path, choice);
    }
}
