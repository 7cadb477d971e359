using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using DeviceId.Audio;
using DeviceId.Corpora;

namespace DeviceId.Tests.Corpora;

public sealed class AudioFolderTests
{
    [Fact]
    public void FilesAreTakenByContentWhateverTheirEnding()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "red/a.bwf", "red/noending", "blue/x.QTA", "blue/other.dat" })
            WriteSound(folder.File(name), name.Length);
        File.WriteAllText(folder.File("red/readme.txt"), "text");
        File.WriteAllBytes(folder.File("red/photo.heic"), [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0]);
        var corpus = DeviceFolders.Open(folder.Path);
        Assert.Equal(4, corpus.Recordings.Count);
        Assert.Empty(corpus.Skipped);
        Assert.Equal(["2 other files ignored: red/photo.heic, red/readme.txt."], corpus.Notices);
    }

    [Fact]
    public void AHiddenFolderIsNotReadButCounted()
    {
        using var folder = new TemporaryFolder();
        WriteSound(folder.File("red/a.wav"), 1);
        WriteSound(folder.File(".blue/b.wav"), 2);
        Assert.Equal(["1 other file ignored (1 hidden)."], DeviceFolders.Open(folder.Path).Notices);
    }

    [Theory]
    [InlineData("RIFF....WAVE", true)]
    [InlineData("RIFX....WAVE", true)]
    [InlineData("BW64....WAVE", true)]
    [InlineData("RIFF....AVI ", false)]
    [InlineData("FORM....AIFC", true)]
    [InlineData("FORM....ILBM", false)]
    [InlineData("....ftypqt  ", true)]
    [InlineData("....ftypavif", false)]
    [InlineData("....moov....", true)]
    [InlineData("NIST_1A\n   1", true)]
    [InlineData(".snd", true)]
    [InlineData("ID3", true)]
    [InlineData("#!AMR\n", true)]
    [InlineData("a text", false)]
    [InlineData("", false)]
    public void TheFirstBytesTellSoundFromOtherFiles(string header, bool sound) =>
        Assert.Equal(sound, FileKind.LooksLikeSound(Encoding.ASCII.GetBytes(header)));

    [Fact]
    public void TextsInUtf16AndPicturesAreNotSound()
    {
        Assert.False(FileKind.LooksLikeSound([0xFF, 0xFE, 0x61, 0x00]));
        Assert.False(FileKind.LooksLikeSound([0xFF, 0xD8, 0xFF, 0xE0]));
        Assert.True(FileKind.LooksLikeSound([0xFF, 0xFB, 0x90, 0x00]));
        Assert.True(FileKind.LooksLikeSound([0xFF, 0xF1, 0x50, 0x80]));
    }

    [Fact]
    public void LinksAreFollowedOnceAndNeverInACircle()
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        WriteSound(folder.File("red/a.wav"), 1);
        WriteSound(elsewhere.File("b.wav"), 2);
        Directory.CreateSymbolicLink(folder.File("red/up"), "..");
        Directory.CreateSymbolicLink(folder.File("red/up2"), "../..");
        Directory.CreateSymbolicLink(folder.File("again"), "red");
        Directory.CreateSymbolicLink(folder.File("blue"), elsewhere.Path);
        Directory.CreateSymbolicLink(elsewhere.File("back"), folder.Path);
        Directory.CreateSymbolicLink(folder.File("self"), "self");
        File.CreateSymbolicLink(folder.File("red/lost.wav"), "nothing.wav");

        var listed = AudioFolder.Scan(folder.Path);

        Assert.Equal([folder.File("blue/b.wav"), folder.File("red/a.wav")], listed.Audio);
        var skipped = listed.Skipped.ToDictionary(s => Path.GetRelativePath(folder.Path, s.Path), s => s.Reason);
        Assert.Equal(["again", "blue/back", "red/lost.wav", "red/up", "red/up2", "self"], skipped.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("is read already", skipped["again"], StringComparison.Ordinal);
        Assert.Contains("contains the link itself", skipped["red/up2"], StringComparison.Ordinal);
        Assert.Contains("nothing.wav", skipped["red/lost.wav"], StringComparison.Ordinal);
    }

    [Fact]
    public void PipesSocketsAndDevicesAreNamedAndNeverOpened()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no named pipes in folders.");
        using var folder = new TemporaryFolder();
        WriteSound(folder.File("red/a.wav"), 1);
        using (var mkfifo = Process.Start("mkfifo", folder.File("red/x.wav")))
            mkfifo.WaitForExit();
        File.CreateSymbolicLink(folder.File("red/zero.wav"), "/dev/zero");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder.File("red/s.wav")));

        // A pipe that is opened would block until the test's time limit.
        var corpus = DeviceFolders.Open(folder.Path);

        Assert.Single(corpus.Recordings);
        Assert.Equal(["s.wav", "x.wav", "zero.wav"], corpus.Skipped.Select(s => Path.GetFileName(s.Path)));
        Assert.All(corpus.Skipped, s => Assert.Contains("never opened", s.Reason, StringComparison.Ordinal));
        File.WriteAllText(folder.File("table.csv"), "file,device\nred/a.wav,red\nred/x.wav,red\n");
        Assert.Single(RecordingTable.Open(folder.File("table.csv")).Skipped);
    }

    [Fact]
    public void NamesThatAreNotUtf8CostOnlyThemselves()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Only Linux has names that are not text.");
        using var folder = new TemporaryFolder();
        WriteSound(folder.File("red/a.wav"), 1);
        // The shell writes the bytes that .NET cannot.
        using (var shell = Process.Start("sh", ["-c", "cp \"$0/a.wav\" \"$0/$(printf 'b\\374')\".wav; mkdir \"$0/$(printf 'c\\374')\"",
            folder.File("red")]))
            shell.WaitForExit();
        var corpus = DeviceFolders.Open(folder.Path);
        // .NET cannot remove them either.
        using (var removal = Process.Start("rm", ["-r", folder.File("red")]))
            removal.WaitForExit();
        Assert.Single(corpus.Recordings);
        Assert.Equal(2, corpus.Skipped.Count);
        Assert.All(corpus.Skipped, s => Assert.Contains("not valid UTF-8", s.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void ADeviceFolderWithoutSoundIsLost()
    {
        using var folder = new TemporaryFolder();
        WriteSound(folder.File("red/a.wav"), 1);
        Directory.CreateDirectory(folder.File("green"));
        Directory.CreateDirectory(folder.File(".hidden"));
        Directory.CreateDirectory(folder.File("blue"));
        File.WriteAllText(folder.File("blue/notes.txt"), "text");
        var corpus = DeviceFolders.Open(folder.Path);
        Assert.Equal("2 device folders without a recording: blue: none of its 1 files looks like sound (notes.txt). "
            + "green: the folder is empty.", corpus.LostDevicesNotice);
        Assert.Contains(corpus.LostDevicesNotice, corpus.Notices);
    }

    [Fact]
    public void DamagedSamplesAndImplausibleRatesAreSkippedByName()
    {
        using var folder = new TemporaryFolder();
        WriteSound(folder.File("red/good.wav"), 1);
        WaveFile.Write(folder.File("red/slow.wav"), new AudioClip([0.1f, 0.2f, 0.3f], 1000));
        File.WriteAllBytes(folder.File("red/huge.wav"), Audio.SoundFiles.Riff(
            Audio.SoundFiles.Chunk("fmt ", Audio.SoundFiles.Format(Audio.SoundFiles.Float, 1, 8000, 32)),
            Audio.SoundFiles.Chunk("data", [.. new[] { 0.1f, 1e30f, 0.2f }.SelectMany(BitConverter.GetBytes)])));
        var corpus = DeviceFolders.Open(folder.Path);
        Assert.Single(corpus.Recordings);
        Assert.Equal(["huge.wav", "slow.wav"], corpus.Skipped.Select(s => Path.GetFileName(s.Path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ATableThatIsNotUtf8IsRefusedWithTheLine()
    {
        using var folder = new TemporaryFolder();
        WriteSound(folder.File("a.wav"), 1);
        File.WriteAllBytes(folder.File("t.csv"), [.. "file,device\n\na.wav,gr"u8, 0xFC, .. "n\n"u8]);
        Assert.Contains("line 3: the text is not valid UTF-8",
            Assert.Throws<CorpusException>(() => RecordingTable.Open(folder.File("t.csv"))).Message, StringComparison.Ordinal);
        foreach (var encoding in new Encoding[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            File.WriteAllText(folder.File("t.csv"), "file,device\na.wav,gr\u00FCn\n", encoding);
            Assert.Equal(["gr\u00FCn"], RecordingTable.Open(folder.File("t.csv")).Devices);
        }
    }

    [Fact]
    public void TheTableWithUmlautsInAnotherEncodingIsRefused() => Assert.Contains("is not valid UTF-8",
        Assert.Throws<CorpusException>(() => RecordingTable.Open(TestPaths.RealData("cases/workflow/cp1252_three.csv"))).Message,
        StringComparison.Ordinal);

    private static void WriteSound(string path, int seed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        FakeCorpus.WriteSound(path, seed);
    }
}
