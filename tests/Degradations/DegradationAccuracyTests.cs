using DeviceId.Audio;
using DeviceId.Degradations;
using static DeviceId.Tests.Degradations.Sounds;

namespace DeviceId.Tests.Degradations;

/// <summary>The measured effect of a degradation agrees with its settings.</summary>
[Collection(TensorCollection.Name)]
public sealed class DegradationAccuracyTests
{
    [Theory]
    [InlineData(NoiseColour.White, 30)]
    [InlineData(NoiseColour.White, 0)]
    [InlineData(NoiseColour.Pink, 20)]
    [InlineData(NoiseColour.Pink, -5)]
    public void TheMeasuredSignalToNoiseRatioIsTheRequestedOne(NoiseColour colour, double decibels)
    {
        var clip = Babble();
        var noise = Noise(clip, colour, decibels);
        // The sum is in float32 (24 bits), so that the difference gives the noise with a relative error of about 1e-6.
        Assert.Equal(decibels, Decibels(MeanSquare(clip.Samples) / MeanSquare(noise.Samples)), 1e-3);
    }

    [Fact]
    public void WhiteNoiseIsFlatAndPinkNoiseFallsByThreeDecibelsAnOctave()
    {
        var clip = Babble(8);
        Assert.Equal(0, Slope(NoiseColour.White), 0.3);
        Assert.Equal(-10 * Math.Log10(2), Slope(NoiseColour.Pink), 0.3);

        // Slope in dB per octave over four octaves, from 500 Hz to 8 kHz. Each level averages thousands of values: about 0.1 dB of error.
        double Slope(NoiseColour colour)
        {
            var spectrum = DeviceId.Features.LongTermSpectrum.Compute(Noise(clip, colour, 0));
            double Level(double hertz) => Decibels(spectrum.Frequencies.Zip(spectrum.Levels)
                .Where(b => b.First > hertz / 1.2 && b.First < hertz * 1.2).Average(b => Math.Pow(10, b.Second / 10)));
            return (Level(8000) - Level(500)) / 4;
        }
    }

    [Theory]
    [InlineData(-20)]
    [InlineData(6)]
    public void GainIsExact(double decibels)
    {
        var clip = Babble();
        var factor = Math.Pow(10, decibels / 20);
        Assert.All(clip.Samples.Zip(new Gain(decibels).Apply(clip, 1).Samples),
            pair => Assert.Equal((float)(pair.First * factor), pair.Second));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(10)]
    public void TheRequestedProportionOfSamplesIsClippedAndNoOtherChanges(double percent)
    {
        var clip = Babble();
        var clipped = new Clipping(percent).Apply(clip, 1).Samples;
        var limit = clipped.Max(Math.Abs);
        var changed = clip.Samples.Zip(clipped).Where(pair => pair.First != pair.Second).ToList();
        Assert.Equal((int)Math.Round(percent / 100 * clip.Samples.Length), changed.Count);
        Assert.All(changed, pair => Assert.Equal(Math.Sign(pair.First) * limit, pair.Second));
        Assert.All(changed, pair => Assert.True(Math.Abs(pair.First) > limit));
    }

    [Fact]
    public void ATrimmedRecordingIsASegmentAndAShorterOneIsUnchanged()
    {
        var clip = Babble();
        var segment = new Trimming(0.5).Apply(clip, 5).Samples;
        Assert.Equal(16000, segment.Length);
        var start = clip.Samples.AsSpan().IndexOf(segment);
        Assert.InRange(start, 0, clip.Samples.Length - segment.Length);
        Assert.True(Enumerable.Range(0, 20).Select(seed => clip.Samples.AsSpan().IndexOf(new Trimming(0.5).Apply(clip, seed).Samples))
            .Distinct().Count() > 10, "the position does not depend on the seed");
        Assert.Same(clip, new Trimming(2).Apply(clip, 5));
    }

    [Fact]
    public void ARateOfEightKilohertzRemovesFrequenciesAboveFourAndKeepsThoseBelow()
    {
        Assert.Equal(0.25, Amplitude(new RateRoundTrip(8000).Apply(Tone(1000), 1), 1000), 0.25 * 0.003);
        Assert.Equal(0.25, Amplitude(new RateRoundTrip(8000).Apply(Tone(3200), 1), 3200), 0.25 * 0.003);
        // 80 dB attenuation in each direction (Resampler). The ends of the clip, where the tone starts and stops, are excluded.
        var above = new RateRoundTrip(8000).Apply(Tone(5000), 1);
        Assert.InRange(above.Samples[3200..^3200].Max(Math.Abs), 0, 0.25f * 1e-3f);
        var same = Tone(1000);
        Assert.Same(same, new RateRoundTrip(32000).Apply(same, 1));
    }

    [Theory]
    [InlineData(44100, 8000)]
    [InlineData(22050, 16000)]
    [InlineData(31999, 7001)]
    public void TheLengthIsKeptForAllRates(int rate, int lowerRate)
    {
        var clip = Tone(500, seconds: 0.777, rate: rate);
        Assert.Equal(clip.Samples.Length, new RateRoundTrip(lowerRate).Apply(clip, 1).Samples.Length);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.8)]
    public void AReverberationDecaysBySixtyDecibelsInTheDecayTime(double seconds)
    {
        var response = ImpulseResponse(seconds);
        // Schroeder's backward integration, evaluated from -5 to -25 dB (T20 of ISO 3382). With thousands of independent values the error
        // is a few per cent.
        var energy = new List<double> { 0 };
        foreach (var h in response.Skip(1).Reverse())
            energy.Add(energy[^1] + ((double)h * h));
        energy.Reverse();
        int FirstBelow(double decibels) => energy.FindIndex(e => Decibels(e / energy[0]) <= decibels);
        Assert.Equal(seconds, (FirstBelow(-25) - FirstBelow(-5)) / 32000.0 * 3, 0.1 * seconds);
    }

    [Fact]
    public void TheTailHasTheEnergyOfTheDirectSoundAndTheLevelIsKept()
    {
        var response = ImpulseResponse(0.5);
        Assert.Equal(1, response.Skip(1).Sum(h => (double)h * h) / ((double)response[0] * response[0]), 1e-3);
        var clip = Babble();
        var reverberant = new Reverberation(0.5).Apply(clip, 1);
        Assert.Equal(1, MeanSquare(reverberant.Samples) / MeanSquare(clip.Samples), 1e-4);
        // Half of the energy is direct sound, so the correlation is about sqrt(0.5), up to the random correlation of the tail.
        Assert.Equal(Math.Sqrt(0.5), Correlation(clip.Samples, reverberant.Samples, 0), 0.08);
    }

    private static AudioClip Noise(AudioClip clip, NoiseColour colour, double decibels) =>
        clip with
        {
            Samples = [.. new AddedNoise(colour, decibels).Apply(clip, 11).Samples.Zip(clip.Samples, (sum, sample) => sum - sample)],
        };

    /// <summary>Impulse response of a reverberation, up to a factor.</summary>
    private static float[] ImpulseResponse(double seconds)
    {
        var impulse = new float[(int)(32000 * seconds) + 2];
        impulse[0] = 1;
        return new Reverberation(seconds).Apply(new AudioClip(impulse, 32000), 9).Samples;
    }
}
