using System.Diagnostics;
using DeviceId.Audio;

namespace DeviceId.Tests.Audio;

/// <summary>ffmpeg and the managed decoders: equal samples, refusals by name, complaints that are kept.</summary>
public sealed class DecoderTests
{
    [Theory]
    [InlineData("pcm_s8")]
    [InlineData("pcm_s16be")]
    [InlineData("pcm_s24be")]
    public void NAudioGivesTheSamplesOfFfmpeg(string codec)
    {
        using var folder = new TemporaryFolder();
        var path = Encode(folder, "a.aiff", "-ar", "44100", "-ac", "2", "-c:a", codec);
        using var managed = NAudioReader.Open(path);
        using var ffmpeg = FfmpegReader.Open(path);
        // Integers divided by a power of two: equal to the last bit.
        Assert.Equal(ReadAll(ffmpeg), ReadAll(managed));
        Assert.Empty(managed.Info.Warnings);
        Assert.StartsWith("NAudio ", managed.Info.Decoder, StringComparison.Ordinal);
        Assert.StartsWith("ffmpeg ", ffmpeg.Info.Decoder, StringComparison.Ordinal);
        Assert.Equal((ffmpeg.Info.Container, ffmpeg.Info.Codec), (managed.Info.Container, managed.Info.Codec));
    }

