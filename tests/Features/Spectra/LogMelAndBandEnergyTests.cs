using DeviceId.Audio;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Tests.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

/// <summary>Log mel energies, band energy differences, limited frequency ranges and level normalisation.</summary>
[Collection(TensorCollection.Name)]
public sealed class LogMelAndBandEnergyTests
{
    private const int Rate = 16000;

    [Fact]
    public void TheDctOfLogMelEnergiesIsTheCepstrum()
    {
        using var scope = NewDisposeScope();
        var options = MfccOptions.AsWritten with { Filters = 24, Coefficients = 24, Deltas = false };
        var cepstra = new Mfcc(options, CPU).Extract(Noise());
        var energies = new LogMelEnergies(new LogMelOptions { Filters = 24 }, CPU).Extract([Noise()])[0];
        Assert.Equal(cepstra.shape, energies.shape);

        // By definition c0 is the sum of the log energies divided by sqrt(24), and c1 weights them with the first cosine; in float32.
        var c0 = energies.sum([1]) / Math.Sqrt(24);
        Assert.InRange(GoldenMixtures.MaxDifference(c0, cepstra.narrow(1, 0, 1).squeeze(1)), 0, 1e-4);
        var cosine = tensor(Enumerable.Range(0, 24).Select(j => (float)(Math.Sqrt(2.0 / 24) * Math.Cos(Math.PI * (j + 0.5) / 24)))
            .ToArray());
        Assert.InRange(GoldenMixtures.MaxDifference(energies.mv(cosine), cepstra.narrow(1, 1, 1).squeeze(1)), 0, 1e-4);
    }

    [Fact]
    public void TheEnergyFallsAboveTheBandOfAToneAndRisesBelowIt()
    {
        using var scope = NewDisposeScope();
        // Eight bands of 1 kHz; the tone is at the centre of band 3.
        var differences = new BandEnergyDifference(new BandEnergyDifferenceOptions { Bands = 8 }, CPU).Extract([Tone(3500)])[0];
        Assert.Equal(7, differences.shape[1]);
        var proportions = differences.mean([0]);
        Assert.Equal(0, proportions[2].item<float>());
        Assert.Equal(1, proportions[3].item<float>());
    }

    [Fact]
    public void BandEnergyDifferencesDoNotDependOnGain()
    {
        using var scope = NewDisposeScope();
        var clip = Noise();
        var features = new BandEnergyDifference(new BandEnergyDifferenceOptions { Bands = 40 }, CPU);
        // Scaling by a power of two changes only the exponents of floating-point numbers.
        var quiet = clip with { Samples = [.. clip.Samples.Select(s => s / 64)] };
        Assert.True(features.Extract([clip])[0].Equals(features.Extract([quiet])[0]));
    }

    [Fact]
    public void SilenceGivesZeroAndAClipShorterThanAFrameHasNoRows()
    {
        using var scope = NewDisposeScope();
        var features = new BandEnergyDifference(new BandEnergyDifferenceOptions { Bands = 10 }, CPU);
        Assert.Equal(0, features.Extract([new AudioClip(new float[Rate], Rate)])[0].sum().item<float>());
        Assert.Equal([0, 9], features.Extract([new AudioClip(new float[10], Rate)])[0].shape);
    }

    [Fact]
    public void InvalidBandsAndNaNSamplesAreRefused()
    {
        Assert.Throws<OptionsException>(() => new BandEnergyDifference(new BandEnergyDifferenceOptions { Bands = 1 }, CPU));
        Assert.Contains("too many", Assert.Throws<ArgumentException>(() =>
            new BandEnergyDifference(new BandEnergyDifferenceOptions { Bands = 200 }, CPU).Extract([Noise()])).Message,
            StringComparison.Ordinal);
        var features = new BandEnergyDifference(new BandEnergyDifferenceOptions { Bands = 8 }, CPU);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => features.Extract([new AudioClip([float.NaN], Rate)])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void JoinedFeaturesAreConcatenated()
    {
        using var scope = NewDisposeScope();
        var (cepstra, bands) = (new Mfcc(MfccOptions.AsWritten, CPU),
            new BandEnergyDifference(new BandEnergyDifferenceOptions { Bands = 12 }, CPU));
        var joined = new JoinedFeatures(cepstra, bands);
        var both = joined.Extract([Noise()])[0];
        Assert.Equal(39 + 11, joined.Dimension);
        Assert.True(both.narrow(1, 0, 39).Equals(cepstra.Extract(Noise())));
        Assert.True(both.narrow(1, 39, 11).Equals(bands.Extract([Noise()])[0]));
        Assert.NotEqual(joined.Description,
            new JoinedFeatures(cepstra, new BandEnergyDifference(new BandEnergyDifferenceOptions { Bands = 13 }, CPU)).Description);
    }

    [Fact]
    public void GainAffectsOnlyC0AndLevelNormalisationRemovesIt()
    {
        using var scope = NewDisposeScope();
        var (loud, quiet) = (Noise(), Noise() with { Samples = [.. Noise().Samples.Select(s => s / 10)] });
        var plain = new Mfcc(MfccOptions.AsWritten with { Deltas = false }, CPU);
        var difference = plain.Extract(loud) - plain.Extract(quiet);
        var filters = MfccOptions.AsWritten.FiltersAt(Rate);

        // ln 10 in every filter is ln 10 sqrt(filters) in c0; float32 cepstra of size 100.
        Assert.InRange(GoldenMixtures.MaxDifference(difference.narrow(1, 0, 1),
            full_like(difference.narrow(1, 0, 1), Math.Log(10) * Math.Sqrt(filters))), 0, 1e-3);
        Assert.InRange(difference.narrow(1, 1, 12).abs().max().item<float>(), 0, 1e-3);
        var normalised = new Mfcc(MfccOptions.AsWritten with { Deltas = false, LevelNormalisation = true }, CPU);
        Assert.InRange(GoldenMixtures.MaxDifference(normalised.Extract(loud), normalised.Extract(quiet)), 0, 1e-3);
    }

    [Fact]
    public void ALimitedFilterBankHasNoWeightOutsideItsRange()
    {
        var bank = new FilterBank(20, 480, Rate, lowHertz: 1000, highHertz: 4000);
        for (var bin = 0; bin < bank.Bins; bin++)
        {
            var hertz = bin * (double)Rate / 480;
            var weight = Enumerable.Range(0, 20).Sum(filter => bank.Weights[filter, bin]);
            if (hertz is < 1000 or > 4000)
                Assert.Equal(0, weight);
        }

        Assert.InRange(bank.CentreHertz(0), 1000, 1200);
        Assert.InRange(bank.CentreHertz(19), 3500, 4000);
        Assert.Contains("8000 Hz", Assert.Throws<ArgumentException>(() => new FilterBank(20, 480, Rate, 0, 9000)).Message,
            StringComparison.Ordinal);
        Assert.Throws<OptionsException>(() => new Mfcc(MfccOptions.AsWritten with { LowHertz = 5000, HighHertz = 4000 }, CPU));
    }

    private static AudioClip Noise()
    {
        var random = new SplitMix64(3);
        return new AudioClip([.. Enumerable.Range(0, Rate).Select(_ => (float)(0.1 * random.Normal()))], Rate);
    }

    private static AudioClip Tone(double hertz) =>
        new([.. Enumerable.Range(0, Rate).Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * hertz * i / Rate)))], Rate);
}
