using System.Buffers.Binary;
using System.Diagnostics;
using DeviceId.Audio;
using DeviceId.Corpora;

namespace DeviceId.Tests.Audio;

/// <summary>Kinds of files that public bug reports describe; each test names the report. The files are made here.</summary>
public sealed class PublicReportTests : IDisposable
{
    private static readonly short[] Samples = [.. Enumerable.Range(0, 4001).Select(i => (short)(8000 * Math.Sin(i * 0.3)))];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>libsndfile 370 and 542: recorders by Zoom write a LIST chunk that holds nothing but zeros.</summary>
    [Fact]
    public void AListChunkOfZerosIsSkipped() =>
        RequireSamples(SoundFiles.Riff(Pcm(16_000), SoundFiles.Chunk("LIST", new byte[393_164]), Data()));

    /// <summary>
    /// OpenNeuro 2520: copying from a Mac leaves "._x.wav" beside "x.wav". It is counted, and named when it is asked about.
    /// </summary>
    [Fact]
    public void MetadataOfMacOSAreNoRecording()
    {
        WaveFile.Write(_folder.File("red/x.wav"), new AudioClip([.. Samples.Select(s => s / 32768f)], 16_000));
        var metadata = _folder.File("red/._x.wav");
        File.WriteAllBytes(metadata, [0x00, 0x05, 0x16, 0x07, 0, 2, 0, 0, .. "Mac OS X        "u8, .. new byte[100]]);
        var corpus = DeviceFolders.Open(_folder.Path);
        Assert.Single(corpus.Recordings);
        Assert.Equal(["1 other file ignored (1 hidden)."], corpus.Notices);
        var error = Assert.Throws<AudioException>(() => AudioFile.Read(metadata));
        Assert.Contains("an AppleDouble file", error.Reason, StringComparison.Ordinal);
    }

    /// <summary>Cryptomator 19: a file that is in iCloud only is a hidden placeholder, so that recordings go missing.</summary>
    [Fact]
    public void ARecordingThatIsOnlyInICloudIsNamed()
    {
        WaveFile.Write(_folder.File("red/x.wav"), new AudioClip([.. Samples.Select(s => s / 32768f)], 16_000));
        var placeholder = _folder.File("red/.y.m4a.icloud");
        File.WriteAllText(placeholder, "bplist00");
        var skipped = Assert.Single(AudioFolder.Scan(_folder.Path).Skipped);
        Assert.Equal(placeholder, skipped.Path);
        Assert.Contains("'y.m4a', which is in iCloud", skipped.Reason, StringComparison.Ordinal);
    }

    /// <summary>NAudio pull request 386: some programs leave out the padding byte after a chunk of odd length.</summary>
    [Theory]
    [InlineData("LIST")]
    [InlineData("bext")]
    public void AnOddChunkWithoutItsPaddingByteIsSkipped(string name) =>
        RequireSamples(SoundFiles.Riff(Pcm(16_000), SoundFiles.Chunk(name, new byte[27])[..^1], Data()));

    /// <summary>libsndfile 887: 24-bit mono with an odd number of samples has data of odd length.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DataOfOddLengthIsReadWhole(bool isPadded)
    {
        byte[] bytes = [.. Samples.SelectMany(s => new byte[] { 0, (byte)s, (byte)(s >> 8) })];
        var data = SoundFiles.Chunk("data", bytes);
        RequireSamples(SoundFiles.Riff(SoundFiles.Chunk("fmt ", SoundFiles.Format(SoundFiles.Pcm, 1, 16_000, 24)),
            isPadded ? data : data[..^1]));
    }