    [Theory]
    [InlineData("t.mp3")]
    [InlineData("t.ogg")]
    public void WithoutFfmpegAFormatOfItsIsRefusedWithItsNameAndWhatToDo(string name)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has codecs of its own");
        using var folder = new TemporaryFolder();
        var path = Encode(folder, name);
        var header = FileBytes.ReadHeader(path, 64);
        var error = Assert.Throws<AudioException>(() => DeviceId.Audio.Decoders.Open(path, header, hasFfmpeg: false));
        Assert.Contains(FileKind.Detect(header), error.Reason, StringComparison.Ordinal);
        Assert.Contains("install ffmpeg", error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t.mp3")]
    [InlineData("t.flac")]
    [InlineData("t.ogg")]
    [InlineData("t.m4a")]
    public void AFileThatIsCutShortIsReadWithAWarning(string name)
    {
        using var folder = new TemporaryFolder();
        var path = Encode(folder, name, "-ar", "16000");
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length * 6 / 10)]);
        try
        {
            using var reader = DeviceId.Audio.Decoders.Open(path, bytes.AsSpan(0, 64), hasFfmpeg: true);
            Assert.NotEmpty(ReadAll(reader));
            Assert.NotEmpty(reader.Info.Warnings);
        }
        catch (AudioException error)
        {
            Assert.Contains("no decoder here can read it", error.Reason, StringComparison.Ordinal);
            Assert.Contains("Tried: ", error.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void APlaylistIsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        RequireFfmpeg();
        var path = folder.File("playlist.m4a");
        File.WriteAllText(path, "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:20\n#EXTINF:10.0,\nseg.mp3\n#EXT-X-ENDLIST\n");
        Func<AudioReader>[] ways = [() => FfmpegReader.Open(path), () => DeviceId.Audio.Decoders.Open(path, "#EXTM3U"u8)];
        foreach (var open in ways)
            Assert.Contains("holds no sound of its own, it names other files",
                Assert.Throws<AudioException>(() => open()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ACorruptFlacIsReadAsFarAsItGoesAndTheMissingPartIsNamed()
    {
        using var reader = Case("corrupt.flac");
        var decoded = ReadAll(reader).Length;
        Assert.InRange(decoded, 1, 23_999);
        Assert.Contains(reader.Info.Warnings, warning => warning.Contains("of the 1.50 s", StringComparison.Ordinal));
    }

    [Fact]
    public void TwentyFourBitsSurvive()
    {
        using var flac = Case("quiet24.flac");
        using var wave = Case("quiet24.wav");
        Assert.Equal(ReadAll(wave), ReadAll(flac));
        Assert.Equal("24-bit integer", flac.Info.SampleFormat);
        Assert.False(flac.Info.IsLossy);
    }

    [Fact]
    public void ValuesAboveFullScaleSurvive()
    {
        using var first = Case("over.wav");
        using var second = Case("over.w64");
        var samples = ReadAll(first);
        Assert.True(samples.Max() > 1);
        Assert.Equal(samples, ReadAll(second));
    }

    [Theory]
    [InlineData("ima.wav", "IMA ADPCM")]
    [InlineData("gsm.wav", "GSM 6.10")]
    [InlineData("mp3in.wav", "MP3")]
    public void CompressedWavIsDecoded(string name, string codec)
    {
        using var reader = Case(name);
        Assert.InRange(ReadAll(reader).Length / (double)reader.Info.SampleRate, 1.4, 1.7);
        Assert.Equal(("WAV", codec, true), (reader.Info.Container, reader.Info.Codec, reader.Info.IsLossy));
    }

    [Fact]
    public void OfTwoTracksTheFirstIsReadAndThatIsSaid()
    {
        using var folder = new TemporaryFolder();
        var path = Encode(folder, "-y weird 'name' ü.m4a", "-map", "0:a", "-map", "0:a", "-c:a", "aac");
        using var reader = FfmpegReader.Open(path);
        Assert.Equal(("MP4", "AAC", 2), (reader.Info.Container, reader.Info.Codec, reader.Info.Tracks));
        Assert.Contains("2 audio tracks", Assert.Single(reader.Info.Warnings), StringComparison.Ordinal);
        // AAC frames have 1024 samples: the length is right to within a frame.
        Assert.Equal(1.5, ReadAll(reader).Length / (double)reader.Info.SampleRate, 0.1);
    }

    [Fact]
    public void AFileThatChangesWhileItIsReadIsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = Encode(folder, "t.flac", "-t", "60", "-ar", "48000");
        using var reader = FfmpegReader.Open(path);
        using (var file = new FileStream(path, FileMode.Append))
            file.WriteByte(0);
        Assert.Contains("changed while it was read", Assert.Throws<AudioException>(() => ReadAll(reader)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ADecoderThatStallsIsKilled()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("uses shell scripts in place of ffmpeg");
        using var folder = new TemporaryFolder();
        var path = Encode(folder, "t.flac");
        var slow = folder.File("slow");
        File.WriteAllText(slow, "#!/bin/sh\nexec sleep 60\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(slow, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var error = Assert.Throws<AudioException>(() => FfmpegReader.Open(path, slow, "ffprobe", TimeSpan.FromMilliseconds(300)));
        Assert.Contains("gave no output", error.Reason, StringComparison.Ordinal);
        Assert.Contains("cannot be started", Assert.Throws<AudioException>(
            () => FfmpegReader.Open(path, folder.File("absent"), "ffprobe", TimeSpan.FromSeconds(1))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatNoDecoderReadsIsReportedWithItsFormatAndWhatToDo()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("broken.mp3");
        File.WriteAllBytes(path, [.. "ID3"u8, .. new byte[100]]);
        var error = Assert.Throws<AudioException>(() => AudioFile.Read(path));
        Assert.Contains("an MP3 file", error.Reason, StringComparison.Ordinal);
        Assert.Contains("Convert it to WAV", error.Reason, StringComparison.Ordinal);
        // The message does not suggest installing what was just tried.
        Assert.Equal(!FfmpegReader.IsInstalled, error.Reason.Contains("install ffmpeg", StringComparison.Ordinal));
    }

    [Fact]
    public void NAudioMakesOfDamagedBytesOnlySamplesOrAnAudioException()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(1);
        var path = Encode(folder, "t.aiff", "-ar", "16000", "-t", "0.1");
        var bytes = File.ReadAllBytes(path);
        for (var round = 0; round < 200; round++)
        {
            var damaged = (byte[])bytes.Clone();
            // The header is where damage matters: half of the changes go there.
            for (var change = 0; change < 1 + (round / 4); change++)
                damaged[random.Next(change % 2 == 0 ? 54 : damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, damaged);
            try
            {
                using var reader = NAudioReader.Open(path);
                ReadAll(reader);
            }
            catch (AudioException error)
            {
                Assert.NotEmpty(error.Reason);
            }
        }
    }

    private static FfmpegReader Case(string name)
    {
        RequireFfmpeg();
        return FfmpegReader.Open(Path.Combine(TestPaths.RealData("cases"), "audio", name));
    }

    private static float[] ReadAll(AudioReader reader)
    {
        var (samples, block) = (new List<float>(), new float[1000 * reader.Info.Channels]);
        while (reader.Read(block) is var frames and > 0)
            samples.AddRange(block.AsSpan(0, frames * reader.Info.Channels));
        return [.. samples];
    }

    /// <summary>Encodes 1.5 s of a tone and noise.</summary>
    private static string Encode(TemporaryFolder folder, string name, params string[] options)
    {
        RequireFfmpeg();
        var (wave, path, random) = (folder.File("source.wav"), folder.File(name), new Random(7));
        WaveFile.Write(wave, new AudioClip([.. Enumerable.Range(0, 48000)
            .Select(i => (float)(0.4 * Math.Sin(2 * Math.PI * 440 * i / 32000) + 0.2 * (random.NextDouble() - 0.5)))], 32000));
        var arguments = new[] { "-nostdin", "-v", "error", "-y", "-i", wave }.Concat(options).Append("file:" + path);
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardError = true })!;
        var message = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, message);
        return path;
    }

    private static void RequireFfmpeg()
    {
        if (!FfmpegReader.IsInstalled)
            Assert.Skip("ffmpeg is not installed on this machine");
    }
}
