using DeviceId.Audio;
using DeviceId.Foundation;
using static DeviceId.Tests.Audio.SoundFiles;

namespace DeviceId.Tests.Audio;

public sealed class BadInputTests
{
    private static readonly byte[] Samples = Bytes16(1, 2, 3, 4);
    private static readonly byte[] ValidFile = Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", Samples));

    public static TheoryData<string, byte[], string> BadFiles() => new()
    {
        { "empty", [], "empty" },
        { "one byte", [82], "no sound of its own" },
        { "one byte of no text", [1], "no decoder here can read it" },
        { "magic alone", ValidFile[..12], "no 'fmt ' chunk" },
        { "cut inside the format", ValidFile[..24], "truncated" },
        { "no data chunk", ValidFile[..36], "no 'data' chunk" },
        { "no samples", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", [])), "no sound" },
        { "no samples, and chunks after",
            Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", []), Chunk("LIST", [.. "INFOIART"u8, 4, 0, 0, 0, .. "me, "u8]),
            Chunk("id3 ", [1, 2, 3])), "no sound" },
        { "no samples, and an unpadded chunk after",
            Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", []), Chunk("note", [1, 2, 3])[..^1]), "no sound" },
        { "half a sample", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16)), Chunk("data", [1])), "no sound" },
        { "0 Hz", Riff(Chunk("fmt ", Format(Pcm, 1, 0, 16)), Chunk("data", Samples)), "0 samples per second" },
        { "4 GHz", Riff(Chunk("fmt ", Format(Pcm, 1, -1, 16)), Chunk("data", Samples)), "samples per second" },
        { "0 channels", Riff(Chunk("fmt ", Format(Pcm, 0, 8000, 16)), Chunk("data", Samples)), "0 channels" },
        { "65535 channels", Riff(Chunk("fmt ", Format(Pcm, 65535, 8000, 16)), Chunk("data", Samples)), "channels" },
        { "wrong frame size", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 16, frameBytes: 60000)), Chunk("data", Samples)),
            "header is damaged" },
        { "65 bits", Riff(Chunk("fmt ", Format(Pcm, 1, 8000, 65)), Chunk("data", Samples)), "no decoder here can read it" },
        { "an unknown coding", Riff(Chunk("fmt ", Format(0x7777, 1, 8000, 4)), Chunk("data", Samples)), "no decoder here can read it" },
        { "short format", Riff(Chunk("fmt ", [1, 0]), Chunk("data", Samples)), "damaged" },
        { "chunk larger than the file", Riff(Chunk("note", [1, 2], 4_000_000_000), Chunk("data", Samples)), "truncated or damaged" },
        { "NaN", Riff(Chunk("fmt ", Format(Float, 1, 8000, 32)),
            Chunk("data", [.. BitConverter.GetBytes(0f), .. BitConverter.GetBytes(float.NaN)])), "sample 1 is NaN" },
        { "infinity", Riff(Chunk("fmt ", Format(Float, 1, 8000, 64)), Chunk("data", BitConverter.GetBytes(double.NegativeInfinity))),
            "infinite" },
        { "double beyond single precision", Riff(Chunk("fmt ", Format(Float, 1, 8000, 64)), Chunk("data", BitConverter.GetBytes(1e300))),
            "infinite" },
        { "a huge sample", Riff(Chunk("fmt ", Format(Float, 1, 8000, 32)),
            Chunk("data", [.. BitConverter.GetBytes(0f), .. BitConverter.GetBytes(-1e30f)])), "sample 1 is -1e+30" },
        { "1 Hz", Riff(Chunk("fmt ", Format(Pcm, 1, 1, 16)), Chunk("data", Samples)), "1 samples per second" },
        { "500 kHz", Riff(Chunk("fmt ", Format(Pcm, 1, 500_000, 16)), Chunk("data", Samples)), "4000 to 384000" },
        { "65 channels", Riff(Chunk("fmt ", Format(Pcm, 65, 8000, 16)), Chunk("data", new byte[260])), "65 channels" },
        { "SPHERE, header cut", Sphere(Samples, "sample_rate -i 8000")[..500], "truncated" },
        { "SPHERE, no rate", Sphere(Samples, "channel_count -i 1"), "sample_rate" },
        { "SPHERE, compressed", Sphere(Samples, "sample_rate -i 8000", "sample_coding -s26 pcm,embedded-shorten-v2.00"),
            "embedded-shorten" },
        { "SPHERE, 0 channels", Sphere(Samples, "sample_rate -i 8000", "channel_count -i 0"), "0 channels" },
        { "SPHERE, words for numbers", Sphere(Samples, "sample_rate -i many"), "not a number" },
        { "SPHERE, 9-byte samples", Sphere(Samples, "sample_rate -i 8000", "sample_n_bytes -i 9"), "9 bytes" },
        { "SPHERE, no samples", Sphere([], "sample_rate -i 8000"), "no sound" },
        { "a text", "Dear Sir or Madam"u8.ToArray(), "no sound of its own" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void ABadFileGivesAnAudioExceptionWithFileAndReason(string what, byte[] file, string reason)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("bad.wav");
        File.WriteAllBytes(path, file);
        var error = Assert.Throws<AudioException>(() => AudioFile.Read(path));
        Assert.True(error.Path == path && error.Message.StartsWith(path, StringComparison.Ordinal), what);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingFileAndAFolderAreReportedAsSuch()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("cannot be opened", Assert.Throws<AudioException>(() => AudioFile.Read(folder.File("none.wav"))).Reason,
            StringComparison.Ordinal);
        Assert.Contains("folder", Assert.Throws<AudioException>(() => AudioFile.Read(folder.Path)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void MemoryDependsOnTheFileSizeAndNotOnTheHeader()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("wrong-size.wav");
        File.WriteAllBytes(path, Riff(Chunk("fmt ", Format(Pcm, 64, 8000, 16)), Chunk("data", new byte[4096], 0xF0000000)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        AudioFile.Read(path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void RandomDamageGivesAFiniteClipOrAnAudioException()
    {
        byte[][] templates =
        [
            ValidFile,
            Riff(Chunk("fmt ", Extensible(Float, 2, 48000, 32)), Chunk("data", new byte[64])),
            Container("RF64", Chunk("ds64", new byte[28]), Chunk("fmt ", Format(Pcm, 3, 8000, 24)),
                Chunk("data", new byte[90], 0xFFFFFFFF)),
            Sphere(Samples, "sample_rate -i 8000", "channel_count -i 2", "sample_n_bytes -i 2"),
        ];
        var random = new SplitMix64(1337);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var file = (byte[])templates[random.Below(templates.Length)].Clone();
            for (var changes = random.Below(4); changes >= 0; changes--)
                file[random.Below(Math.Min(file.Length, 200))] = (byte)random.Below(256);
            if (random.Below(3) == 0)
                file = file[..random.Below(file.Length)];
            try
            {
                var clip = SphereFile.Recognises(file)
                    ? SphereFile.Parse("x", file) : WaveFile.Parse("x", file, ChannelChoice.Mean);
                Assert.True(clip.Samples.Length > 0 && clip.SampleRate > 0 && clip.Samples.All(float.IsFinite));
                read++;
            }
            catch (AudioException)
            {
                refused++;
            }
        }

        Assert.True(read > 1000 && refused > 1000, $"{read} read, {refused} refused: the test is void");
    }
}
