using DeviceId.Audio;
using DeviceId.Foundation;
using DeviceId.Identification;

namespace DeviceId.Tests.Identification;

[Collection(TensorCollection.Name)]
public sealed class TrainingStatisticsTests
{
    private static readonly AudioClip Noise = White(3, 32_000, 0.05);

    private static readonly TrainingStatistics Known = TrainingStatistics.Summarise([.. Enumerable.Range(0, 5)
        .Select(i => ("phone", RecordingStatistics.Measure(White(3 + i, 32_000, 0.05))))]);

    [Fact]
    public void ARecordingLikeTheTrainingRecordingsHasNoWarnings() =>
        Assert.Empty(Known.Differences(RecordingStatistics.Measure(White(9, 32_000, 0.06)), "phone"));

    [Fact]
    public void TheBandEndsAtTheHighestFrequencyOfTheSound()
    {
        // White noise reaches half the sampling rate; noise resampled through 8 kHz ends near 0.455 of that rate, the resampler's cut-off.
        Assert.InRange(RecordingStatistics.Measure(Noise).BandHertz, 15_900, 16_000);
        Assert.InRange(RecordingStatistics.Measure(Resampler.Resample(Resampler.Resample(Noise, 8000), 32_000)).BandHertz, 3400, 4200);
    }

    [Fact]
    public void EachDifferenceIsDescribedInASentence()
    {
        void Warned(string aspect, string expected, AudioClip clip) =>
            Assert.Contains(Known.Differences(RecordingStatistics.Measure(clip), "phone"),
                d => d.Aspect == aspect && d.Sentence.Contains(expected, StringComparison.Ordinal));
        Warned("rate", "sampling rate is 16000 Hz; the model was trained on 32000 Hz", Resampler.Resample(Noise, 16_000));
        Warned("length", "It lasts 0.5 s", White(0.5, 32_000, 0.05));
        Warned("band", "nothing above 4.", Resampler.Resample(Resampler.Resample(Noise, 8000), 32_000));
        Warned("level", "level is", White(3, 32_000, 0.002));
        Warned("clipping", "samples are clipped", Noise with { Samples = [.. Noise.Samples.Select(s => Math.Clamp(30 * s, -1, 1))] });
        Warned("silence", "of it is silent", Noise with { Samples = [.. Noise.Samples.Select((s, i) => i < 60_000 ? 0 : s)] });
        Warned("treble", "treble falls", Gated());
        // Pauses that are quieter than usual give no warning.
        Assert.DoesNotContain(Known.Differences(RecordingStatistics.Measure(WithPauses(Noise)), "phone"), d => d.Aspect == "pauses");
        // Noise clipped at a tenth of its standard deviation is almost a square wave, far below full scale.
        Warned("crest", "clipped and made quieter",
            Noise with { Samples = [.. Noise.Samples.Select(s => Math.Clamp(s, -0.005f, 0.005f))] });
    }

    [Fact]
    public void NoiseInThePausesIsComparedWithTheMostProbableDeviceOnly()
    {
        var withPauses = WithPauses(Noise);
        var known = TrainingStatistics.Summarise([("quiet", RecordingStatistics.Measure(withPauses)),
            ("noisy", RecordingStatistics.Measure(Noise))]);
        var noisy = RecordingStatistics.Measure(withPauses with
        {
            Samples = [.. withPauses.Samples.Zip(White(9, 32_000, 0.02).Samples, (s, n) => s + n)]
        });
        // The same noise sequence added: 0.02 in the pauses, 0.07 elsewhere, hence 10.9 dB; the quiet device's recordings have 74 dB.
        Assert.Equal(10.9, noisy.Levels.ContrastDecibels, 0.5);
        Assert.Equal("pauses", Assert.Single(known.Differences(noisy, "quiet")).Aspect);
        Assert.Contains("Noise or a room may fill its pauses", known.Differences(noisy, "quiet").Single().Sentence,
            StringComparison.Ordinal);
        Assert.DoesNotContain(known.Differences(RecordingStatistics.Measure(Noise), "noisy"), d => d.Aspect == "pauses");
    }

