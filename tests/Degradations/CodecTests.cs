using DeviceId.Audio;
using DeviceId.Degradations;
using static DeviceId.Tests.Degradations.Sounds;

namespace DeviceId.Tests.Degradations;

/// <summary>Round trips through the codecs of the installed ffmpeg.</summary>
public sealed class CodecTests
{
    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(LossyCodec.Mp3, 64, 32000)]
    [InlineData(LossyCodec.Mp3, 16, 32000)]
    [InlineData(LossyCodec.Mp3, 64, 44100)]
    [InlineData(LossyCodec.Aac, 64, 32000)]
    [InlineData(LossyCodec.Aac, 32, 22050)]
    [InlineData(LossyCodec.Opus, 32, 32000)]
    [InlineData(LossyCodec.Opus, 16, 16000)]
    [InlineData(LossyCodec.AmrNarrowband, 12.2, 32000)]
    [InlineData(LossyCodec.AmrWideband, 23.85, 32000)]
    public void ARoundTripKeepsRateLengthAndTimingAndChangesTheSamples(object codec, double kilobits, int rate)
    {
        var degradation = new CodecRoundTrip((LossyCodec)codec, kilobits);
        if (degradation.WhyUnavailable() is { } reason)
            Assert.Skip($"{degradation.Label}: {reason}");
        var clip = Melody(rate: rate);
        var result = degradation.Apply(clip, 1);
        Assert.Equal(rate, result.SampleRate);
        Assert.Equal(clip.Samples.Length, result.Samples.Length);
        Assert.NotEqual(clip.Samples, result.Samples);

        // ffmpeg does not know the delay of AMR: the output may be late by one frame of 20 ms.
        var maxLag = codec is LossyCodec.AmrNarrowband or LossyCodec.AmrWideband ? rate / 50 : 1;
        var (original, decoded) = (clip.Samples[4000..20000], result.Samples[4000..20000]);
        var bestLag = Enumerable.Range(-1500, 3001).MaxBy(lag => Correlation(original, decoded, lag));
        Assert.InRange(Math.Abs(bestLag), 0, maxLag);
        Assert.InRange(Correlation(clip.Samples, result.Samples, bestLag), 0.9, 1);
    }

    [Fact]
    public void ALowerBitRateGivesALargerError()
    {
        var (highRate, lowRate) = (new CodecRoundTrip(LossyCodec.Mp3, 128), new CodecRoundTrip(LossyCodec.Mp3, 16));
        if (highRate.WhyUnavailable() is { } reason)
            Assert.Skip(reason);
        var clip = Babble();
        double Error(Degradation degradation) =>
            MeanSquare(degradation.Apply(clip, 1).Samples.Zip(clip.Samples, (a, b) => a - b)) / MeanSquare(clip.Samples);
        Assert.True(Error(highRate) < 0.5 * Error(lowRate), $"{Error(highRate)} against {Error(lowRate)}");
    }

    [Fact]
    public void AMissingProgramOrEncoderIsReported()
    {
        Assert.Contains("not installed", new FfmpegProgram("no-such-program").WhyCannotEncode("aac"), StringComparison.Ordinal);
        var degradation = new CodecRoundTrip(LossyCodec.AmrNarrowband, 12.2);
        if (degradation.WhyUnavailable() is not { } reason)
        {
            Assert.Skip("this ffmpeg has AMR, so nothing is missing");
            return;
        }

        Assert.Equal(reason, Assert.Throws<DegradationException>(() => degradation.Apply(Tone(440), 1)).Message);
    }

    [Fact]
    public void AProgramThatHangsIsKilledAndTheMessageOfOneThatFailsIsReported()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("uses shell scripts in place of ffmpeg");
        using var folder = new TemporaryFolder();
        var slow = Script(folder, "slow", "sleep 60");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Contains("took longer", Assert.Throws<DegradationException>(() => new FfmpegProgram(slow, TimeSpan.FromMilliseconds(300))
            .Run(new byte[1 << 20])).Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
        var broken = Script(folder, "broken", "echo no such codec >&2; exit 3");
        Assert.Contains("no such codec",
            Assert.Throws<DegradationException>(() => new FfmpegProgram(broken).Run(new byte[1 << 20], "-x")).Message,
            StringComparison.Ordinal);
        Assert.Contains("failed", Assert.Throws<DegradationException>(() => new FfmpegProgram(folder.File("absent")).Run([])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LossyCodec.Mp3, 64, 32000, 32000)]
    [InlineData(LossyCodec.Mp3, 16, 32000, 24000)]
    [InlineData(LossyCodec.Mp3, 64, 8000, 16000)]
    [InlineData(LossyCodec.Opus, 16, 32000, 48000)]
    [InlineData(LossyCodec.AmrNarrowband, 12.2, 32000, 8000)]
    public void TheCodecRunsAtTheLowestSufficientRateOrElseAtItsHighest(object codec, double kilobits, int clip, int expected) =>
        Assert.Equal(expected, CodecFormat.For((LossyCodec)codec, kilobits).RateFor(clip));

    private static string Script(TemporaryFolder folder, string name, string body)
    {
        var path = folder.File(name);
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
