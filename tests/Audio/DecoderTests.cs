using System.Diagnostics;
using DeviceId.Audio;

namespace DeviceId.Tests.Audio;

public sealed class DecoderTests
{
    [Theory]
    [InlineData("t.mp3")]
    [InlineData("t.flac")]
    [InlineData("t.ogg")]
    [InlineData("-y weird 'name' ü.m4a")]
    public void FfmpegReadsFormatsWithoutAnotherDecoder(string name)
    {
        using var folder = new TemporaryFolder();
        var wave = folder.File("tone.wav");
        WaveFile.Write(wave, new AudioClip([.. Enumerable.Range(0, 32000)
            .Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * 440 * i / 32000)))], 32000));
        var path = folder.File(name);
        Encode(wave, path);
        var clip = AudioFile.Read(path, sampleRate: 32000);
        Assert.Equal(1, clip.DurationSeconds, 0.1);
        // Lossy codecs preserve the power of a steady tone within a few percent, except at the ends.
        Assert.Equal(0.125, clip.Samples.Average(s => (double)s * s), 0.02);
    }

    [Fact]
    public void AFileThatFfmpegCannotReadIsReportedWithItsMessageAndTheOptions()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("broken.mp3");
        File.WriteAllBytes(path, [.. "ID3"u8, .. new byte[100]]);
        var error = Assert.Throws<AudioException>(() => AudioFile.Read(path));
        Assert.Contains("an MP3 file", error.Reason, StringComparison.Ordinal);
        Assert.Contains("-p:NAudio=true", error.Reason, StringComparison.Ordinal);
        if (HasFfmpeg)
            Assert.Contains("ffmpeg could not decode it", error.Reason, StringComparison.Ordinal);
        // The message does not suggest installing what was just tried.
        Assert.Equal(!HasFfmpeg, error.Reason.Contains("install ffmpeg", StringComparison.Ordinal));
    }

    [Fact]
    public void ADecoderThatHangsOrWritesTooMuchIsKilled()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("uses shell scripts in place of ffmpeg");
        using var folder = new TemporaryFolder();
        var slow = Script(folder, "slow", "sleep 60");
        Assert.Contains("took longer", Assert.Throws<AudioException>(() => new FfmpegDecoder(slow, TimeSpan.FromMilliseconds(300))
            .Decode("x", default)).Reason, StringComparison.Ordinal);
        var flood = Script(folder, "flood", "exec cat /dev/zero");
        Assert.Contains("more than", Assert.Throws<AudioException>(() =>
            new FfmpegDecoder(flood, TimeSpan.FromSeconds(30), maxBytes: 100_000).Decode("x", default)).Reason,
            StringComparison.Ordinal);
        Assert.False(new FfmpegDecoder(folder.File("absent")).CanRead("x", []));
    }

    private static bool HasFfmpeg => new FfmpegDecoder().CanRead("x", []);

    private static void Encode(string wave, string path)
    {
        if (!HasFfmpeg)
            Assert.Skip("ffmpeg is not installed on this machine");
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardError = true };
        foreach (var argument in new[] { "-nostdin", "-v", "error", "-y", "-i", wave, "file:" + path })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var message = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, message);
    }

    private static string Script(TemporaryFolder folder, string name, string body)
    {
        var path = folder.File(name);
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
