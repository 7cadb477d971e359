using DeviceId.Audio;
using DeviceId.Reporting;

namespace DeviceId.Tests.Reporting;

public sealed class AudioFileTextTests
{
    private static readonly AudioFileInfo Mono = new("WAV", "PCM", false, "16-bit integer", 16_000, 1, 1, "DeviceId 0.1.0");

    [Fact]
    public void OneChannelIsSaidInOneLine() => Assert.Equal(
        "WAV with PCM, 16-bit integer, 16000 Hz, 1 channel, 48,000 bytes of sound, decoded by DeviceId 0.1.0",
        AudioFileText.Describe(Mono with { BytesClaimed = 48_000, BytesPresent = 48_000, BytesUsed = 48_000 }));

    [Fact]
    public void WhatDiffersAndWhatTheDecoderComplainedOfIsSaid()
    {
        var info = new AudioFileInfo("MP4", "AAC", true, "", 44_100, 2, 3, "ffmpeg 5.1")
        {
            Channel = "channel 2 of 2 (channel 1 holds no speech)", BytesClaimed = 1000, BytesUsed = 400,
            Complaints = [new string('x', 500), "overread", "third"],
        };
        Assert.Equal("MP4 with AAC, 44100 Hz, channel 2 of 2 (channel 1 holds no speech), the first of 3 tracks, bytes of sound: 1,000 "
            + "claimed, unknown present, 400 used, decoded by ffmpeg 5.1; the decoder complained: " + new string('x', 120)
            + "… (and 2 more)", AudioFileText.Describe(info));
    }

    [Fact]
    public void ACodecOfTheContainersNameIsSaidOnce()
    {
        var flac = Mono with { Container = "FLAC", Codec = "FLAC", SampleFormat = "24-bit integer" };
        Assert.StartsWith("FLAC, 24-bit integer", AudioFileText.Describe(flac), StringComparison.Ordinal);
    }
}