    /// <summary>
    /// mila 151, meeting-transcriber 384: a recorder of macOS that crashed leaves a data size of 0, a RIFF size of 4088, a filler chunk,
    /// and all the sound. It is read, with a warning.
    /// </summary>
    [Fact]
    public void ARecordingWhoseProgramCrashedIsReadToItsEnd()
    {
        var data = Data();
        data.AsSpan(4, 4).Clear();
        var file = SoundFiles.Riff(Pcm(16_000), SoundFiles.Chunk("FLLR", new byte[4032]), data);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), 4088);
        Assert.NotEmpty(RequireSamples(file).Info!.Warnings);
    }

    /// <summary>AudioRecorder 136: the phone switched off while it recorded; the MP4 file has no index (moov).</summary>
    [Fact]
    public void AnMp4FileWithoutItsIndexIsRefusedByName()
    {
        byte[] file = [0, 0, 0, 24, .. "ftypmp42"u8, 0, 0, 0, 0, .. "mp42isom"u8, 0, 0, 16, 8, .. "mdat"u8, .. new byte[4096]];
        var error = Assert.Throws<AudioException>(() => AudioFile.Read(Write("interrupted.m4a", file)));
        Assert.Contains("an MP4 file", error.Reason, StringComparison.Ordinal);
    }

    /// <summary>dab-cmdline 91: a radio recording of 2,048 kHz in a WAV file is no sound.</summary>
    [Fact]
    public void ARadioRecordingIsRefusedByItsRate() => Assert.Contains("2048000", Assert.Throws<AudioException>(() =>
        AudioFile.Read(Write("radio.wav", SoundFiles.Riff(Pcm(2_048_000), Data())))).Reason, StringComparison.Ordinal);

    /// <summary>pure-data 295 (written by scipy from a numpy array): floating-point samples that are unscaled 16-bit integers.</summary>
    [Fact]
    public void UnscaledIntegersInAFloatFileAreWarnedOf()
    {
        byte[] bytes = [.. Samples.SelectMany(s => BitConverter.GetBytes((double)s))];
        var clip = AudioFile.Read(Write("numpy.wav", SoundFiles.Riff(
            SoundFiles.Chunk("fmt ", SoundFiles.Format(SoundFiles.Float, 1, 16_000, 64)), SoundFiles.Chunk("data", bytes))));
        Assert.Equal(Samples.Select(s => (float)s), clip.Samples);
        Assert.Contains(clip.Info!.Warnings, warning => warning.Contains("full scale", StringComparison.Ordinal));
    }

    /// <summary>deadbeef 1021, lewton 18: a chained Ogg file whose second part has another sampling rate.</summary>
    [Fact]
    public void AChainedOggFileOfTwoRatesIsNotAnsweredAboutInSilence()
    {
        var (first, second) = (Encode(16_000, "first.ogg"), Encode(48_000, "second.ogg"));
        var path = Write("chained.ogg", [.. File.ReadAllBytes(first), .. File.ReadAllBytes(second)]);
        try
        {
            var clip = AudioFile.Read(path);
            Assert.NotEmpty(clip.Info!.Warnings.Concat(clip.Info.Complaints));
        }
        catch (AudioException error)
        {
            Assert.Contains("chained.ogg", error.Message, StringComparison.Ordinal);
        }
    }

    private AudioClip RequireSamples(byte[] file)
    {
        var clip = AudioFile.Read(Write("file.wav", file));
        Assert.Equal(16_000, clip.SampleRate);
        Assert.Equal(Samples.Select(s => s / 32768f), clip.Samples);
        return clip;
    }

    private string Write(string name, byte[] bytes)
    {
        var path = _folder.File(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static byte[] Pcm(int rate) => SoundFiles.Chunk("fmt ", SoundFiles.Format(SoundFiles.Pcm, 1, rate, 16));

    private static byte[] Data() => SoundFiles.Chunk("data", SoundFiles.Bytes16(Samples));

    private string Encode(int rate, string name)
    {
        var wave = Write($"{rate}.wav", SoundFiles.Riff(Pcm(rate), Data()));
        var path = _folder.File(name);
        try
        {
            using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-i", wave, path]))!;
            ffmpeg.WaitForExit();
            Assert.Equal(0, ffmpeg.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("ffmpeg is not installed on this machine");
        }

        return path;
    }
}