    [Fact]
    public void ALossyFileGivesAWarningUnlessTrainingFilesAreOfItsKind()
    {
        using var folder = new TemporaryFolder();
        void Kind(string? expected, string? claim, params byte[] header)
        {
            var path = folder.File("sound");
            File.WriteAllBytes(path, header);
            var statistics = RecordingStatistics.Measure(path, White(4, 32_000, 0.05));
            Assert.Equal(expected, statistics.LossyKind);
            Assert.Equal(expected is null ? [] : ["format"], Known.Differences(statistics, "phone").Select(d => d.Aspect));
            Assert.All(Known.Differences(statistics, "phone"),
                d => Assert.StartsWith($"It is {expected}: a lossy codec {claim} removed", d.Sentence, StringComparison.Ordinal));
            Assert.Empty(TrainingStatistics.Summarise([("phone", statistics)]).Differences(statistics, "phone"));
        }

        Kind("an MP3 file", "has", [.. "ID3"u8, 4, 0]);
        Kind("an AMR file", "has", [.. "#!AMR"u8]);
        Kind("an AAC stream", "has", [0xFF, 0xF1, 0x50]);
        // Containers: ALAC in MP4, FLAC in Ogg and PCM in CAF are lossless, and the first bytes do not show the codec.
        Kind("an MP4 file (m4a, 3gp)", "may have", [0, 0, 0, 24, .. "ftypM4A "u8]);
        Kind("an Ogg file (Vorbis, Opus)", "may have", [.. "OggS"u8]);
        Kind("a CAF file", "may have", [.. "caff"u8]);
        Kind("of a kind that is not recognised", "may have", [.. "what"u8]);
        Kind(null, null, [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8]);
        Kind(null, null, [.. "RIFX"u8, 0, 0, 0, 0, .. "WAVE"u8]);
        Kind(null, null, [.. "riff"u8, 0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0, 0]);
        Kind(null, null, [.. "fLaC"u8]);
        Kind(null, null, [.. "NIST_1A\n"u8]);
    }

    [Fact]
    public void StatisticsOfASilentTrainingRecordingCanBeStored()
    {
        var statistics = TrainingStatistics.Summarise([("phone", RecordingStatistics.Measure(Noise)),
            ("phone", RecordingStatistics.Measure(new AudioClip(new float[32_000], 32_000)))]);
        Assert.Equal(-100, statistics.RmsDecibels.Min);
        Assert.Equal(statistics.RmsDecibels, Json.Read<TrainingStatistics>(Json.WriteCompact(statistics)).RmsDecibels);
    }

    [Fact]
    public void AVeryShortOrSilentClipHasStatisticsAndAnEmptyOneIsRefused()
    {
        Assert.Equal(0.001, RecordingStatistics.Measure(new AudioClip(new float[32], 32_000)).Seconds, 1e-9);
        Assert.Equal(0, RecordingStatistics.Measure(new AudioClip(new float[32_000], 32_000)).BandHertz);
        Assert.Throws<ArgumentException>(() => RecordingStatistics.Measure(new AudioClip([], 32_000)));
    }

    /// <summary>Noise in which one of ten blocks of 0.1 s has no treble, as after a codec.</summary>
    private static AudioClip Gated()
    {
        var withoutTreble = Resampler.Resample(Resampler.Resample(Noise, 16_000), 32_000);
        return Noise with { Samples = [.. Noise.Samples.Select((s, i) => i / 3200 % 10 == 0 ? withoutTreble.Samples[i] : s)] };
    }

    /// <summary>Silences every other half second.</summary>
    private static AudioClip WithPauses(AudioClip clip) =>
        clip with { Samples = [.. clip.Samples.Select((s, i) => i / (clip.SampleRate / 2) % 2 == 0 ? s : 0)] };

    private static AudioClip White(double seconds, int rate, double level)
    {
        var random = new SplitMix64(5);
        return new AudioClip([.. Enumerable.Range(0, (int)(seconds * rate))
            .Select(_ => (float)(level * Math.Sqrt(12) * (random.Uniform() - 0.5)))], rate);
    }
}
