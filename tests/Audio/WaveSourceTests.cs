using DeviceId.Audio;
using DeviceId.Foundation;
using static DeviceId.Tests.Audio.SoundFiles;

namespace DeviceId.Tests.Audio;

public sealed class WaveSourceTests
{
    public static TheoryData<int, int, int, string> Formats()
    {
        var data = new TheoryData<int, int, int, string>();
        foreach (var (coding, bits) in new[] { (Pcm, 8), (Pcm, 16), (Pcm, 24), (Pcm, 32), (Float, 32), (Float, 64) })
        {
            data.Add(coding, bits, 1, "speech");
            foreach (var choice in new[] { "speech", "2", "mean" })
                data.Add(coding, bits, 3, choice);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void ChunksEqualTheSameSamplesReadAtOnce(int coding, int bits, int channels, string choiceName)
    {
        var choice = ChannelChoice.Parse(choiceName);
        using var folder = new TemporaryFolder();
        var path = folder.File("a b ü.wav");
        // Longer than the source's buffer of 256 KiB, so that a read crosses it.
        var frames = 600_000 / (channels * bits / 8);
        var data = new byte[frames * channels * bits / 8];
        var random = new SplitMix64(7);
        for (var i = 0; i < data.Length; i++)
            data[i] = (byte)random.Below(256);
        if (coding == Float)
            data = [.. Enumerable.Range(0, frames * channels)
                .SelectMany(i => bits == 32 ? BitConverter.GetBytes((float)random.Uniform()) : BitConverter.GetBytes(random.Uniform()))];
        File.WriteAllBytes(path, Riff(Chunk("fmt ", Format(coding, channels, 8000, bits)), Chunk("data", data)));
        var whole = WaveFile.Read(path, choice);
        Assert.Equal(frames, whole.Samples.Length);
        using var source = WaveFile.Open(path, choice);
        Assert.Equal((frames, 8000), (source.Length, source.SampleRate));
        foreach (var (first, count) in new[] { (0, 1), (frames - 1, 1), (17, frames - 17), (frames / 2, 100), (5, 0) })
        {
            var chunk = new float[count];
            source.Read(first, chunk);
            Assert.Equal(whole.Samples.Skip(first).Take(count), chunk);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(frames, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(-1, new float[1]));
    }

    [Fact]
    public void EverySixteenBitValueIsReadExactly()
    {
        var values = Enumerable.Range(short.MinValue, 65536).Select(v => (short)v).ToArray();
        var file = Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", Bytes16(values)));
        Assert.Equal(values.Select(v => v / 32768f), WaveFile.Parse("x", file).Samples);
    }

    [Fact]
    public void AFileThatShrinksWhileItIsReadIsReported()
    {
        var file = Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", new byte[200_000]));
        using var source = WaveFile.OpenBytes("shrinking.wav", new ShrinkingFile(file));
        Assert.Contains("shorter", Assert.Throws<AudioException>(() => source.Read(50_000, new float[10])).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Reports its old length but has only the beginning.</summary>
    private sealed class ShrinkingFile(byte[] file) : FileBytes
    {
        private readonly InMemory _remaining = new(file.AsMemory(0, 1000));

        public override long Length => file.Length;

        public override int Read(long first, Span<byte> buffer) => _remaining.Read(first, buffer);
    }

    [Fact]
    public void ANaNSampleIsReportedWithItsIndexInTheFile()
    {
        var data = new float[200_000];
        data[150_000] = float.NaN;
        var file = Riff(Chunk("fmt ", Format(Float, 1, 8000, 32)), Chunk("data", [.. data.SelectMany(BitConverter.GetBytes)]));
        Assert.Contains("sample 150000", Assert.Throws<AudioException>(() => WaveFile.Parse("x", file)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AHeaderWithTooManyChunksIsRejected()
    {
        var file = Riff([.. Enumerable.Repeat(Chunk("junk", []), 20_000), Chunk("data", Bytes16(1))]);
        Assert.Contains("chunks", Assert.Throws<AudioException>(() => WaveFile.Parse("x", file)).Message,
            StringComparison.Ordinal);
    }
}
