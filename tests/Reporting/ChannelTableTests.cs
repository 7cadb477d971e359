using DeviceId.Audio;
using DeviceId.Features;
using DeviceId.Reporting;

namespace DeviceId.Tests.Reporting;

[Collection(TensorCollection.Name)]
public sealed class ChannelTableTests
{
    private const int Rate = 16_000;

    [Fact]
    public void AFilterShiftsCepstraConstantlyCmvnRemovesTheShiftAndTheSameRecordingDoesNotMove()
    {
        var clip = Noise();
        var filtered = Filter(clip);
        var plain = MfccOptions.AsWritten with { Deltas = false };
        var (shift, share) = ChannelTable.Measure(plain, clip, filtered);
        var (shiftWithout, shareWithout) = ChannelTable.Measure(plain with { Cmvn = true }, clip, filtered);
        // White noise has a flat spectrum: the filter's cepstrum is added, up to what a band's filters smear.
        Assert.True(shift > 1, $"shift {shift}");
        Assert.True(share > 0.95, $"share {share}");
        // CMVN makes both means zero, up to float32.
        Assert.Equal(0, shiftWithout, 1e-4);
        Assert.Equal(0, shareWithout, 1e-4);
        Assert.Equal((0, 0), ChannelTable.Measure(plain, clip, clip));
    }

    [Fact]
    public void AGainMovesTheFirstCepstrumAloneByAKnownAmount()
    {
        var clip = Noise();
        var louder = clip with { Samples = [.. clip.Samples.Select(x => 2 * x)] };
        var one = MfccOptions.AsWritten with { Deltas = false, Coefficients = 1 };
        using var c0 = one.Create(TorchSharp.torch.CPU).Extract([clip])[0];
        // Twice the amplitude adds ln 2 to each of the filters, and sqrt(filters) ln 2 to the orthonormal c0.
        var expected = Math.Sqrt(one.FiltersAt(Rate)) * Math.Log(2) / c0.std().item<float>();
        var (shift, share) = ChannelTable.Measure(one, clip, louder);
        Assert.Equal(expected, shift, 1e-3 * expected);
        Assert.Equal(1, share, 1e-6);
    }

    [Fact]
    public void BothRecordingsMustMatchAndHaveTwoFrames()
    {
        var clip = Noise();
        (string, FeatureOptions)[] features = [("MFCC", MfccOptions.AsWritten)];
        Assert.Throws<ArgumentException>(() => ResultTables.ChannelEffect(features, clip, clip with { SampleRate = 8000 }));
        Assert.Throws<ArgumentException>(() => ResultTables.ChannelEffect(features, clip, clip with { Samples = clip.Samples[1..] }));
        var tiny = clip with { Samples = clip.Samples[..480] };
        Assert.Throws<ArgumentException>(() => ResultTables.ChannelEffect(features, tiny, tiny));
    }

    [Fact]
    public void EveryFilterOfABankIsALineWhoseLargestWeightIsOne()
    {
        var bank = MfccOptions.AsWritten.FiltersFor(Rate)!;
        var figure = Assert.IsType<Figure>(Charts.FilterBanks("banks", [("mel", bank), ("linear", MfccOptions.Lfcc.FiltersFor(Rate)!)]));
        Assert.Equal(["mel: 29 filters", "linear: 29 filters"], figure.Panels.Select(panel => panel.Title));
        var lines = figure.Panels[0].Marks.Select(mark => Assert.IsType<LineMark>(mark)).ToList();
        Assert.Equal(bank.CentreHertz.Count, lines.Count);
        Assert.All(lines, line => Assert.Equal(1, line.Y.Max()));
        Assert.All(lines.Zip(bank.CentreHertz), pair =>
            Assert.InRange(pair.Second / 1000, pair.First.X.Min() - 1e-3, pair.First.X.Max() + 1e-3));
        Assert.Throws<ArgumentException>(() => Charts.FilterBanks("none", []));
    }

    private static AudioClip Noise()
    {
        var random = new Random(1);
        return new AudioClip([.. Enumerable.Range(0, 2 * Rate).Select(_ => (float)(random.NextDouble() - 0.5))], Rate);
    }

    private static AudioClip Filter(AudioClip clip) =>
        clip with { Samples = [.. clip.Samples.Select((x, t) => x - (t > 0 ? 0.7f * clip.Samples[t - 1] : 0))] };
}
