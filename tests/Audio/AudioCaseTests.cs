using System.Diagnostics;
using System.Security.Cryptography;
using DeviceId.Audio;

namespace DeviceId.Tests.Audio;

/// <summary>Files that failed once, after public reports (<c>../shared/cases</c>); skipped where they are missing.</summary>
public sealed class AudioCaseTests
{
    [Theory]
    [InlineData("align4mono.wav")]
    [InlineData("align1mono.wav")]
    [InlineData("rifx.wav")]
    [InlineData("bw64.wav")]
    [InlineData("id3_before_riff.wav")]
    [InlineData("bits24_align4.wav")]
    [InlineData("sph_realrate.sph")]
    public void AVariantHoldsTheSamplesOfTheGoodFile(string name)
    {
        var (good, clip) = (AudioFile.Read(Case("good.wav")), AudioFile.Read(Case(name)));
        Assert.Equal(good.SampleRate, clip.SampleRate);
        Assert.Equal(good.Samples, clip.Samples);
        Assert.Null(FileKind.Lossy(clip.Info!));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Case(name)))), clip.Info!.Hash);
    }

    [Theory]
    [InlineData("ulaw.wav", "ulaw.wav")]
    [InlineData("ulaw.sph", "ulaw.sph")]
    [InlineData("over.w64", "over.wav")]
    [InlineData("over.wav", "over.wav")]
    [InlineData("quiet24.wav", "quiet24.wav")]
    public void SamplesEqualThoseOfFfmpeg(string name, string asked) =>
        Assert.Equal(Ffmpeg(Case(asked)), AudioFile.Read(Case(name)).Samples);

    [Theory]
    [InlineData("trunc_half.wav", "cut short", 48000, 23978, 23978)]
    [InlineData("claims_tenth.wav", "appended", 4800, 48000, 4800)]
    public void AWrongDataSizeIsWarnedOfWithThreeNumbers(string name, string why, long claimed, long present, long used)
    {
        var info = AudioFile.Read(Case(name)).Info!;
        Assert.Equal((claimed, present, used), (info.BytesClaimed, info.BytesPresent, info.BytesUsed));
        var warning = Assert.Single(info.Warnings);
        Assert.Contains($"claims {claimed} bytes of sound, {present} are there, {used} were used", warning, StringComparison.Ordinal);
        Assert.Contains(why, warning, StringComparison.Ordinal);
    }

    [Fact]
    public void AFirstChannelOfDitherIsNotTaken()
    {
        var clip = AudioFile.Read(Case("st_dither0.wav"));
        Assert.True(clip.Samples.Max(Math.Abs) > 0.01f);
        Assert.StartsWith("channel 2 of 2 (channel 1 holds nothing above -75 dB", clip.Info!.Channel, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("playlist.m4a", "no sound of its own")]
    [InlineData("shorten.sph", "w_decode")]
    [InlineData("rate1.wav", "1 samples per second")]
    [InlineData("float_onehuge.wav", "e+30")]
    public void ABadFileIsRefusedByName(string name, string reason) =>
        Assert.Contains(reason, Assert.Throws<AudioException>(() => AudioFile.Read(Case(name))).Reason, StringComparison.Ordinal);

    private static string Case(string name) => TestPaths.RealData(Path.Combine("cases", "audio", name));

    private static float[] Ffmpeg(string path)
    {
        if (!FfmpegReader.IsInstalled)
            Assert.Skip("ffmpeg is not installed on this machine");
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "-nostdin", "-v", "quiet", "-i", path, "-c:a", "pcm_f32le", "-f", "f32le", "pipe:1" })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var bytes = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(bytes);
        process.WaitForExit();
        var samples = new float[bytes.Length / 4];
        Buffer.BlockCopy(bytes.ToArray(), 0, samples, 0, samples.Length * 4);
        return samples;
    }
}
