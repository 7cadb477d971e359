using DeviceId.Audio;
using DeviceId.Degradations;
using DeviceId.Foundation;
using static DeviceId.Tests.Degradations.Sounds;

namespace DeviceId.Tests.Degradations;

/// <summary>Properties that all degradations share.</summary>
[Collection(TensorCollection.Name)]
public sealed class DegradationTests
{
    public static TheoryData<Degradation> WithoutCodecs =>
    [
        new AddedNoise(NoiseColour.White, 10), new AddedNoise(NoiseColour.Pink, 10), new Gain(-6), new Clipping(5), new Trimming(0.5),
        new RateRoundTrip(8000), new Reverberation(0.3),
    ];

    public static TheoryData<Degradation> OutOfRange =>
    [
        new AddedNoise(NoiseColour.White, double.NaN), new AddedNoise((NoiseColour)7, 10), new Gain(1000), new Clipping(0),
        new Clipping(100), new Trimming(0), new Trimming(double.PositiveInfinity), new RateRoundTrip(0),
        new Reverberation(0.001), new CodecRoundTrip(LossyCodec.Mp3, 1), new CodecRoundTrip((LossyCodec)99, 64),
    ];

    [Theory]
    [MemberData(nameof(WithoutCodecs))]
    public void TheSameSeedGivesTheSameSamplesAndTheClipIsNotModified(Degradation degradation)
    {
        var clip = Babble();
        var before = (float[])clip.Samples.Clone();
        var once = degradation.Apply(clip, 3);
        Assert.Equal(once.Samples, degradation.Apply(clip, 3).Samples);
        Assert.NotEqual(before, once.Samples);
        Assert.Equal(before, clip.Samples);
        Assert.Equal(clip.SampleRate, once.SampleRate);
        Assert.All(once.Samples, sample => Assert.True(float.IsFinite(sample)));
        if (degradation is not Trimming)
            Assert.Equal(before.Length, once.Samples.Length);
    }

    [Theory]
    [MemberData(nameof(WithoutCodecs))]
    public void AnotherSeedChangesOnlyRandomDegradations(Degradation degradation)
    {
        var isRandom = degradation is AddedNoise or Trimming or Reverberation;
        Assert.Equal(isRandom, !degradation.Apply(Babble(), 3).Samples.SequenceEqual(degradation.Apply(Babble(), 4).Samples));
    }

    [Theory]
    [MemberData(nameof(WithoutCodecs))]
    public void SilenceStaysSilentAndAnEmptyClipStaysEmpty(Degradation degradation)
    {
        Assert.All(degradation.Apply(new AudioClip(new float[32000], 32000), 1).Samples, sample => Assert.Equal(0, sample));
        Assert.Empty(degradation.Apply(new AudioClip([], 32000), 1).Samples);
        Assert.True(float.IsFinite(Assert.Single(degradation.Apply(new AudioClip([0.25f], 32000), 1).Samples)));
    }

    [Theory]
    [MemberData(nameof(WithoutCodecs))]
    public void NaNSamplesAreRefusedWithTheirIndex(Degradation degradation) =>
        Assert.Contains("Sample 2", Assert.Throws<ArgumentException>(() =>
            degradation.Apply(new AudioClip([0, 1, float.NaN], 8000), 1)).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void AStrengthOutOfRangeIsRefused(Degradation degradation) =>
        Assert.Single(Assert.Throws<OptionsException>(() => degradation.Apply(Tone(440), 1)).Problems);

    [Fact]
    public void EqualDegradationsAreEqualAndDifferentOnesHaveDifferentIdentities()
    {
        Assert.Equal(new AddedNoise(NoiseColour.Pink, 5), new AddedNoise(NoiseColour.Pink, 5));
        Degradation[] different = [.. WithoutCodecs.Select(row => row.Data), new AddedNoise(NoiseColour.White, 10.0001),
            new Gain(-6.0001), new CodecRoundTrip(LossyCodec.Aac, 64), new CodecRoundTrip(LossyCodec.Mp3, 64)];
        Assert.Equal(different.Length, different.Select(d => d.Identity).Distinct().Count());
    }

    [Fact]
    public void LabelsGiveNameAndStrength()
    {
        Assert.Equal("white noise, 10 dB", new AddedNoise(NoiseColour.White, 10).Label);
        Assert.Equal("lower sampling rate, 8 kHz", new RateRoundTrip(8000).Label);
        Assert.Equal("AMR narrowband, 12.2 kbit/s", new CodecRoundTrip(LossyCodec.AmrNarrowband, 12.2).Label);
    }
}
