using DeviceId.Corpora;
using DeviceId.Foundation;
using DeviceId.Identification;
using static TorchSharp.torch;

namespace DeviceId.Tests.Identification;

[Collection(TensorCollection.Name)]
public sealed class WccnCosineScorerTests
{
    private const int Bands = 12;
    private readonly SplitMix64 _random = new(7);

    [Fact]
    public void CopiesOfRecordingsCanBeFitted()
    {
        var random = new Random(1);
        var spectra = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 80).Select(_ => random.NextDouble()).ToArray())
            .SelectMany(s => new[] { s, s }).ToList();
        var scorer = WccnCosineScorer.Fit(spectra, [0, 0, 1, 1, 2, 2, 3, 3], 4);
        for (var i = 0; i < spectra.Count; i++)
        {
            Assert.Equal(i / 2, scorer.Similarities(spectra[i]).Index().MaxBy(s => s.Item).Index);
            Assert.Equal(0, scorer.Distance(spectra[i]), 1e-6);
        }
    }

    [Fact]
    public void RecordingsAreMostSimilarToTheirOwnDeviceAndUnknownDevicesToNone()
    {
        var means = Enumerable.Range(0, 9).Select(_ => Noise(1)).ToList();
        var (spectra, devices) = Recordings(means.Take(6), 4);
        var scorer = WccnCosineScorer.Fit(spectra, devices, 6);
        for (var device = 0; device < 6; device++)
        {
            var similarities = scorer.Similarities(Recording(means[device]));
            Assert.Equal(device, Array.IndexOf(similarities, similarities.Max()));
            Assert.InRange(similarities[device], 0.9, 1);
        }

        foreach (var unknown in means.Skip(6))
            Assert.InRange(scorer.Similarities(Recording(unknown)).Max(), -1, 0.85);
    }

    [Fact]
    public void DirectionsWithLargeWithinDeviceVarianceHaveLittleWeight()
    {
        // Two bands distinguish the devices; the first also varies between recordings, ten times as much as between devices.
        List<double[]> means = [[1, 1], [1, -1], [-1, 1], [-1, -1]];
        var spectra = new List<double[]>();
        var devices = new List<int>();
        for (var device = 0; device < means.Count; device++)
            for (var i = 0; i < 50; i++)
            {
                spectra.Add([means[device][0] + (10 * Normal()), means[device][1] + (0.1 * Normal())]);
                devices.Add(device);
            }

        var similarities = WccnCosineScorer.Fit(spectra, devices, 4).Similarities([-10, 1]);
        // Far away along the first band, on the side of devices 2 and 3; the second band indicates device 0 or 2.
        Assert.True(Math.Min(similarities[0], similarities[2]) > Math.Max(similarities[1], similarities[3]),
            string.Join(", ", similarities));
    }

    [Fact]
    public void TheDistanceIsInWithinDeviceStandardDeviationsAndLargeForNoise()
    {
        var means = Enumerable.Range(0, 6).Select(_ => Noise(1)).ToList();
        var (spectra, devices) = Recordings(means, 40);
        var scorer = WccnCosineScorer.Fit(spectra, devices, 6);
        // With forty recordings per device the covariance is nearly the true one, and the root mean square of new distances is nearly 1.
        Assert.InRange(Math.Sqrt(Enumerable.Range(0, 200).Average(i => Math.Pow(scorer.Distance(Recording(means[i % 6])), 2))), 0.85, 1.15);
        Assert.InRange(scorer.Distance([.. Recording(means[0]).Select((v, i) => v + (i < Bands / 2 ? 3 : -3))]), 5, 1000);
        using var scope = NewDisposeScope();
        Assert.Equal(scorer.Distance(means[0]), WccnCosineScorer.Restore(scorer.State(), 6, Bands).Distance(means[0]));
    }

    [Fact]
    public void AScorerIsRestoredFromItsStateAndDamagedStatesAreRefused()
    {
        var (spectra, devices) = Recordings([Noise(1), Noise(1), Noise(1)], 3);
        var scorer = WccnCosineScorer.Fit(spectra, devices, 3);
        using var scope = NewDisposeScope();
        var state = scorer.State();
        var questioned = Noise(1);
        Assert.Equal(scorer.Similarities(questioned), WccnCosineScorer.Restore(state, 3, Bands).Similarities(questioned));
        Assert.Throws<ArgumentException>(() => WccnCosineScorer.Restore(state, 4, Bands));
        Assert.Throws<ArgumentException>(() => WccnCosineScorer.Restore([.. state.Skip(1)], 3, Bands));
        Assert.Throws<ArgumentException>(() =>
            WccnCosineScorer.Restore([.. state, ("more", zeros(1, dtype: ScalarType.Float64))], 3, Bands));
        Assert.Throws<ArgumentException>(() =>
            WccnCosineScorer.Restore([state[0], state[1], ("spectra", full([3, Bands], double.NaN, dtype: ScalarType.Float64))], 3, Bands));
    }

    [Fact]
    public void TooFewDevicesOrRecordingsAreRefused()
    {
        var (spectra, devices) = Recordings([Noise(1), Noise(1)], 3);
        Assert.Throws<ArgumentException>(() => WccnCosineScorer.Fit(spectra, devices, 2));
        (spectra, devices) = Recordings([Noise(1), Noise(1), Noise(1)], 1);
        Assert.Throws<ArgumentException>(() => WccnCosineScorer.Fit(spectra, devices, 3));
        Assert.Throws<ArgumentException>(() => WccnCosineScorer.Fit(spectra, devices, 4));
    }

    [Fact]
    public void ASpectrumDoesNotDependOnLevelOrDigitalSilence()
    {
        using var scope = NewDisposeScope();
        var frames = randn(20, Bands);
        var silence = full([5, Bands], -40f);
        var expected = (frames.mean([0]) - frames.mean()).data<float>().Select(v => (double)v).ToArray();
        foreach (var equivalent in new[] { frames, frames + 3, cat([silence, frames, silence], 0) })
        {
            // Rounding of sums of twenty single-precision values.
            Assert.All(WccnCosineScorer.Spectrum(equivalent).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        }

        Assert.All(WccnCosineScorer.Spectrum(silence), v => Assert.Equal(0, v));
        Assert.Equal(Bands, WccnCosineScorer.Spectrum(empty([0L, Bands])).Length);
    }

    [Fact]
    public void EveryRecordingIsTestedOnceAsUnknownByAScorerThatWasNotTrainedOnItsSentence()
    {
        var recordings = Enumerable.Range(0, 10)
            .SelectMany(d => Enumerable.Range(0, 4).Select(s => new Recording($"/{d}/{s}", $"device {d}", $"{s}", $"{d} {s}", 16000, 4)))
            .ToList();
        var corpus = new Corpus("c", recordings, []);
        var means = corpus.Devices.ToDictionary(d => d, _ => Noise(1));
        var spectra = recordings.ToDictionary(r => r.Path, r => Recording(means[r.Device]));
        var trials = HeldOutTrials.Run(Folds.Grouped(corpus, 2, 1), spectra, 1);
        Assert.Equal(40 * 5, trials.Count);
        Assert.All(trials.GroupBy(t => t.Recording.Path), g => Assert.Equal(1, g.Count(t => !t.IsKnown)));
        Assert.All(trials, t => Assert.Equal(8, t.Devices.Count));
        Assert.All(trials.SelectMany(t => t.Comparisons.Select(c => (Trial: t, Comparison: c))),
            pair => Assert.Equal(pair.Trial.IsKnown, pair.Comparison.TrueDevice == pair.Comparison.ClaimedDevice));
        // A scorer must not depend on held-out sentences: changing all spectra of one of them must not change the results of the others.
        var changed = spectra.ToDictionary(s => s.Key, s => s.Key.EndsWith("/0", StringComparison.Ordinal) ? Noise(1) : s.Value);
        var fold = Folds.Grouped(corpus, 2, 1).First(f => f.Test.Recordings.Any(r => r.Sentence == "0"));
        var before = HeldOutTrials.Run([fold], spectra, 1).Where(t => t.Recording.Sentence != "0").Select(t => t.Similarities);
        Assert.Equal(before, HeldOutTrials.Run([fold], changed, 1).Where(t => t.Recording.Sentence != "0").Select(t => t.Similarities));
    }

    [Fact]
    public void TooFewDevicesGiveNoTrials()
    {
        var recordings = Enumerable.Range(0, 3)
            .SelectMany(d => Enumerable.Range(0, 4).Select(s => new Recording($"/{d}/{s}", $"device {d}", $"{s}", $"{d} {s}", 16000, 4)))
            .ToList();
        var corpus = new Corpus("c", recordings, []);
        Assert.Empty(HeldOutTrials.Run(Folds.Grouped(corpus, 2, 1), recordings.ToDictionary(r => r.Path, _ => Noise(1)), 1));
        Assert.Null(SimilarityCalibration.Fit([]));
    }

    [Fact]
    public void DevicesAreRelatedByTheirNames()
    {
        Assert.Equal(DeviceRelation.SameDevice, new VerificationTrial("IPHONE6", "1", "IPHONE6", 0).Relation());
        Assert.Equal(DeviceRelation.OtherUnit, new VerificationTrial("IPHONE6", "1", "IPHONE6(2)", 0).Relation());
        Assert.Equal(DeviceRelation.OtherModel, new VerificationTrial("IPHONE6", "1", "IPHONEX", 0).Relation());
        Assert.Equal(DeviceRelation.OtherBrand, new VerificationTrial("IPHONE6", "1", "vivo_x7", 0).Relation());
    }

    private (List<double[]> Spectra, List<int> Devices) Recordings(IEnumerable<double[]> means, int each)
    {
        var all = means.SelectMany((mean, device) => Enumerable.Range(0, each).Select(_ => (Spectrum: Recording(mean), device))).ToList();
        return ([.. all.Select(r => r.Spectrum)], [.. all.Select(r => r.device)]);
    }

    private double[] Recording(double[] device) => [.. device.Select(v => v + (0.1 * Normal()))];

    private double[] Noise(double std) => [.. Enumerable.Range(0, Bands).Select(_ => std * Normal())];

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.Uniform())) * Math.Cos(2 * Math.PI * _random.Uniform());
}
