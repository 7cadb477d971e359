using DeviceId.Audio;
using static DeviceId.Tests.Audio.SoundFiles;

namespace DeviceId.Tests.Audio;

public sealed class WaveFileTests
{
    private static readonly byte[] ThreeSamples = Bytes16(0, 16384, -32768);

    public static TheoryData<string, byte[]> EncodingsOfOneSound() => new()
    {
        { "plain", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", ThreeSamples)) },
        { "extensible", Riff(Chunk("fmt ", Extensible(Pcm, 1, 8000, 16)), Chunk("data", ThreeSamples)) },
        { "data before format", Riff(Chunk("data", ThreeSamples), Chunk("fmt ", Format(Pcm, 1, 8000, 16))) },
        { "odd-sized chunk between", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("note", [1, 2, 3]), Chunk("data", ThreeSamples)) },
        { "chunk after", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", ThreeSamples), Chunk("LIST", [1])) },
        { "streaming size", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", ThreeSamples, 0xFFFFFFFF)) },
        { "size of zero at the end", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", ThreeSamples, 0)) },
        { "size too large", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", ThreeSamples, 4_000_000_000)) },
        { "half a sample at the end", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", [.. ThreeSamples, 7])) },
        { "RF64", Container("RF64", Chunk("ds64", [.. BitConverter.GetBytes(90UL), .. BitConverter.GetBytes(6UL), .. new byte[12]]),
            Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", ThreeSamples, 0xFFFFFFFF), Chunk("junk", [9, 9])) },
        { "8 bits", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 8)), Chunk("data", [128, 192, 0])) },
        { "24 bits", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 24)), Chunk("data", [0, 0, 0, 0, 0, 0x40, 0, 0, 0x80])) },
        { "32 bits", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 32)),
            Chunk("data", [.. BitConverter.GetBytes(0), .. BitConverter.GetBytes(1 << 30), .. BitConverter.GetBytes(int.MinValue)])) },
        { "float", Riff(Chunk("fmt ", Format(Float, 1, 8000, 32)),
            Chunk("data", [.. BitConverter.GetBytes(0f), .. BitConverter.GetBytes(0.5f), .. BitConverter.GetBytes(-1f)])) },
        { "double", Riff(Chunk("fmt ", Extensible(Float, 1, 8000, 64)),
            Chunk("data", [.. BitConverter.GetBytes(0d), .. BitConverter.GetBytes(0.5), .. BitConverter.GetBytes(-1d)])) },
        { "SPHERE", Sphere(ThreeSamples, "sample_rate -i 8000", "channel_count -i 1", "sample_n_bytes -i 2", "sample_byte_format -s2 01",
            "sample_coding -s3 pcm") },
        { "SPHERE, big-endian", Sphere([0, 0, 0x40, 0, 0x80, 0], "sample_rate -i 8000", "sample_n_bytes -i 2",
            "sample_byte_format -s2 10") },
        { "SPHERE, count", Sphere([.. ThreeSamples, 1, 1], "sample_rate -i 8000", "sample_count -i 3") },
    };

    [Theory]
    [MemberData(nameof(EncodingsOfOneSound))]
    public void EveryEncodingOfTheSameSoundReadsTheSame(string what, byte[] file)
    {
        var clip = Read(file);
        Assert.Equal(8000, clip.SampleRate);
        Assert.True(clip.Samples.SequenceEqual([0, 0.5f, -1]), $"{what}: {string.Join(' ', clip.Samples)}");
    }

    [Theory]
    [InlineData("speech", new[] { 0.25f, 0.125f })]
    [InlineData("1", new[] { 0.25f, 0.125f })]
    [InlineData("2", new[] { -0.5f, 0.5f })]
    [InlineData("mean", new[] { -0.125f, 0.3125f })]
    public void OneOfTwoChannelsIsChosen(string choice, float[] expected) =>
        Assert.Equal(expected, Read(Riff(Chunk("fmt ", Format(Pcm, 2, 8000, 16)), Chunk("data", Bytes16(8192, -16384, 4096, 16384))),
            ChannelChoice.Parse(choice)).Samples);

    [Fact]
    public void IfTheFirstChannelIsSilentTheFirstWithSoundIsRead()
    {
        // Three channels: silence, a constant, sound. The sound begins after the first chunk.
        const int Frames = 100_000;
        var samples = new short[3 * Frames];
        for (var i = 0; i < Frames; i++)
            (samples[(3 * i) + 1], samples[(3 * i) + 2]) = (100, (short)(i < Frames - 2 ? 0 : 8192));
        float[] expected = [.. new float[Frames - 2], 0.25f, 0.25f];
        var format = Chunk("fmt ", Format(Pcm, 3, 8000, 16));
        Assert.Equal(expected, Read(Riff(format, Chunk("data", Bytes16(samples)))).Samples);
        Assert.Equal(expected, Read(Sphere(Bytes16(samples), "sample_rate -i 8000", "channel_count -i 3")).Samples);
        // If no channel has sound, the first is read.
        Assert.Equal([0f, 0f], Read(Riff(Chunk("fmt ", Format(Pcm, 2, 8000, 16)), Chunk("data", Bytes16(0, 7, 0, 7)))).Samples);
    }

    [Fact]
    public void DataOfSizeZeroIsReadToTheEndWhateverTheSamplesLookLike()
    {
        // Silence looks like unnamed chunks of size zero. "LIST" is sample data if its size goes beyond the end of the file.
        var format = Chunk("fmt ", Format(Pcm, 1, 8000, 16));
        Assert.Equal(new float[8], Read(Riff(format, Chunk("data", new byte[16], 0))).Samples);
        Assert.Equal(6, Read(Riff(format, Chunk("data", [.. "LIST"u8, 100, 0, 0, 0, 1, 2, 3, 4], 0))).Samples.Length);
    }

    [Fact]
    public void WritingAndReadingIsExactAndClipsAtFullScale()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a b (1) ä.wav");
        WaveFile.Write(path, new AudioClip([0, 1 / 32768f, -1, 0.99999f, 2, -3], 44100));
        Assert.Equal([0, 1 / 32768f, -1, 32767 / 32768f, 32767 / 32768f, -1], WaveFile.Read(path).Samples);
        Assert.Equal(44100, AudioFile.Read(path).SampleRate);
        Assert.Throws<ArgumentException>(() => WaveFile.Write(path, new AudioClip([float.NaN], 8000)));
    }

    [Fact]
    public void AFileIsReadAtTheRequestedRate()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("tone.wav");
        WaveFile.Write(path, new AudioClip([.. Enumerable.Range(0, 32000)
            .Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * 1000 * i / 32000)))], 32000));
        var clip = AudioFile.Read(path, sampleRate: 16000);
        Assert.Equal((16000, 16000), (clip.SampleRate, clip.Samples.Length));
        // The same tone, with 16 samples per period. Resampling and quantisation errors are below 1e-3 except at the ends.
        for (var i = 100; i < clip.Samples.Length - 100; i++)
            Assert.Equal(0.5 * Math.Sin(2 * Math.PI * i / 16), clip.Samples[i], 1e-3);
    }

    [Fact]
    public void RealRecordingsAreReadCompletely()
    {
        var files = Directory.GetFiles(TestPaths.RealData("ccnu-mobile"), "*.wav");
        Assert.NotEmpty(files);
        foreach (var file in files.Take(12))
        {
            var clip = AudioFile.Read(file);
            Assert.Equal(32000, clip.SampleRate);
            // An independent chunk parser: data bytes divided by bytes per frame.
            var bytes = File.ReadAllBytes(file);
            var (position, frame, data) = (12, 0, 0);
            while (position + 8 <= bytes.Length && data == 0)
            {
                var size = BitConverter.ToInt32(bytes, position + 4);
                var name = System.Text.Encoding.ASCII.GetString(bytes, position, 4);
                frame = name == "fmt " ? BitConverter.ToInt16(bytes, position + 20) : frame;
                data = name == "data" ? size : data;
                position += 8 + size + (size & 1);
            }

            Assert.Equal(data / frame, clip.Samples.Length);
        }
    }

    private static AudioClip Read(byte[] file, ChannelChoice choice = default)
    {
        using var folder = new TemporaryFolder();
        // The name does not matter: TIMIT's SPHERE files are called .WAV.
        var path = folder.File("sound.WAV");
        File.WriteAllBytes(path, file);
        return AudioFile.Read(path, choice);
    }
}
