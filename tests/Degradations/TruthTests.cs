using DeviceId.Audio;
using DeviceId.Degradations;
using static DeviceId.Tests.Degradations.Sounds;

namespace DeviceId.Tests.Degradations;

/// <summary>What is asked for is what is measured afterwards.</summary>
[Collection(TensorCollection.Name)]
public sealed class TruthTests
{
    [Theory]
    [InlineData(NoiseColour.White, 30)]
    [InlineData(NoiseColour.White, 0)]
    [InlineData(NoiseColour.Pink, 20)]
    [InlineData(NoiseColour.Pink, -5)]
    public void TheSignalToNoiseRatioIsTheOneAskedFor(NoiseColour colour, double decibels)
    {
        var clip = Babble();
        var noise = Noise(clip, colour, decibels);
        // Single precision keeps 24 bits of the sum; the noise that comes back is exact to 1e-6 of it and more.
        Assert.Equal(decibels, Decibels(MeanSquare(clip.Samples) / MeanSquare(noise.Samples)), 1e-3);
    }

    [Fact]
    public void WhiteNoiseIsFlatAndPinkNoiseFallsByThreeDecibelsAnOctave()
    {
        var clip = Babble(8);
        Assert.Equal(0, Slope(NoiseColour.White), 0.3);
        Assert.Equal(-10 * Math.Log10(2), Slope(NoiseColour.Pink), 0.3);

        // From the octave around 500 Hz to that around 8 kHz: four octaves. Each holds thousands of independent values: 0.1 dB of chance.
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
    public void TheShareOfSamplesThatIsAskedForIsCutAndNoOtherIsTouched(double percent)
    {
        var clip = Babble();
        var cut = new Clipping(percent).Apply(clip, 1).Samples;
        var most = cut.Max(Math.Abs);
        var changed = clip.Samples.Zip(cut).Where(pair => pair.First != pair.Second).ToList();
        Assert.Equal((int)Math.Round(percent / 100 * clip.Samples.Length), changed.Count);
        Assert.All(changed, pair => Assert.Equal(Math.Sign(pair.First) * most, pair.Second));
        Assert.All(changed, pair => Assert.True(Math.Abs(pair.First) > most));
    }

    [Fact]
    public void ATrimmedRecordingIsAPieceOfTheWholeAndAShorterOneStays()
    {
        var clip = Babble();
        var piece = new Trimming(0.5).Apply(clip, 5).Samples;
        Assert.Equal(16000, piece.Length);
        var start = clip.Samples.AsSpan().IndexOf(piece);
        Assert.InRange(start, 0, clip.Samples.Length - piece.Length);
        Assert.True(Enumerable.Range(0, 20).Select(seed => clip.Samples.AsSpan().IndexOf(new Trimming(0.5).Apply(clip, seed).Samples))
            .Distinct().Count() > 10, "the place does not depend on the seed");
        Assert.Same(clip, new Trimming(2).Apply(clip, 5));
    }

    [Fact]
    public void EightKilohertzLeaveNothingAboveFourAndKeepWhatIsBelow()
    {
        Assert.Equal(0.25, Amplitude(new RateRoundTrip(8000).Apply(Tone(1000), 1), 1000), 0.25 * 0.003);
        Assert.Equal(0.25, Amplitude(new RateRoundTrip(8000).Apply(Tone(3200), 1), 3200), 0.25 * 0.003);
        // 80 dB down in each direction (Resampler); the ends of the clip, where the tone is switched, are broad-band and left out.
        var above = new RateRoundTrip(8000).Apply(Tone(5000), 1);
        Assert.InRange(above.Samples[3200..^3200].Max(Math.Abs), 0, 0.25f * 1e-3f);
        var same = Tone(1000);
        Assert.Same(same, new RateRoundTrip(32000).Apply(same, 1));
    }

    [Theory]
    [InlineData(44100, 8000)]
    [InlineData(22050, 16000)]
    [InlineData(31999, 7001)]
    public void TheLengthStaysWhateverTheRates(int rate, int between)
    {
        var clip = Tone(500, seconds: 0.777, rate: rate);
        Assert.Equal(clip.Samples.Length, new RateRoundTrip(between).Apply(clip, 1).Samples.Length);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.8)]
    public void ARoomDecaysBySixtyDecibelsInItsTime(double seconds)
    {
        var response = Room(seconds);
        // Schroeder's backward integration; the slope is read between -5 and -25 dB (ISO 3382's T20), here over thousands of independent
        // values: a few per cent of chance.
        var energy = response.Skip(1).Reverse()
            .Aggregate(new List<double> { 0 }, (sums, h) => { sums.Add(sums[^1] + ((double)h * h)); return sums; });
        energy.Reverse();
        int Reached(double decibels) => energy.FindIndex(e => Decibels(e / energy[0]) <= decibels);
        Assert.Equal(seconds, (Reached(-25) - Reached(-5)) / 32000.0 * 3, 0.1 * seconds);
    }

    [Fact]
    public void TheTailHasTheEnergyOfTheDirectSoundAndLoudnessStays()
    {
        var response = Room(0.5);
        Assert.Equal(1, response.Skip(1).Sum(h => (double)h * h) / ((double)response[0] * response[0]), 1e-3);
        var clip = Babble();
        var wet = new Reverberation(0.5).Apply(clip, 1);
        Assert.Equal(1, MeanSquare(wet.Samples) / MeanSquare(clip.Samples), 1e-4);
        // Half of the energy is the direct sound, at its time: a correlation of the root of a half, give or take the tail's chance.
        Assert.Equal(Math.Sqrt(0.5), Correlation(clip.Samples, wet.Samples, 0), 0.08);
    }

    private static AudioClip Noise(AudioClip clip, NoiseColour colour, double decibels) =>
        clip with
        {
            Samples = [.. new AddedNoise(colour, decibels)
            .Apply(clip, 11).Samples.Zip(clip.Samples, (sum, sample) => sum - sample)]
        };

    /// <summary>What becomes of an impulse: the impulse response, up to one factor.</summary>
    private static float[] Room(double seconds)
    {
        var impulse = new float[(int)(32000 * seconds) + 2];
        impulse[0] = 1;
        return new Reverberation(seconds).Apply(new AudioClip(impulse, 32000), 9).Samples;
    }
}
