using DeviceId.Audio;
using DeviceId.Foundation;
using DeviceId.Identification;

namespace DeviceId.Tests.Identification;

[Collection(TensorCollection.Name)]
public sealed class TrainingTraitsTests
{
    private static readonly AudioClip Noise = White(3, 32_000, 0.05);

    private static readonly TrainingTraits Known = TrainingTraits.Of([.. Enumerable.Range(0, 5).Select(i => RecordingTraits.Of(White(3 + i, 32_000, 0.05)))]);

    [Fact]
    public void ARecordingLikeThoseOfTheTrainingIsNotWarnedOf() => Assert.Empty(Known.Differences(RecordingTraits.Of(White(9, 32_000, 0.06))));

    [Fact]
    public void TheBandEndsWhereTheSoundDoes()
    {
        // White noise reaches half the rate; what went through 8 kHz ends at 0.455 of that rate, the resampler's cut-off, give or take its slope.
        Assert.InRange(RecordingTraits.Of(Noise).BandHertz, 15_900, 16_000);
        Assert.InRange(RecordingTraits.Of(Resampler.Resample(Resampler.Resample(Noise, 8000), 32_000)).BandHertz, 3400, 4200);
    }

    [Fact]
    public void WhatDiffersIsSaidInASentenceEach()
    {
        void Warned(string trait, string expected, AudioClip clip) => Assert.Contains(Known.Differences(RecordingTraits.Of(clip)), d => d.Trait == trait && d.Sentence.Contains(expected, StringComparison.Ordinal));
        Warned("rate", "sampling rate is 16000 Hz; the model was trained on 32000 Hz", Resampler.Resample(Noise, 16_000));
        Warned("length", "It lasts 0.5 s", White(0.5, 32_000, 0.05));
        Warned("band", "nothing above 4.", Resampler.Resample(Resampler.Resample(Noise, 8000), 32_000));
        Warned("level", "level is", White(3, 32_000, 0.002));
        Warned("clipping", "samples are clipped", Noise with { Samples = [.. Noise.Samples.Select(s => Math.Clamp(30 * s, -1, 1))] });
        Warned("silence", "of it is silent", Noise with { Samples = [.. Noise.Samples.Select((s, i) => i < 60_000 ? 0 : s)] });
        Warned("treble", "treble falls", Gated());
    }

    [Fact]
    public void AClipShorterThanAFrameAndASilentOneHaveTraitsAndAnEmptyOneNot()
    {
        Assert.Equal(0.001, RecordingTraits.Of(new AudioClip(new float[32], 32_000)).Seconds, 1e-9);
        Assert.Equal(0, RecordingTraits.Of(new AudioClip(new float[32_000], 32_000)).BandHertz);
        Assert.Throws<ArgumentException>(() => RecordingTraits.Of(new AudioClip([], 32_000)));
    }

    /// <summary>Noise whose every twentieth tenth of a second has no treble, as a codec leaves it.</summary>
    private static AudioClip Gated()
    {
        var dull = Resampler.Resample(Resampler.Resample(Noise, 16_000), 32_000);
        return Noise with { Samples = [.. Noise.Samples.Select((s, i) => i / 3200 % 10 == 0 ? dull.Samples[i] : s)] };
    }

    private static AudioClip White(double seconds, int rate, double level)
    {
        var random = new SplitMix64(5);
        return new AudioClip([.. Enumerable.Range(0, (int)(seconds * rate)).Select(_ => (float)(level * Math.Sqrt(12) * (random.Uniform() - 0.5)))], rate);
    }
}
