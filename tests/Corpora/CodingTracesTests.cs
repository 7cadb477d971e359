using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Degradations;
using DeviceId.Foundation;
using DeviceId.Tests.Features;

namespace DeviceId.Tests.Corpora;

/// <summary>
/// Traces of a coder written for the test: an MDCT with the sine window, in plain loops, whose coefficients are rounded to a coarse step,
/// and its inverse.
/// </summary>
public sealed class CodingTracesTests
{
    private const int Half = 1024;
    private const int Rate = 32_000;

    [Fact]
    [Trait("Speed", "Slow")]
    public void CodedSamplesShowWhereTheBlocksBegin()
    {
        var sound = Sound();
        var coded = Coded(sound);
        var traces = CodingTraces.Measure(coded)!;
        Assert.True(traces.IsCoded, $"contrast {traces.Contrast}");
        Assert.Equal(0, traces.Offset);
        Assert.InRange(traces.NearZero, 0.3, 1);

        // Without the first 300 samples the blocks begin at sample 724 of each 1024.
        var trimmed = CodingTraces.Measure(coded with { Samples = coded.Samples[300..] })!;
        Assert.True(trimmed.IsCoded, $"contrast {trimmed.Contrast}");
        Assert.Equal(724, trimmed.Offset);

        Assert.False(CodingTraces.Measure(sound)!.IsCoded);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void TheCheckNamesTheDevicesWhoseSamplesWereCoded()
    {
        using var folder = new TemporaryFolder();
        foreach (var device in new[] { "app", "plain" })
            Directory.CreateDirectory(folder.File(device));
        var sound = Sound();
        WaveFile.Write(folder.File("app/one.wav"), Coded(sound));
        WaveFile.Write(folder.File("plain/one.wav"), sound);
        var warnings = RecordingCheck.Run(DeviceFolders.Open(folder.File(""))).Warnings;
        var warning = Assert.Single(warnings, text => text.Contains("AAC", StringComparison.Ordinal));
        Assert.Contains("The samples of 1 of 2 tested devices (app) show", warning, StringComparison.Ordinal);
    }

    /// <summary>The installed ffmpeg codes with the Kaiser-Bessel window.</summary>
    [Fact]
    [Trait("Speed", "Slow")]
    public void SpeechCodedByAnotherProgramShowsItsBlocks()
    {
        var codec = new CodecRoundTrip(LossyCodec.Aac, 48);
        if (codec.WhyUnavailable() is { } reason)
            Assert.Skip(reason);
        var speech = GoldenFeatures.Clip("spA_32k");
        Assert.False(CodingTraces.Measure(speech)!.IsCoded);
        var traces = CodingTraces.Measure(codec.Apply(speech, 1))!;
        Assert.True(traces.IsCoded, $"contrast {traces.Contrast}");
    }

    [Fact]
    public void SilenceAndAConstantAreNotCoded()
    {
        AudioClip Clip(Func<int, double> value) => new([.. Enumerable.Range(0, 8 * Half).Select(i => (float)value(i))], Rate);
        Assert.False(CodingTraces.Measure(Clip(_ => 0))!.IsCoded);
        Assert.False(CodingTraces.Measure(Clip(_ => 0.25))!.IsCoded);
    }

    [Fact]
    public void AShortRecordingIsNotMeasured() => Assert.Null(CodingTraces.Measure(new AudioClip(new float[5 * Half], Rate)));

    /// <summary>Noise that falls with frequency and changes its level, rounded to 16 bits.</summary>
    private static AudioClip Sound()
    {
        var random = new SplitMix64(9);
        var samples = new float[20 * Half];
        var state = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            state = 0.9 * state + 0.02 * random.Normal() * (1 + Math.Sin(i / 3000.0));
            samples[i] = Round(state);
        }

        return new AudioClip(samples, Rate);
    }

    private static AudioClip Coded(AudioClip clip)
    {
        var cosines = new double[Half, 2 * Half];
        for (var k = 0; k < Half; k++)
            for (var n = 0; n < 2 * Half; n++)
                cosines[k, n] = Math.Sqrt(2.0 / Half) * Math.Sin(Math.PI * (n + 0.5) / (2 * Half))
                    * Math.Cos(Math.PI / Half * (n + 0.5 + Half / 2.0) * (k + 0.5));
        var decoded = new double[clip.Samples.Length];
        for (var first = 0; first + 2 * Half <= clip.Samples.Length; first += Half)
        {
            for (var k = 0; k < Half; k++)
            {
                var coefficient = 0.0;
                for (var n = 0; n < 2 * Half; n++)
                    coefficient += cosines[k, n] * clip.Samples[first + n];
                var step = 0.02;
                coefficient = step * Math.Round(coefficient / step);
                for (var n = 0; coefficient != 0 && n < 2 * Half; n++)
                    decoded[first + n] += cosines[k, n] * coefficient;
            }
        }

        return clip with { Samples = [.. decoded.Select(Round)] };
    }

    private static float Round(double sample) => (float)(Math.Round(sample * 32768) / 32768);
}
