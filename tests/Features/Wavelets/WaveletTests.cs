using DeviceId.Audio;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class WaveletTests
{
    private static readonly WaveletOptions Energies = WaveletOptions.Packets with { Bands = 12, Coefficients = null, Deltas = false };

    /// <summary>Orthonormal to shifts by two, sum sqrt(2), as many vanishing moments; for N = 2 the closed form.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(10)]
    public void TheFiltersAreOrthonormalAndHaveTheirVanishingMoments(int moments)
    {
        var h = Daubechies.LowPass(moments);
        Assert.Equal(2 * moments, h.Length);
        Assert.Equal(Math.Sqrt(2), h.Sum(), 1e-12);
        for (var shift = 0; shift < moments; shift++)
            Assert.Equal(shift == 0 ? 1 : 0, h.Skip(2 * shift).Zip(h, (a, b) => a * b).Sum(), 1e-9);
        var g = Daubechies.HighPass(h);
        Assert.Equal(0, g.Zip(h, (a, b) => a * b).Sum(), 1e-12);
        // Moments about the middle, on a scale where the samples lie between -1 and 1.
        for (var power = 0; power < moments; power++)
            Assert.Equal(0, g.Select((value, k) => value * Math.Pow((k + 0.5 - moments) / moments, power)).Sum(), 1e-7);
    }

    [Fact]
    public void TwoVanishingMomentsHaveTheClosedForm()
    {
        double[] expected = [1 + Math.Sqrt(3), 3 + Math.Sqrt(3), 3 - Math.Sqrt(3), 1 - Math.Sqrt(3)];
        var scaled = expected.Select(value => value / (4 * Math.Sqrt(2))).ToArray();
        Assert.InRange(SlowFeatures.MaxDifference(scaled, Daubechies.LowPass(2)), 0, 1e-12);
    }

    /// <summary>
    /// The tree in plain loops, found band by band; a short band whose filter is longer than itself is among them. Tolerance: float32.
    /// </summary>
    [Theory]
    [InlineData(WaveletTree.Mel, 12)]
    [InlineData(WaveletTree.Dyadic, 6)]
    public void EnergiesAgreeWithAPlainProgram(WaveletTree tree, int bands)
    {
        var clip = SlowFeatures.Bursts(1200);
        var options = Energies with { Tree = tree, Bands = bands };
        var leaves = WaveletBand.Divide(tree, bands, 5, 8000);
        Assert.Equal(5, leaves.Max(leaf => leaf.Depth));
        var h = Daubechies.LowPass(8);
        double[][] filters = [h, [.. h.Select((_, k) => (k % 2 == 0 ? 1 : -1) * h[15 - k])]];
        var expected = SlowFeatures.Frames(clip, 240, 120).Select(frame =>
        {
            // 240 samples become 256: a multiple of 2^5.
            var windowed = frame.Select((s, i) => s * (0.5 - 0.5 * Math.Cos(2 * Math.PI * i / 240))).Concat(new double[16]).ToArray();
            return leaves.Select(leaf => 0.5 * Math.Log(Band(windowed, leaf, filters).Average(value => value * value))).ToArray();
        }).ToArray();
        Assert.InRange(SlowFeatures.MaxDifference(expected, SlowFeatures.Extract(options, clip)), 0, 1e-5);

        var cepstra = SlowFeatures.Extract(options with { Coefficients = 5 }, clip);
        Assert.InRange(SlowFeatures.MaxDifference([.. expected.Select(row => SlowFeatures.Dct(row, 5))], cepstra), 0, 1e-4);
    }

    [Fact]
    public void TheBandsAddUpToTheEnergyOfTheFrame()
    {
        var clip = SlowFeatures.Noise(1200);
        var leaves = WaveletBand.Divide(WaveletTree.Mel, 12, 5, 8000);
        var rows = SlowFeatures.Extract(Energies, clip);
        var frames = SlowFeatures.Frames(clip, 240, 120);
        for (var t = 0; t < frames.Length; t++)
        {
            var energy = frames[t].Select((s, i) => Math.Pow(s * (0.5 - 0.5 * Math.Cos(2 * Math.PI * i / 240)), 2)).Sum();
            var sum = rows[t].Select((value, band) => Math.Exp(2 * value) * (256 >> leaves[band].Depth)).Sum();
            Assert.Equal(1, sum / energy, 1e-5);
        }
    }

    /// <summary>The order of bands by frequency, where decimation has mirrored every second one.</summary>
    [Theory]
    [InlineData(WaveletTree.Mel, 24)]
    [InlineData(WaveletTree.Dyadic, 7)]
    public void AToneIsLoudestInTheBandThatHoldsIt(WaveletTree tree, int bands)
    {
        var options = Energies with { Tree = tree, Bands = bands, FrameMilliseconds = 64 };
        var responses = options.FiltersFor(32000);
        for (var band = 0; band < bands; band++)
        {
            var hertz = responses.CentreHertz[band];
            var tone = new AudioClip([.. Enumerable.Range(0, 2048).Select(n => (float)Math.Sin(2 * Math.PI * hertz * n / 32000))], 32000);
            var row = Assert.Single(SlowFeatures.Extract(options, tone)).ToList();
            Assert.Equal(band, row.IndexOf(row.Max()));
        }
    }

    [Fact]
    public void PacketsFollowTheMelScaleAndCoverTheWholeBand()
    {
        var leaves = WaveletBand.Divide(WaveletTree.Mel, 24, 9, 32000);
        Assert.Equal(24, leaves.Count);
        Assert.Equal(1, leaves.Sum(leaf => Math.Pow(2, -leaf.Depth)), 1e-12);
        for (var i = 1; i < leaves.Count; i++)
            Assert.Equal(leaves[i - 1].Hertz(1, 32000), leaves[i].Hertz(0, 32000), 1e-9);
        Assert.True(leaves[0].Depth > leaves[^1].Depth);
        Assert.Equal([6, 6, 5, 4, 3, 2, 1], WaveletBand.Divide(WaveletTree.Dyadic, 7, 9, 32000).Select(leaf => leaf.Depth));
    }

    /// <summary>Tolerance: neighbouring bands overlap, and a band is wide against the slope of the response.</summary>
    [Fact]
    public void AConstantChannelAddsItsLogResponse()
    {
        var clip = SlowFeatures.Noise(80000);
        var difference = SlowFeatures.Means(SlowFeatures.Extract(Energies, SlowFeatures.Channel(clip, 0.5)))
            .Zip(SlowFeatures.Means(SlowFeatures.Extract(Energies, clip)), (with, without) => with - without).ToArray();
        var expected = WaveletBand.Divide(WaveletTree.Mel, 12, 5, 8000).Select(leaf => 0.5 * Math.Log(Enumerable.Range(0, 100)
            .Average(i => Math.Exp(2 * SlowFeatures.LogResponse(0.5, 2 * Math.PI * leaf.Hertz((i + 0.5) / 100, 8000) / 8000))))).ToArray();
        Assert.InRange(SlowFeatures.MaxDifference(expected, difference), 0, 0.06);
        Assert.True(Math.Abs(difference[0] - difference[^1]) > 0.5);
    }

    [Fact]
    public void SettingsThatDoNotFitAreRefused()
    {
        var invalid = new WaveletOptions { Tree = (WaveletTree)4, Bands = 1, Coefficients = 2, VanishingMoments = 11 };
        Assert.Equal(4, Assert.Throws<OptionsException>(invalid.Validate).Problems.Count);
        var many = WaveletOptions.Dyadic with { Bands = 9 };
        Assert.Contains("9 bands", Assert.Throws<ArgumentException>(() => many.Create(CPU).Extract([SlowFeatures.Noise(1000)])).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Halves a signal along the way to a band: the high-pass filter gives the upper half, or in an odd band the lower.</summary>
    private static double[] Band(double[] values, WaveletBand leaf, double[][] filters)
    {
        for (var depth = 1; depth <= leaf.Depth; depth++)
        {
            var isUpper = (leaf.Position >> (leaf.Depth - depth)) % 2 == 1;
            var isOdd = (leaf.Position >> (leaf.Depth - depth + 1)) % 2 == 1;
            var filter = filters[isUpper == isOdd ? 0 : 1];
            var before = values;
            values = [.. Enumerable.Range(0, before.Length / 2)
                .Select(i => filter.Select((f, k) => f * before[(2 * i + k) % before.Length]).Sum())];
        }

        return values;
    }
}
