using System.ComponentModel;
using System.Diagnostics;
using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Evaluation;
using DeviceId.Identification;

namespace DeviceId.Tests.Corpora;

public sealed class CopyTests
{
    private const int Rate = 16000;

    [Theory]
    [InlineData("flac", "-c:a flac", "sample for sample")]
    [InlineData("mp3", "-b:a 64k", "aligned")]
    [InlineData("m4a", "-b:a 96k -aac_pns 0", "aligned")]
    [InlineData("ogg", "-c:a libopus -b:a 32k", "aligned")]
    public void AConvertedCopyUnderAnotherDeviceIsFound(string extension, string options, string how)
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("red/a.wav"), 1);
        Write(folder.File("red/b.wav"), 2);
        Write(folder.File("blue/a.wav"), 3);
        Convert(folder.File("red/a.wav"), options, folder.File($"blue/x.{extension}"));

        var warning = Assert.Single(RecordingCheck.Run(DeviceFolders.Open(folder.Path)).Warnings,
            w => w.Contains("is under", StringComparison.Ordinal));

        Assert.Contains(how, warning, StringComparison.Ordinal);
        Assert.Contains(folder.File("red/a.wav"), warning, StringComparison.Ordinal);
        Assert.Contains(folder.File($"blue/x.{extension}"), warning, StringComparison.Ordinal);
    }

    [Fact]
    public void ACopyWithAnotherTagIsFoundInsideADevice()
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("red/a.wav"), 1);
        Write(folder.File("blue/a.wav"), 2);
        byte[] tag = [.. "LIST"u8, 4, 0, 0, 0, .. "INFO"u8];
        File.WriteAllBytes(folder.File("red/b.wav"), [.. File.ReadAllBytes(folder.File("red/a.wav")), .. tag]);
        Assert.Contains(RecordingCheck.Run(DeviceFolders.Open(folder.Path)).Warnings,
            w => w.StartsWith("red has the same sound (sample for sample) as a and b", StringComparison.Ordinal));
    }

    [Fact]
    public void TheCorrelationOfADelayedCopyIsOneAndThatOfAnotherSoundIsSmall()
    {
        var random = new Random(3);
        var noise = Enumerable.Range(0, 8000).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var delayed = Enumerable.Range(0, 8000).Select(i => i < 5 ? 0 : noise[i - 5]).ToArray();
        var other = Enumerable.Range(0, 8000).Select(_ => random.NextSingle() - 0.5f).ToArray();
        // Five of 8000 samples are lost at the end.
        Assert.Equal(1, AlignedCorrelation.Of(noise, delayed), 0.001);
        Assert.Equal(1, AlignedCorrelation.Of(noise, [.. delayed.Select(s => -0.1f * s)]), 0.001);
        Assert.InRange(AlignedCorrelation.Of(noise, other), 0, 0.1);
        Assert.Equal(0, AlignedCorrelation.Of(noise, new float[100]));
    }

    [Fact]
    public void NamesThatDifferInCaseSpacesOrUnicodeFormArePointedOut()
    {
        Assert.Equal(["Galaxy S8", "galaxys8"], Assert.Single(SimilarNames.Find(["galaxys8", "Galaxy S8", "Galaxy S9"])));
        Assert.Equal(["gru\u0308n", "gr\u00FCn"], Assert.Single(SimilarNames.Find(["gr\u00FCn", "gru\u0308n"])));
        Assert.Empty(SimilarNames.Find(["a1", "a2", "\uD800"]));
    }

    [Fact]
    public void OfManyWarningsOfAKindThreeAndACountAreShown()
    {
        var warnings = Enumerable.Range(0, 300).Select(i => new CheckWarning("devices with too little sound", $"d{i} has 1 s."))
            .Append(new CheckWarning("other", "other."));
        Assert.Equal(["d0 has 1 s.", "d1 has 1 s.", "d2 has 1 s.", "And 297 more devices with too little sound.", "other."],
            CheckWarning.Shorten(warnings));
    }

    [Fact]
    public void MisnamedRecordingsAreListedWithBothNames()
    {
        var recordings = new[] { FakeCorpus.Recording("red", "a"), FakeCorpus.Recording("blue", "b") };
        var predictions = new Predictions(["blue", "red"], recordings, [0, 0, 1], [1, 1, 0], [[0.9f, 0.1f], [0.6f, 0.4f], [0.7f, 0.3f]]);
        Assert.Equal((recordings[0], "blue"), Assert.Single(MisnamedRecordings.Find(predictions)));
        Assert.Contains("recorded by red, named blue", MisnamedRecordings.Describe(predictions).Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyAndShortRecordingsAreLeftOutUnlessAskedFor()
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("red/a.wav"), 1);
        Write(folder.File("blue/a.wav"), 2);
        Write(folder.File("blue/quiet.wav"), 3, 1e-4f);
        WaveFile.Write(folder.File("blue/short.wav"), new AudioClip([0.1f, -0.1f], Rate));
        var corpus = DeviceFolders.Open(folder.Path);

        var check = RecordingCheck.Run(corpus);
        Assert.Equal(["quiet.wav", "short.wav"], check.LeftOut.Select(s => Path.GetFileName(s.Path)));
        Assert.Equal(2, check.Usable.Recordings.Count);
        Assert.Contains(check.Warnings, w => w.Contains("practically empty", StringComparison.Ordinal));
        Assert.Equal(["short.wav"], RecordingCheck.Run(corpus, keepEmpty: true).LeftOut.Select(s => Path.GetFileName(s.Path)));
    }

    [Fact]
    public void OneRecordingAtALowRateIsNamedWithTheBandThatItCosts()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 12; i++)
            Write(folder.File($"red/s{i}.wav"), i);
        Write(folder.File("blue/s0.wav"), 20, rate: 8000);
        var warnings = RecordingCheck.Run(DeviceFolders.Open(folder.Path)).Warnings;
        Assert.Contains(warnings, w => w.Contains($"one recording at 8000 Hz ({folder.File("blue/s0.wav")})", StringComparison.Ordinal)
            && w.Contains("from 4000 to 8000 Hz", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.Contains("blue has 1, red 12", StringComparison.Ordinal));
    }

    /// <summary>Two seconds that sound like speech to an envelope: noise below 2 kHz in syllables of random level.</summary>
    private static void Write(string path, int seed, float gain = 0.3f, int rate = Rate)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var random = new Random(seed);
        var levels = Enumerable.Range(0, 20).Select(_ => Math.Pow(10, -1.5 * random.NextDouble())).ToArray();
        var (low, samples) = (0.0, new float[2 * rate]);
        for (var i = 0; i < samples.Length; i++)
        {
            low += 0.3 * (random.NextDouble() - 0.5 - low);
            samples[i] = (float)(gain * levels[i * levels.Length / samples.Length] * low);
        }

        WaveFile.Write(path, new AudioClip(samples, rate));
    }

    private static void Convert(string source, string options, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        try
        {
            using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", $"-loglevel error -y -i \"{source}\" {options} \"{target}\""))!;
            ffmpeg.WaitForExit();
            Assert.Equal(0, ffmpeg.ExitCode);
        }
        catch (Win32Exception)
        {
            Assert.Skip("ffmpeg is not installed.");
        }
    }
}
